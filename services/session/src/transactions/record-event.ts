import type { MessageFacts } from '@ocpp-csms/calls';
import { boundedKey } from '@ocpp-csms/storage';
import { findToken, tokenKey } from '../authorization/token-store.ts';
import type { SessionContext } from '../context.ts';
import { type FlagCode, isDisputing, parseFlags, withFlags } from '../flags.ts';
import { readMeterValues } from '../meter-values/read-meter-values.ts';
import { summariseRegister } from '../meter-values/register-summary.ts';
import { remoteStartById } from '../remote-control/remote-starts.ts';
import { useReservation } from '../reservation/reservation-store.ts';
import type { SessionDatabase, TransactionTable } from '../schema.ts';
import { energyOf } from './energy.ts';
import { addEvidence } from './evidence.ts';
import { eventDataOf, findTransaction, insertTransaction, nothingKnown, updateTransaction } from './ledger.ts';
import { type LedgerEvent, type Merged, mergeEvent, noEvents } from './merge-events.ts';
import { type EventRequest, readEvent } from './read-event.ts';
import { supersede } from './supersede.ts';

interface Recording {
  said: EventRequest;
  facts: MessageFacts;
  context: SessionContext;
}

/**
 * Takes an event into the ledger: once for each sequence number, in any order. Ended always counts, and nothing that
 * comes after it in time of arrival opens the transaction again (field-faults row 42). Returns the ledger's row.
 */
export async function recordEvent(database: SessionDatabase, recording: Recording): Promise<TransactionTable> {
  const { said, facts, context } = recording;
  const transactionId = boundedKey(said.transactionInfo?.transactionId ?? '');
  const client = facts.networkId;
  const known = await findTransaction(database, { client, dialect: '2.x', transactionId });
  const read = readEvent(said, facts.receivedAt, context.plausibleTimes);
  const isNewSeqNo = !(await hasSeqNo(database, { client, transactionId, seqNo: read.seqNo }));
  if (!(await insertEvent(database, transactionId, read, recording)) && known !== undefined) {
    await addEvidence(database, known.id, facts, { repeated: true });
    return known;
  }
  const before = known ?? newRow(transactionId, facts, context);
  const merged = mergeEvent(known?.merged ? (JSON.parse(known.merged) as Merged) : noEvents, { ...read, isNewSeqNo });
  await keepMeterValues(database, transactionId, recording);
  const row = await rowOf(database, before, merged, context);
  if (known === undefined) await insertTransaction(database, row);
  else await updateTransaction(database, row.id, row);
  await addEvidence(database, row.id, facts);
  await linkEvent(database, { before: known, row, event: read }, recording);
  return row;
}

