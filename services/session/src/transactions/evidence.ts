import type { MessageFacts } from '@ocpp-csms/calls';
import type { SessionDatabase } from '../schema.ts';

/** A charge point may repeat a message for ever; the log of messages has them all. */
const mostRepeats = 100;

/** Notes that a message had part in a transaction, or in an orphan; of its repeats the first hundred. */
export async function addEvidence(
  database: SessionDatabase,
  subjectId: string,
  { envelope, receivedAt }: Pick<MessageFacts, 'envelope' | 'receivedAt'>,
  { repeated = false }: { repeated?: boolean } = {},
): Promise<void> {
  if (repeated && (await repeatsOf(database, subjectId)) >= mostRepeats) return;
  await database
    .insertInto('evidence')
    .values({
      subject_id: subjectId,
      envelope_id: envelope.id,
      message_type: envelope.body.messageType,
      received_at: receivedAt,
      repeated: repeated ? 1 : 0,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function repeatsOf(database: SessionDatabase, subjectId: string): Promise<number> {
  const { repeats } = await database
    .selectFrom('evidence')
    .select(({ fn }) => fn.countAll<number>().as('repeats'))
    .where('subject_id', '=', subjectId)
    .where('repeated', '=', 1)
    .executeTakeFirstOrThrow();
  return Number(repeats);
}

export interface Evidence {
  envelopeId: string;
  messageType: string;
  receivedAt: string;
  repeated: boolean;
}

/** In the order of arrival. */
export async function evidenceOf(database: SessionDatabase, subjectId: string, limit: number): Promise<Evidence[]> {
  const rows = await database
    .selectFrom('evidence')
    .selectAll()
    .where('subject_id', '=', subjectId)
    .orderBy('received_at')
    .orderBy('envelope_id')
    .limit(limit)
    .execute();
  return rows.map(({ envelope_id, message_type, received_at, repeated }) => ({
    envelopeId: envelope_id,
    messageType: message_type,
    receivedAt: received_at,
    repeated: repeated === 1,
  }));
}

/** What was collected for an orphan now speaks for the transaction that it belongs to. */
export async function moveEvidence(database: SessionDatabase, from: string, to: string): Promise<void> {
  await database.updateTable('evidence').set({ subject_id: to }).where('subject_id', '=', from).execute();
}
