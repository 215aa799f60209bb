import { callChargePointOver } from '@ocpp-csms/calls';
import type { ApiContext } from '../api-context.ts';
import { listTokens, type Token, tokenKey } from '../authorization/token-store.ts';
import { callOrProblem, statusIn } from '../call-or-problem.ts';
import { resolveChargePoint } from '../resolve-charge-point.ts';
import type { SessionDatabase } from '../schema.ts';
import { spokenVersion } from '../spoken-version.ts';
import { type ListMessage, type UpdateMode, write2x, write16 } from './list-message.ts';
import { differenceOf, type ListChanges, listFor } from './local-list.ts';
import { findLocalList, keepAccepted, type LocalList } from './local-list-store.ts';

export interface ListOrder {
  chargePoint: string;
  mode: UpdateMode;
  /** A long list goes out in several messages, for charge points with a SendLocalListMaxLength. */
  entriesPerMessage: number;
  requestedBy: string;
}

export interface ListOutcome {
  networkId: string;
  /** As the charge point said: Accepted, Failed, NotSupported or VersionMismatch; `Unchanged` when there was nothing to send. */
  status: string;
  /** What was sent in the end: a differential one may turn out to have to be full. */
  mode: UpdateMode;
  version: number;
  entries: number;
}

/** Sends what the charge point should have in its list. Throws a `Problem` when it could not be asked. */
export async function sendList(order: ListOrder, context: ApiContext): Promise<ListOutcome> {
  const { database, bus } = context;
  const chargePoint = await resolveChargePoint(bus, order.chargePoint);
  const is16 = (await spokenVersion(database.read, chargePoint)) === 'ocpp1.6';
  const { networkId } = chargePoint;
  const wanted = listFor(networkId, await allTokens(database.read), { is16 });
  const known = await findLocalList(database.read, networkId);
  const target = { networkId, is16, order, context };
  if (order.mode === 'Differential' && isCurrent(known)) {
    const outcome = await sendChanges(target, known, 'Differential', differenceOf(known.entries, wanted));
    // The charge point has another list than we think (D01.FR.04): it gets the whole one.
    if (outcome.status !== 'VersionMismatch') return outcome;
  }
  return sendChanges(target, known, 'Full', { entries: wanted, removed: [] });
}

/** A difference makes sense to what the charge point has, as far as it has told. */
function isCurrent({ version, reportedVersion = version }: LocalList): boolean {
  return version > 0 && version === reportedVersion;
}

interface Target {
  networkId: string;
  is16: boolean;
  order: ListOrder;
  context: ApiContext;
}

async function sendChanges(
  target: Target,
  known: LocalList,
  mode: UpdateMode,
  changes: ListChanges,
): Promise<ListOutcome> {
  const { networkId, order } = target;
  const parts = partsOf(changes, order.entriesPerMessage);
  if (mode === 'Differential' && parts.length === 0) {
    return { networkId, status: 'Unchanged', mode, version: known.version, entries: 0 };
  }
  let version = Math.max(known.version, known.reportedVersion ?? 0, 0);
  let status = 'Accepted';
  let entries = 0;
  for (const [index, part] of (parts.length === 0 ? [nothing] : parts).entries()) {
    version++;
    status = await sendMessage(target, { ...part, version, mode: index === 0 ? mode : 'Differential' });
    if (status !== 'Accepted') break;
    entries += part.entries.length + part.removed.length;
  }
  return { networkId, status, mode, version, entries };
}

const nothing: ListChanges = { entries: [], removed: [] };

async function sendMessage({ networkId, is16, order, context }: Target, message: ListMessage): Promise<string> {
  const { bus, database, clock } = context;
  const payload = is16 ? write16(message) : write2x(message);
  const { requestedBy } = order;
  const call = { chargePoint: networkId, action: 'SendLocalList', payload, requestedBy };
  const { response } = await callOrProblem(callChargePointOver(bus), call);
  const status = statusIn(response);
  const at = clock.now().toISOString();
  if (status === 'Accepted') {
    await database.write(async (transaction) => {
      // The answer may have come by MessagesIn already.
      const { version } = await findLocalList(transaction, networkId);
      if (version !== message.version) await keepAccepted(transaction, networkId, message, at);
    });
  }
  return status;
}

function partsOf({ entries, removed }: ListChanges, size: number): ListChanges[] {
  const parts: ListChanges[] = [];
  for (let start = 0; start < entries.length + removed.length; start += size) {
    const end = start + size;
    const from = Math.max(start - entries.length, 0);
    const to = Math.max(end - entries.length, 0);
    parts.push({ entries: entries.slice(start, end), removed: removed.slice(from, to) });
  }
  return parts;
}

const tokensPerQuery = 1000;

async function allTokens(database: SessionDatabase): Promise<Token[]> {
  const tokens: Token[] = [];
  for (;;) {
    const last = tokens.at(-1);
    const after = last && tokenKey(last.idToken);
    const some = await listTokens(database, { limit: tokensPerQuery, after });
    tokens.push(...some);
    if (some.length < tokensPerQuery) return tokens;
  }
}
