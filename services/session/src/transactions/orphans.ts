import type { MessageFacts } from '@ocpp-csms/calls';
import { boundedKey } from '@ocpp-csms/storage';
import type { SessionContext } from '../context.ts';
import type { FlagCode } from '../flags.ts';
import type { OrphanTable, SessionDatabase } from '../schema.ts';
import { addEvidence } from './evidence.ts';
import type { Stop } from './stop.ts';

function keyOf({ transactionId, idToken, meterStop, time }: Stop): string {
  return boundedKey(JSON.stringify([transactionId ?? null, idToken?.toLowerCase() ?? null, meterStop, time.raw]));
}

/** The stop that came before with the same contents. */
export async function findOrphan(database: SessionDatabase, stop: Stop): Promise<OrphanTable | undefined> {
  return database
    .selectFrom('orphan_message')
    .selectAll()
    .where('client', '=', stop.client)
    .where('orphan_key', '=', keyOf(stop))
    .executeTakeFirst();
}

/** Keeps a stop that names no transaction of this charge point: for review, and so that its repeat is known. */
export async function keepOrphan(
  database: SessionDatabase,
  stop: Stop,
  { flags, adoptedBy }: { flags: readonly FlagCode[]; adoptedBy?: string },
  { facts, context }: { facts: MessageFacts; context: SessionContext },
): Promise<void> {
  const id = context.newId();
  await database
    .insertInto('orphan_message')
    .values({
      id,
      client: stop.client,
      orphan_key: keyOf(stop),
      message_type: facts.envelope.body.messageType,
      transaction_id: stop.transactionId === undefined ? null : String(stop.transactionId),
      id_token: stop.idToken ?? null,
      stopped_at: stop.time.at,
      meter_stop_wh: stop.meterStop,
      request: JSON.stringify(facts.envelope.body.messageBody),
      flags: JSON.stringify([...flags, ...stop.time.flags]),
      received_at: stop.receivedAt,
      envelope_id: facts.envelope.id,
      adopted_by: adoptedBy ?? null,
    })
    .execute();
  await addEvidence(database, adoptedBy ?? id, facts);
}
