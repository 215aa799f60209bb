import { setTimeout as pause } from 'node:timers/promises';
import type { Clock, Log } from '@ocpp-csms/runtime';
import type { Database } from '@ocpp-csms/storage';
import { sql, type Transaction } from 'kysely';
import { dialectOf } from './dialect.ts';
import { housekeeping, readState } from './log-index.ts';
import { dropOldPartitions, dropPartitionsWhile, makePartitions } from './partitions.ts';
import { type BlockRow, type LogSchema, linesPerBlock, seqOfTime, sliceOf } from './schema.ts';
import { usedBytes } from './statistics.ts';

/** Messages and characters deleted in one transaction, about: writers wait no longer than that takes. */
const chunkMessages = 5000;
const chunkSize = 8_388_608;
/** Rows of an index deleted in one transaction. */
const chunkRows = 5000;
/** Between two transactions, in milliseconds. */
const pauseMs = 20;
const ageEveryMs = 3_600_000;
const sizeEveryMs = 60_000;
/** Room for what comes until the next look, and for the write-ahead log. */
const sizeHigh = 0.9;
const sizeLow = 0.85;
const dayMs = 86_400_000;
const bytesPerMegabyte = 1_048_576;

export interface RetentionOptions {
  database: Database<LogSchema>;
  clock: Clock;
  log: Log;
  /** 0: keep all. */
  retentionDays: number;
  /** 0: no limit. */
  maxMegabytes: number;
}

export interface Retention {
  /** Looks now and then regularly. */
  start(): void;
  /** Deletes what is too old; resolves with the number of messages. */
  removeOld(): Promise<number>;
  /** Deletes the oldest until the size is honoured; resolves with the number of messages. */
  removeExcess(): Promise<number>;
  /** Stops after the transaction under way. */
  stop(): Promise<void>;
}

/**
 * Deletes whole blocks, the oldest first, in small transactions; a block is as old as its youngest message. The pages
 * that become free are used again by what comes: the file stops growing, and does not shrink. On PostgreSQL whole days
 * are dropped, so that messages stay up to a day longer.
 */
