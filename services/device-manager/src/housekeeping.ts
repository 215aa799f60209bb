import type { Settings } from '@ocpp-csms/config';
import type { Clock } from '@ocpp-csms/runtime';
import type { Database } from '@ocpp-csms/storage';
import { sql } from 'kysely';
import type { DeviceSchema } from './schema.ts';

/** Deleting what nobody looks for any more is in nobody's way. */
const besideOthers = { beside: [] };
const dayMs = 86_400_000;
/** A CALL is not delivered again after this long. */
const outcomeDays = 7;
/**
 * What charge points fill, with how many rows each may have, and by which column the latest are told. More than any
 * sane charge point has of what describes it: a mad one must not fill the disk.
 */
const bounded = [
  { table: 'security_event', key: 'security_event_id', latest: 'security_event_id', most: 1000 },
  { table: 'data_transfer', key: 'data_transfer_id', latest: 'data_transfer_id', most: 1000 },
  { table: 'status_job', key: 'job_id', latest: 'job_id', most: 1000 },
  { table: 'configuration', key: 'name', latest: 'at', most: 10_000 },
  { table: 'charging_profile', key: 'profile_id', latest: 'at', most: 1000 },
  { table: 'certificate', key: 'certificate_key', latest: 'at', most: 1000 },
  { table: 'template_write', key: 'name', latest: 'at', most: 1000 },
] as const;
type Bounded = (typeof bounded)[number];

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

  /** Counting is done beside the writes; they wait only for what is to go. */
  async function trim({ table, key, latest, most }: Bounded): Promise<void> {
    const tooMany = await sql<{ network_id: string }>`select network_id from ${sql.table(table)}
      group by network_id having count(*) > ${most} limit 1000`.execute(database.read);
    for (const { network_id } of tooMany.rows) {
      await database.write(
        (tx) =>
          sql`delete from ${sql.table(table)} where network_id = ${network_id} and ${sql.ref(key)} in (
          select ${sql.ref(key)} from ${sql.table(table)} where network_id = ${network_id}
          order by ${sql.ref(latest)} desc, ${sql.ref(key)} desc limit 1000000 offset ${most})`.execute(tx),
        { beside: [network_id] },
      );
    }
  }

  return async () => {
    const { commandRetentionDays } = settings.deviceManager;
    await database.write(async (tx) => {
      await tx.deleteFrom('outcome').where('decided_at', '<', daysAgo(outcomeDays)).execute();
      if (commandRetentionDays > 0)
        await tx.deleteFrom('command').where('finished_at', '<', daysAgo(commandRetentionDays)).execute();
    }, besideOthers);
    for (const kind of bounded) await trim(kind);
  };
}
