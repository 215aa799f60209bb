import type { MessageFacts } from '@ocpp-csms/calls';
import { checkToken } from '../authorization/check-token.ts';
import { idTagInfoOf } from '../authorization/id-token-info.ts';
import type { SessionContext } from '../context.ts';
import { parseFlags, withFlags } from '../flags.ts';
import { onCall } from '../handlers.ts';
import { type MeterValueGroup, readMeterValues } from '../meter-values/read-meter-values.ts';
import type { SessionDatabase, TransactionTable } from '../schema.ts';
import { type ReadTime, readTime } from '../times.ts';
import { addEvidence } from './evidence.ts';
import { findStopped, type Stopped } from './find-stopped.ts';
import { updateTransaction } from './ledger.ts';
import { keepOrphan } from './orphans.ts';
import { applyStop, type Stop } from './stop.ts';

/** 1.6 §4.10: we cannot prevent a stop, and always answer it without an error, whatever it names. */
export const stopTransaction = onCall(['ocpp1.6'], 'StopTransaction', async ({ request, ...facts }, context) => {
  const said: StopRequest = request;
  const time = readTime(said.timestamp, facts.receivedAt, context.plausibleTimes);
  const stop = stopOf(said, { client: facts.networkId, receivedAt: facts.receivedAt, time });
  const database = await context.begin();
  const stopped = await findStopped(database, stop);
  await keepStop(database, stopped, { stop, groups: said.transactionData ?? [], facts, context });
  if (stop.idToken === undefined) return {};
  const decision = await checkToken({ idToken: stop.idToken }, { action: 'StopTransaction' }, facts, context);
  return { idTagInfo: idTagInfoOf(decision) };
});

/** What the schema requires may be missing all the same. */
export interface StopRequest {
  transactionId?: number;
  idTag?: string;
  meterStop?: number;
  timestamp?: string;
  reason?: string;
  transactionData?: readonly MeterValueGroup[];
}

export function stopOf(
  { transactionId, idTag, meterStop, reason }: StopRequest,
  { client, receivedAt, time }: { client: string; receivedAt: string; time: ReadTime },
): Stop {
  return {
    client,
    receivedAt,
    time,
    meterStop: meterStop ?? null,
    reason: reason ?? null,
    ...(transactionId === undefined ? {} : { transactionId }),
    ...(idTag === undefined || idTag === '' ? {} : { idToken: idTag }),
  };
}

interface StopMessage {
  stop: Stop;
  groups: readonly MeterValueGroup[];
  facts: MessageFacts;
  context: SessionContext;
}

async function keepStop(database: SessionDatabase, stopped: Stopped, message: StopMessage): Promise<void> {
  const { stop, facts } = message;
  switch (stopped.kind) {
    case 'named':
      if (stopped.row.stopped_at !== null) return noteRepeatedStop(database, stopped.row, message);
      await addEvidence(database, stopped.row.id, facts);
      return end(database, stopped.row, message, []);
    case 'matched':
      await keepOrphan(database, stop, { flags: ['matched-without-id'], adoptedBy: stopped.row.id }, message);
      return end(database, stopped.row, message, ['matched-without-id']);
    case 'repeated':
      return addEvidence(database, stopped.orphan.adopted_by ?? stopped.orphan.id, facts, { repeated: true });
    case 'orphan':
      message.context.log.warn(
        {
          networkId: stop.client,
          msgId: facts.envelope.body.msgId,
          transactionId: stop.transactionId,
          flag: stopped.flag,
        },
        'A stop names no transaction of this charge point; it is kept for review (GET /session/transactions/orphans)',
      );
      await keepData(database, String(stop.transactionId ?? ''), message);
      return keepOrphan(database, stop, { flags: [stopped.flag] }, message);
  }
}

async function end(
  database: SessionDatabase,
  row: TransactionTable,
  message: StopMessage,
  because: readonly 'matched-without-id'[],
) {
  await keepData(database, row.transaction_id, message);
  await applyStop(database, row, message.stop, because, message);
}

/** transactionData, and what else of this batch the energy may depend on. */
async function keepData(database: SessionDatabase, transactionRef: string, { groups, facts, context }: StopMessage) {
  const { envelope, networkId, receivedAt } = facts;
  const source = {
    envelopeId: envelope.id,
    networkId,
    receivedAt,
    messageType: 'StopTransaction',
    transactionRef,
  };
  context.meterValues.add(source, readMeterValues(groups, receivedAt, context.plausibleTimes));
  await context.meterValues.flush(database);
}

async function noteRepeatedStop(database: SessionDatabase, row: TransactionTable, { stop, facts }: StopMessage) {
  await addEvidence(database, row.id, facts, { repeated: true });
  const isSame = row.stopped_at_raw === stop.time.raw && row.meter_stop_wh === stop.meterStop;
  if (isSame) return;
  const flags = JSON.stringify(withFlags(parseFlags(row.flags), 'conflicting-stop'));
  await updateTransaction(database, row.id, { flags });
}