export function createRetention(options: RetentionOptions): Retention {
  const { database, clock, log, retentionDays, maxMegabytes } = options;
  const stopping = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  let underWay: Promise<void> = Promise.resolve();
  /** Once, not each minute. */
  let hasSaidTooLarge = false;

  async function removeWhile(wanted: () => Promise<number | undefined>): Promise<number> {
    let removed = 0;
    while (!stopping.signal.aborted) {
      const before = await wanted();
      if (before === undefined) break;
      const { messages, rows } = await database.write((transaction) => removeChunk(transaction, before), {
        beside: [housekeeping],
      });
      if (messages + rows === 0) break;
      removed += messages;
      await pause(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    return removed;
  }

  async function removeOld(): Promise<number> {
    if (retentionDays === 0) return 0;
    const before = clock.now().getTime() - retentionDays * dayMs;
    // Where whole days are dropped, what remains is what came late: it waits for a day of its own.
    const isPartitioned = database.engine === 'postgresql';
    const dropped = isPartitioned ? await dropOldPartitions(database, before) : 0;
    const removed = dropped + (await removeWhile(async () => before - (isPartitioned ? dayMs : 0)));
    if (removed > 0)
      log.info({ removed, retentionDays }, `${removed} messages older than ${retentionDays} days deleted`);
    return removed;
  }

  async function removeExcess(): Promise<number> {
    if (maxMegabytes === 0) return 0;
    const limit = maxMegabytes * bytesPerMegabyte;
    const used = await usedBytes(database.read);
    if (used <= limit * sizeHigh) return 0;
    const tooLarge = async () =>
      (await usedBytes(database.read)) > limit * sizeLow ? Number.MAX_SAFE_INTEGER : undefined;
    const removed =
      database.engine === 'postgresql'
        ? await dropPartitionsWhile(database, async () => (await tooLarge()) !== undefined)
        : await removeWhile(tooLarge);
    sayExcess(removed, Math.round(used / bytesPerMegabyte));
    return removed;
  }

  function sayExcess(removed: number, megabytes: number): void {
    const sizes = { removed, maxMegabytes, megabytes };
    if (removed > 0) {
      log.info(sizes, `${removed} of the oldest messages deleted: the log was near messageManager.maxMegabytes`);
    } else if (!hasSaidTooLarge) {
      log.warn(
        sizes,
        'The log is near messageManager.maxMegabytes, and nothing can be deleted: PostgreSQL drops whole days, and all of it is of today. Raise the setting, or give the disk more room',
      );
    }
    hasSaidTooLarge = removed === 0;
  }

  /** So that no batch has to wait for its partition. */
  async function makeAhead(): Promise<number> {
    if (database.engine === 'postgresql') await makePartitions(database, seqOfTime(clock.now().getTime()));
    return 0;
  }

  /** One after the other; what fails now (a disk that is full) is tried again at the next look. */
  function look(remove: () => Promise<number>): void {
    underWay = underWay.then(remove).then(
      () => undefined,
      (error: unknown) => log.warn({ err: error }, 'Old messages could not be deleted; tried again later'),
    );
  }

  return {
    removeOld,
    removeExcess,
    start() {
      look(makeAhead);
      look(removeOld);
      look(removeExcess);
      timers.push(setInterval(() => look(makeAhead), ageEveryMs).unref());
      timers.push(setInterval(() => look(removeOld), ageEveryMs).unref());
      timers.push(setInterval(() => look(removeExcess), sizeEveryMs).unref());
    },
    async stop() {
      stopping.abort();
      for (const timer of timers) clearInterval(timer);
      await underWay;
    },
  };
}

/** With `last_time`, since SQLite takes the order from the index only where it is by what is returned. */
type OldBlock = Pick<BlockRow, 'seq' | 'last_time' | 'count' | 'size'>;

/** Deletes some of the oldest blocks, none with a message from `before` (milliseconds since 1970) on, and what points to them. */
async function removeChunk(transaction: Transaction<LogSchema>, before: number) {
  const blocks = await oldestBlocks(transaction, before);
  const messages = sum(blocks);
  const { indexed_to } = await readState(transaction);
  const noted = sum(blocks.filter(({ seq }) => seq <= indexed_to));
  const dialect = dialectOf(transaction);
  const seqs = blocks.map(({ seq }) => seq);
  for (const table of ['blocks', 'block_index']) {
    await sql`DELETE FROM ${sql.table(table)} WHERE ${dialect.isAmong(sql`seq`, seqs)}`.execute(transaction);
  }
  await sql`
    DELETE FROM answers WHERE seq IN (
      SELECT a.seq FROM ${dialect.tableOf(seqs)} CROSS JOIN answers a
      WHERE a.seq >= n.value * ${linesPerBlock} AND a.seq < (n.value + 1) * ${linesPerBlock}
    )`.execute(transaction);
  await sql`UPDATE log_state SET messages = messages - ${noted}`.execute(transaction);
  return { messages, rows: (await removeOldSlices(transaction)) + (await removeOldMsgIds(transaction)) };
}

/** The block that was logged last stays, so that `seq` goes on rising: live readers know by it where they are. */
async function oldestBlocks(transaction: Transaction<LogSchema>, before: number): Promise<OldBlock[]> {
  const { rows } = await sql<OldBlock>`
    SELECT seq, last_time, count, size FROM block_refs
    WHERE last_time < ${before} AND seq <> (SELECT max(seq) FROM blocks)
    ORDER BY last_time, seq LIMIT ${chunkMessages}`.execute(transaction);
  let messages = 0;
  let size = 0;
  const end = rows.findIndex((block) => {
    messages += block.count;
    size += block.size;
    return messages >= chunkMessages || size >= chunkSize;
  });
  return end === -1 ? rows : rows.slice(0, end + 1);
}

/** Slices of which there is no block any more. */
async function removeOldSlices(transaction: Transaction<LogSchema>): Promise<number> {
  const { rows } = await sql<{ time: number }>`
    SELECT last_time AS time FROM block_refs ORDER BY last_time LIMIT 1`.execute(transaction);
  const oldest = rows[0]?.time ?? Number.MIN_SAFE_INTEGER;
  const { numAffectedRows } = await sql`
    DELETE FROM term_blocks WHERE (term, slice, after_block) IN (
      SELECT term, slice, after_block FROM term_blocks WHERE slice < ${sliceOf(oldest)} LIMIT ${chunkRows}
    )`.execute(transaction);
  return Number(numAffectedRows ?? 0);
}

/** Of pieces of the log of which there is no block any more. */
async function removeOldMsgIds(transaction: Transaction<LogSchema>): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM msg_id_blocks WHERE (bucket, after_block) IN (
      SELECT bucket, after_block FROM msg_id_blocks WHERE last_block < (SELECT min(seq) FROM blocks) LIMIT ${chunkRows}
    )`.execute(transaction);
  return Number(numAffectedRows ?? 0);
}

const sum = (blocks: readonly OldBlock[]): number => blocks.reduce((messages, { count }) => messages + count, 0);