async function hasSeqNo(
  database: SessionDatabase,
  { client, transactionId, seqNo }: { client: string; transactionId: string; seqNo: number },
): Promise<boolean> {
  const row = await database
    .selectFrom('transaction_event')
    .select('seq_no')
    .where('client', '=', client)
    .where('transaction_id', '=', transactionId)
    .where('seq_no', '=', seqNo)
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether it was new. */
async function insertEvent(
  database: SessionDatabase,
  transactionId: string,
  event: Omit<LedgerEvent, 'isNewSeqNo'>,
  { said, facts }: Recording,
): Promise<boolean> {
  const inserted = await database
    .insertInto('transaction_event')
    .values({
      client: facts.networkId,
      transaction_id: transactionId,
      seq_no: event.seqNo,
      event_type: event.type,
      timestamp_raw: boundedKey(event.raw),
      happened_at: event.at,
      received_at: facts.receivedAt,
      envelope_id: facts.envelope.id,
      trigger_reason: said.triggerReason ?? null,
      charging_state: event.chargingState ?? null,
      offline: said.offline === true ? 1 : 0,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('seq_no')
    .executeTakeFirst();
  return inserted !== undefined;
}

async function keepMeterValues(database: SessionDatabase, transactionRef: string, { said, facts, context }: Recording) {
  const { envelope, networkId, receivedAt } = facts;
  const source = {
    envelopeId: envelope.id,
    networkId,
    receivedAt,
    messageType: 'TransactionEvent',
    transactionRef,
    outlet: said.evse?.id,
  };
  context.meterValues.add(source, readMeterValues(said.meterValue ?? [], receivedAt, context.plausibleTimes));
  await context.meterValues.flush(database);
}

function newRow(
  transactionId: string,
  { networkId, version, receivedAt }: MessageFacts,
  context: SessionContext,
): TransactionTable {
  return {
    ...nothingKnown,
    id: context.newId(),
    client: networkId,
    dialect: '2.x',
    protocol: version,
    transaction_id: transactionId,
    active: 1,
    started_at: receivedAt,
    started_at_raw: null,
    start_received_at: receivedAt,
    flags: '[]',
    updated_at: context.clock.now().toISOString(),
  };
}

/** The row that the events amount to. What commands and other transactions said of it stays. */
async function rowOf(
  database: SessionDatabase,
  before: TransactionTable,
  merged: Merged,
  context: SessionContext,
): Promise<TransactionTable> {
  const { value: begin } = merged.started ?? merged.earliest ?? { value: undefined };
  const ended = merged.ended?.value;
  const idToken = merged.idToken?.value;
  const isSuperseded = parseFlags(before.flags).some((flag) => flag === 'no-stop-received' || flag === 'late-stop');
  const row: TransactionTable = {
    ...before,
    evse_id: merged.evseId?.value ?? null,
    connector_id: merged.connectorId?.value ?? null,
    id_token: idToken?.idToken ?? null,
    token_key: idToken ? tokenKey(idToken.idToken) : null,
    id_token_type: idToken?.type ?? null,
    active: ended === undefined && !isSuperseded ? 1 : 0,
    started_at: begin?.at ?? before.started_at,
    started_at_raw: begin?.raw ?? null,
    start_received_at: begin?.receivedAt ?? before.start_received_at,
    stopped_at: ended?.at ?? null,
    stopped_at_raw: ended?.raw ?? null,
    stop_received_at: ended?.receivedAt ?? null,
    // E07.FR.04: without a reason it is Local.
    reason: ended === undefined ? null : (ended.reason ?? 'Local'),
    stop_id_token: merged.stopToken?.value.idToken ?? null,
    charging_state: merged.chargingState?.value ?? null,
    reservation_id: merged.reservationId?.value ?? null,
    offline: merged.flags.includes('offline') ? 1 : 0,
    merged: JSON.stringify(merged),
    updated_at: context.clock.now().toISOString(),
  };
  const flags: FlagCode[] = [...merged.flags, ...sequenceFlags(merged)];
  if (isSuperseded) flags.push(ended === undefined ? 'no-stop-received' : 'late-stop');
  return ended === undefined ? { ...row, ...flagged(flags) } : finished(database, row, merged, flags);
}

function sequenceFlags({ seqNos, highestSeqNo, started, flags }: Merged): FlagCode[] {
  const missing: FlagCode[] = [];
  // E01.FR.07 (numbers count from 0 in each transaction): an event without a number counts for none of them.
  const numbered = seqNos - (flags.includes('no-seqno') ? 1 : 0);
  if (numbered < highestSeqNo + 1) missing.push('missing-events');
  if (started === undefined) missing.push('no-started-event');
  return missing;
}

async function finished(
  database: SessionDatabase,
  row: TransactionTable,
  merged: Merged,
  flags: FlagCode[],
): Promise<TransactionTable> {
  const stoppedAt = row.stopped_at ?? row.started_at;
  const samples = await summariseRegister(database, { client: row.client, transactionRef: row.transaction_id });
  const times = { startedAt: row.started_at, stoppedAt };
  const energy = energyOf({ meterStartWh: null, meterStopWh: null, samples, ...times });
  if (stoppedAt < row.started_at) flags.push('stop-before-start');
  if (await isStoppedByOther(database, merged)) flags.push('stopped-by-other-token');
  return {
    ...row,
    meter_start_wh: energy.fromWh,
    meter_stop_wh: energy.toWh,
    energy_wh: energy.energyWh,
    ...flagged([...flags, ...energy.flags]),
  };
}

function flagged(flags: readonly FlagCode[]): Pick<TransactionTable, 'flags' | 'disputed'> {
  const all = withFlags(flags);
  return { flags: JSON.stringify(all), disputed: all.some(isDisputing) ? 1 : 0 };
}

/** C09.FR.03: a token of the same group may end it. */
async function isStoppedByOther(database: SessionDatabase, { idToken, stopToken }: Merged): Promise<boolean> {
  if (idToken === undefined || stopToken === undefined) return false;
  const [began, ended] = [idToken.value.idToken, stopToken.value.idToken];
  if (ended === '' || tokenKey(began) === tokenKey(ended)) return false;
  const group = (await findToken(database, began))?.parentIdToken;
  const other = (await findToken(database, ended))?.parentIdToken;
  return group === undefined || other === undefined || tokenKey(group) !== tokenKey(other);
}

interface Recorded {
  before: TransactionTable | undefined;
  row: TransactionTable;
  event: Omit<LedgerEvent, 'isNewSeqNo'>;
}

/** What the event changes around its transaction. */
async function linkEvent(database: SessionDatabase, { before, row, event }: Recorded, { facts, context }: Recording) {
  if (before === undefined) facts.emit('TransactionStarted', eventDataOf(row));
  // A queued Started says nothing of what goes on at the EVSE now.
  if (event.type === 'Started' && !event.flags.includes('offline')) await supersede(database, row, row.updated_at);
  if (event.remoteStartId !== undefined && row.remote_start === null) {
    const remoteStart = await remoteStartById(database, row, event.remoteStartId);
    if (remoteStart) await updateTransaction(database, row.id, { remote_start: JSON.stringify(remoteStart) });
  }
  if (event.reservationId !== undefined) await useReservation(database, row, facts, context);
  if (row.stopped_at !== null && (before === undefined || before.stopped_at === null)) {
    facts.emit('TransactionEnded', eventDataOf(row));
  }
}
