import type { Settings } from '@ocpp-csms/config';
import type { Clock } from '@ocpp-csms/runtime';
import type { Database } from '@ocpp-csms/storage';
import { sql } from 'kysely';
import type { DeviceSchema } from './schema.ts';

const dayMs = 86_400_000;
/** A CALL is not delivered again after this long. */
const outcomeDays = 7;
/** Kept of each kind for each charge point. */
const keptRows = 1000;

const bounded = [
  ['security_event', 'security_event_id'],
  ['data_transfer', 'data_transfer_id'],
  ['status_job', 'job_id'],
] as const;

/** Deletes what is older or more than is kept. */
export function createHousekeeping({
  database,
  clock,
  settings,
}: {
  database: Database<DeviceSchema>;
  clock: Clock;
  settings: Settings;
}): () => Promise<void> {
  const daysAgo = (days: number) => new Date(clock.now().getTime() - days * dayMs).toISOString();
  return async () => {
    const { commandRetentionDays } = settings.deviceManager;
    await database.write(async (tx) => {
      await tx.deleteFrom('outcome').where('decided_at', '<', daysAgo(outcomeDays)).execute();
      if (commandRetentionDays > 0)
        await tx.deleteFrom('command').where('finished_at', '<', daysAgo(commandRetentionDays)).execute();
      for (const [table, id] of bounded) {
        await sql`delete from ${sql.table(table)} where ${sql.ref(id)} in (
          select ${sql.ref(id)} from (
            select ${sql.ref(id)}, row_number() over (partition by network_id order by ${sql.ref(id)} desc) as place from ${sql.table(table)}
          ) as ranked where place > ${keptRows})`.execute(tx);
      }
    });
  };
}
