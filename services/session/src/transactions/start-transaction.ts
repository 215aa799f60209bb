import type { MessageFacts } from '@ocpp-csms/calls';
import { checkToken } from '../authorization/check-token.ts';
import { idTagInfoOf } from '../authorization/id-token-info.ts';
import { tokenKey } from '../authorization/token-store.ts';
import type { SessionContext } from '../context.ts';
import { type FlagCode, parseFlags, withFlags } from '../flags.ts';
import { onCall } from '../handlers.ts';
import { remoteStartFor } from '../remote-control/remote-starts.ts';
import { useReservation } from '../reservation/reservation-store.ts';
import type { SessionDatabase, TransactionTable } from '../schema.ts';
import { adoptOrphan } from './adopt-orphan.ts';
import { addEvidence } from './evidence.ts';
import { eventDataOf, insertTransaction, nothingKnown, updateTransaction } from './ledger.ts';
import { readStart, type Start } from './read-start.ts';
import { findSameStart } from './same-start.ts';
import { supersede } from './supersede.ts';

/**
 * 1.6 §4.8. Always answered with an id, whatever is wrong with the token or the data (field-faults row 43); a repeat
 * gets the id that the first one got, also after the stop (rows 33, 34).
 */
export const startTransaction = onCall(['ocpp1.6'], 'StartTransaction', async ({ request, ...facts }, context) => {
  const start = readStart(request, facts, context);
  const database = await context.begin();
  const same = await findSameStart(database, start);
  const known = same.transaction;
  const decision = await checkToken(
    { idToken: start.idToken },
    { action: 'StartTransaction', charges: { exceptId: known?.id } },
    facts,
    context,
  );
  const idTagInfo = idTagInfoOf(decision);
  if (known !== undefined) {
    await noteRepeat(database, known, start, facts);
    return { transactionId: Number(known.transaction_id), idTagInfo };
  }

  const transactionId = await context.transactionIds.next(database);
  const row: TransactionTable = {
    ...nothingKnown,
    id: context.newId(),
    client: facts.networkId,
    dialect: '1.6',
    protocol: facts.version,
    transaction_id: String(transactionId),
    start_key: start.key,
    start_generation: same.generation,
    connector_id: start.connectorId,
    id_token: start.idToken,
    token_key: tokenKey(start.idToken),
    parent_id_token: decision.token?.parentIdToken ?? null,
    authorization_status: decision.status,
    active: 1,
    started_at: start.time.at,
    started_at_raw: start.time.raw,
    start_received_at: facts.receivedAt,
    meter_start_wh: start.meterStart,
    reservation_id: start.reservationId,
    flags: JSON.stringify(withFlags(same.flags, ...start.time.flags, ...refusalFlag(decision.status))),
    updated_at: context.clock.now().toISOString(),
  };
  await insertTransaction(database, row);
  await addEvidence(database, row.id, facts);
  await linkStart(database, row, facts, context);
  return { transactionId, idTagInfo };
});

function refusalFlag(status: string): FlagCode[] {
  return status === 'Accepted' ? [] : ['token-refused'];
}

async function noteRepeat(database: SessionDatabase, known: TransactionTable, { time }: Start, facts: MessageFacts) {
  await addEvidence(database, known.id, facts, { repeated: true });
  if (!time.flags.includes('implausible-time')) return;
  const flags = JSON.stringify(withFlags(parseFlags(known.flags), 'weak-clock'));
  await updateTransaction(database, known.id, { flags });
}

/** What a new transaction changes around it. */
async function linkStart(
  database: SessionDatabase,
  row: TransactionTable,
  facts: MessageFacts,
  context: SessionContext,
) {
  await supersede(database, row, row.updated_at);
  const remoteStart = await remoteStartFor(database, row);
  if (remoteStart !== undefined) {
    await updateTransaction(database, row.id, { remote_start: JSON.stringify(remoteStart) });
  }
  if (row.reservation_id !== null) await useReservation(database, row, facts, context);
  facts.emit('TransactionStarted', eventDataOf(row));
  await adoptOrphan(database, row, facts, context);
}
