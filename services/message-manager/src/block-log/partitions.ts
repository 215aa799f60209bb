import type { Database } from '@ocpp-csms/storage';
import { type Kysely, sql, type Transaction } from 'kysely';
import { housekeeping } from './log-index.ts';
import { type LogSchema, linesPerBlock, seqOfTime, timeOfSeq } from './schema.ts';

const dayMs = 86_400_000;
/** Made ahead, so that a night without this program, or a clock that is ahead, finds its partition. */
const daysAhead = 3;
/** Longer than this nobody waits: readers and writers queue up behind one who wants to drop a partition. */
const lockTimeout = '2s';

/** A day of the log on PostgreSQL: by when it was logged, which is in `seq` (see `seqOfTime`). */
export interface Partition {
  /** Days since 1970. */
  day: number;
}

const dayOf = (seq: number): number => Math.floor(timeOfSeq(seq) / dayMs);
/** The first `seq` of the day. */
export const firstSeqOf = (day: number): number => seqOfTime(day * dayMs);

const tables = [
  { name: 'blocks', perBlock: 1 },
  { name: 'answers', perBlock: linesPerBlock },
] as const;

/** Makes the partitions from this `seq` on and some days further; resolves with the first `seq` that has none. */
export async function makePartitions(database: Database<LogSchema>, seq: number): Promise<number> {
  const last = dayOf(seq) + daysAhead;
  // Two nodes that start together make each once.
  const work = async (transaction: Transaction<LogSchema>) => {
    const days = new Set((await partitionsOf(transaction)).map(({ day }) => day));
    for (let day = dayOf(seq); day <= last; day++) if (!days.has(day)) await makePartition(transaction, day);
  };
  await database.write(work, { beside: ['partitions'] });
  return firstSeqOf(last + 1);
}

/** Made beside its table, then attached: those who read go on meanwhile. */
async function makePartition(transaction: Transaction<LogSchema>, day: number): Promise<void> {
  for (const { name, perBlock } of tables) {
    const partition = sql.table(`${name}_${day}`);
    const [from, to] = [firstSeqOf(day) * perBlock, firstSeqOf(day + 1) * perBlock];
    await sql`CREATE TABLE ${partition} (LIKE ${sql.table(name)} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`.execute(
      transaction,
    );
    await sql`ALTER TABLE ${sql.table(name)} ATTACH PARTITION ${partition} FOR VALUES FROM (${sql.lit(from)}) TO (${sql.lit(to)})`.execute(
      transaction,
    );
  }
}

/** The oldest first. */
export async function partitionsOf(read: Kysely<LogSchema>): Promise<Partition[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'blocks'::regclass`.execute(read);
  return rows.map(({ name }) => ({ day: Number(name.slice('blocks_'.length)) })).sort((a, b) => a.day - b.day);
}

/** When the youngest of the messages of the partition was, in milliseconds since 1970; `undefined`: it is empty. */
async function youngestOf(read: Kysely<LogSchema>, { day }: Partition): Promise<number | undefined> {
  const { rows } = await sql<{ time: number | null }>`
    SELECT max(last_time) AS time FROM block_refs
    WHERE seq >= ${firstSeqOf(day)} AND seq < ${firstSeqOf(day + 1)}`.execute(read);
  return rows[0]?.time ?? undefined;
}

/** No block is added to a day before it. */
async function dayThatIsWritten(read: Kysely<LogSchema>): Promise<number> {
  const { rows } = await sql<{ seq: number }>`SELECT last_block AS seq FROM log_mark`.execute(read);
  return dayOf(rows[0]?.seq ?? 0);
}

/** Drops the days of which all messages are from before this time (milliseconds since 1970); resolves with how many there were. */
export async function dropOldPartitions(database: Database<LogSchema>, before: number): Promise<number> {
  let removed = 0;
  const today = await dayThatIsWritten(database.read);
  for (const partition of await partitionsOf(database.read)) {
    if (partition.day >= today || (partition.day + 1) * dayMs > before) break;
    const youngest = await youngestOf(database.read, partition);
    if (youngest === undefined || youngest < before) removed += await dropPartition(database, partition);
  }
  return removed;
}

/** Drops the oldest days, never the one that is written; resolves with how many messages there were. */
export async function dropPartitionsWhile(
  database: Database<LogSchema>,
  isWanted: () => Promise<boolean>,
): Promise<number> {
  const today = await dayThatIsWritten(database.read);
  let removed = 0;
  for (const partition of await partitionsOf(database.read)) {
    if (partition.day >= today || !(await isWanted())) break;
    removed += await dropPartition(database, partition);
  }
  return removed;
}

/**
 * Drops the partition and what is known of its blocks; resolves with how many messages it had. Rejects with
 * `StorageUnavailable` when somebody reads for too long.
 */
function dropPartition(database: Database<LogSchema>, { day }: Partition): Promise<number> {
  const dropped = async (transaction: Transaction<LogSchema>) => {
    await sql`SET LOCAL lock_timeout = ${sql.lit(lockTimeout)}`.execute(transaction);
    const range = sql`seq >= ${firstSeqOf(day)} AND seq < ${firstSeqOf(day + 1)}`;
    const counted = sql<{ indexed: number; all: number }>`
      SELECT coalesce(sum(count) FILTER (WHERE seq <= (SELECT indexed_to FROM log_state)), 0) AS indexed,
        coalesce(sum(count), 0) AS "all" FROM block_refs WHERE ${range}`;
    const [{ indexed, all } = { indexed: 0, all: 0 }] = (await counted.execute(transaction)).rows;
    for (const { name } of tables) await sql`DROP TABLE IF EXISTS ${sql.table(`${name}_${day}`)}`.execute(transaction);
    await sql`UPDATE log_state SET messages = messages - ${indexed}`.execute(transaction);
    await sql`DELETE FROM block_index WHERE ${range}`.execute(transaction);
    return all;
  };
  return database.write(dropped, { beside: [housekeeping] });
}
