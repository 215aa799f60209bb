import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { readAdminKey } from './admin-key.ts';
import type { SeenTransaction } from './load.ts';
import type { LedgerEntry, LoggedMessage } from './registry.ts';
import type { RunningCsms } from './running-csms.ts';

/** What a charge point saw with its own eyes. */
export interface Witness {
  readonly networkId: string;
  /** The CALLs that were answered, over all connections. */
  readonly answered: readonly { msgId: string; action: string }[];
  readonly transactions: readonly SeenTransaction[];
}

export interface Comparison {
  /** In words, one for each thing that is lost, there twice, or different. Empty: nothing is. */
  problems: string[];
  answered: number;
  transactions: number;
  /** CALLs that are in the log and whose answer never reached the charge point: it said them again. */
  storedUnanswered: number;
}

/**
 * Every answered CALL is in the exported message log exactly once, every acknowledged transaction in the exported
 * ledger exactly once, with the same id and the same Wh, closed and undisputed; and nothing else is in the ledger.
 */
export async function compareWithExport(csms: RunningCsms, witnesses: readonly Witness[]): Promise<Comparison> {
  const { problems, storedUnanswered } = await compareLog(csms, witnesses);
  const byNetworkId = new Map(witnesses.map((witness) => [witness.networkId, witness]));
  const ledger = new Map<string, LedgerEntry[]>();
  for await (const entry of exported<LedgerEntry & { networkId: string }>(csms, '/session/transactions/export')) {
    if (!byNetworkId.has(entry.networkId)) continue;
    const own = ledger.get(entry.networkId);
    if (own === undefined) ledger.set(entry.networkId, [entry]);
    else own.push(entry);
  }
  for (const witness of witnesses) problems.push(...compareLedger(witness, ledger.get(witness.networkId) ?? []));
  return {
    problems,
    answered: total(witnesses, ({ answered }) => answered.length),
    transactions: total(witnesses, ({ transactions }) => transactions.length),
    storedUnanswered,
  };
}

function total(witnesses: readonly Witness[], count: (witness: Witness) => number): number {
  return witnesses.reduce((sum, witness) => sum + count(witness), 0);
}

async function compareLog(csms: RunningCsms, witnesses: readonly Witness[]) {
  const problems: string[] = [];
  const ids = new Set<string>();
  const calls = new Map(witnesses.map(({ networkId }) => [networkId, new Map<string, number>()]));
  for await (const { id, client, origin, body } of exported<LoggedMessage>(csms, '/message-manager/messages/export')) {
    if (ids.size === ids.add(id).size) problems.push(`the log has envelope ${id} twice`);
    const own = origin === 'client' && body.direction === 2 ? calls.get(client) : undefined;
    own?.set(body.msgId, (own.get(body.msgId) ?? 0) + 1);
  }
  let storedUnanswered = 0;
  for (const { networkId, answered } of witnesses) {
    const times = calls.get(networkId);
    for (const { msgId, action } of answered) {
      const logged = times?.get(msgId) ?? 0;
      if (logged !== 1)
        problems.push(`${networkId}: ${action} ${msgId} was answered and is in the log ${logged} times`);
    }
    storedUnanswered += (times?.size ?? 0) - new Set(answered.map(({ msgId }) => msgId)).size;
  }
  return { problems, storedUnanswered };
}

function compareLedger({ networkId, transactions }: Witness, ledger: readonly LedgerEntry[]): string[] {
  const problems: string[] = [];
  const inLedger = Map.groupBy(ledger, ({ transactionId }) => String(transactionId));
  const seen = new Set<string>();
  for (const { transactionId, energyWh } of transactions) {
    if (seen.size === seen.add(transactionId).size) problems.push(`${networkId}: id ${transactionId} was given twice`);
    const [entry, ...more] = inLedger.get(transactionId) ?? [];
    const about = `${networkId}: transaction ${transactionId}`;
    if (entry === undefined) problems.push(`${about} was acknowledged and is not in the ledger`);
    else if (more.length > 0) problems.push(`${about} is in the ledger ${more.length + 1} times`);
    else if (entry.energyWh !== energyWh)
      problems.push(`${about} has ${entry.energyWh} Wh in the ledger, ${energyWh} Wh at the charge point`);
    else if (entry.active || entry.disputed)
      problems.push(`${about} is ${entry.active ? 'open' : 'disputed'} in the ledger`);
  }
  for (const transactionId of inLedger.keys()) {
    if (!seen.has(transactionId)) problems.push(`${networkId}: the ledger has ${transactionId}, which nobody had`);
  }
  return problems;
}

/** The lines of an NDJSON export, one by one: it may be larger than the longest string. */
export async function* exported<Item>({ httpUrl, dataDir }: RunningCsms, path: string): AsyncGenerator<Item> {
  const response = await fetch(httpUrl + path, {
    headers: { authorization: `Bearer ${await readAdminKey(dataDir)}` },
    signal: AbortSignal.timeout(300_000),
  });
  if (!response.ok || response.body === null) throw new Error(`GET ${path}: ${response.status}`);
  const lines = createInterface({ input: Readable.fromWeb(response.body as ReadableStream) });
  for await (const line of lines) if (line !== '') yield JSON.parse(line);
}
