import type { MessageFacts } from '@ocpp-csms/calls';
import { findToken, tokenKey } from '../authorization/token-store.ts';
import type { SessionContext } from '../context.ts';
import { type FlagCode, isDisputing, parseFlags, withFlags, withoutFlags } from '../flags.ts';
import { summariseRegister } from '../meter-values/register-summary.ts';
import type { SessionDatabase, TransactionTable } from '../schema.ts';
import type { ReadTime } from '../times.ts';
import { energyOf } from './energy.ts';
import { eventDataOf, updateTransaction } from './ledger.ts';

/** What a 1.6 StopTransaction says. */
export interface Stop {
  client: string;
  /** As sent; absent when it was not. */
  transactionId?: number;
  idToken?: string;
  meterStop: number | null;
  reason: string | null;
  time: ReadTime;
  receivedAt: string;
}

/** Ends the transaction in the ledger. Meter values that came with the stop are to be flushed before. */
export async function applyStop(
  database: SessionDatabase,
  row: TransactionTable,
  stop: Stop,
  because: readonly FlagCode[],
  { facts, context }: { facts: Pick<MessageFacts, 'emit'>; context: SessionContext },
): Promise<void> {
  const samples = await summariseRegister(database, { client: row.client, transactionRef: row.transaction_id });
  const { energyWh, flags } = energyOf({
    meterStartWh: row.meter_start_wh,
    meterStopWh: stop.meterStop,
    samples,
    startedAt: row.started_at,
    stoppedAt: stop.time.at,
  });
  const fromSamples: FlagCode[] =
    (row.meter_start_wh === null || stop.meterStop === null) && energyWh !== null ? ['meter-from-samples'] : [];
  const all = withFlags(
    withoutFlags(parseFlags(row.flags), 'no-stop-received'),
    ...because,
    ...stop.time.flags,
    ...flags,
    ...fromSamples,
    ...(row.active === 0 ? (['late-stop'] as const) : []),
    ...(stop.time.at < row.started_at ? (['stop-before-start'] as const) : []),
    ...((await isOtherToken(database, row, stop)) ? (['stopped-by-other-token'] as const) : []),
  );
  const changes = {
    active: 0,
    stopped_at: stop.time.at,
    stopped_at_raw: stop.time.raw,
    stop_received_at: stop.receivedAt,
    meter_stop_wh: stop.meterStop,
    energy_wh: energyWh,
    disputed: all.some(isDisputing) ? 1 : 0,
    // 1.6 §4.10: without a reason it is Local.
    reason: stop.reason ?? 'Local',
    stop_id_token: stop.idToken ?? null,
    flags: JSON.stringify(all),
    updated_at: context.clock.now().toISOString(),
  };
  await updateTransaction(database, row.id, changes);
  facts.emit('TransactionEnded', eventDataOf({ ...row, ...changes }));
}

/** A token that neither began the transaction nor is of its group: recorded, and the owner's bill is as it is. */
async function isOtherToken(database: SessionDatabase, row: TransactionTable, { idToken }: Stop): Promise<boolean> {
  if (idToken === undefined || idToken === '' || tokenKey(idToken) === row.token_key) return false;
  const token = await findToken(database, idToken);
  const parent = token?.parentIdToken;
  return parent === undefined || row.parent_id_token === null || tokenKey(parent) !== tokenKey(row.parent_id_token);
}
