import type { MessageFacts } from '@ocpp-csms/calls';
import type { SessionContext } from '../context.ts';
import { onMessage } from '../handlers.ts';
import type { SessionDatabase } from '../schema.ts';

/** A boot tells a new session from a repeat where the clock is not set (field-faults rows 33, 35), and which version is spoken. */
export const bootNotification = onMessage(['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'], 'BootNotification', noteBoot);

async function noteBoot({ networkId, version, receivedAt }: MessageFacts, context: SessionContext): Promise<void> {
  const database = await context.begin();
  const seen = { protocol: version, booted_at: receivedAt };
  await database
    .insertInto('charge_point')
    .values({ client: networkId, ...seen })
    // An older one may be delivered again.
    .onConflict((conflict) =>
      conflict.column('client').doUpdateSet(seen).where('charge_point.booted_at', '<', receivedAt),
    )
    .execute();
}

/** ISO 8601 UTC of the last boot, as far as we saw one. */
export async function lastBootOf(database: SessionDatabase, client: string): Promise<string | undefined> {
  const row = await database
    .selectFrom('charge_point')
    .select('booted_at')
    .where('client', '=', client)
    .executeTakeFirst();
  return row?.booted_at;
}
