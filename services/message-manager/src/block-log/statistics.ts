import type { Database } from '@ocpp-csms/storage';
import { type Kysely, sql } from 'kysely';
import type { StoreStatistics } from '../log-store.ts';
import { timeText } from '../message.ts';
import { dialectOf } from './dialect.ts';
import type { LogSchema } from './schema.ts';

export async function readStatistics(database: Database<LogSchema>): Promise<StoreStatistics> {
  const { rows } = await sql<{ rows: number; oldest: number | null; newest: number | null }>`
    SELECT s.messages + coalesce((SELECT sum(count) FROM blocks WHERE seq > s.indexed_to), 0) AS rows,
      (SELECT first_time FROM block_refs ORDER BY first_time LIMIT 1) AS oldest,
      (SELECT last_time FROM block_refs ORDER BY last_time DESC LIMIT 1) AS newest
    FROM log_state s`.execute(database.read);
  const [counted] = rows;
  const [bytes, used] = await Promise.all([database.sizeInBytes(), usedBytes(database.read)]);
  return {
    rows: counted?.rows ?? 0,
    oldest: timeOrNull(counted?.oldest),
    newest: timeOrNull(counted?.newest),
    bytes,
    usedBytes: used,
  };
}

const timeOrNull = (time: number | null | undefined) => (time === null || time === undefined ? null : timeText(time));

/** What messages and indexes take, in bytes. */
export async function usedBytes(read: Kysely<LogSchema>): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`${dialectOf(read).usedBytes}`.execute(read);
  return rows[0]?.bytes ?? 0;
}
