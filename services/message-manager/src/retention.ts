import { setTimeout as pause } from 'node:timers/promises';
import type { Clock, Log } from '@ocpp-csms/runtime';
import type { Database } from '@ocpp-csms/storage';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { LogSchema } from './schema.ts';
import { usedBytes } from './statistics.ts';

/** Messages deleted in one transaction: writers wait no longer than that takes. */
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
  /** Called when messages are about to be deleted. */
  onDelete(): void;
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
 * Deletes by whole seconds of message time, the oldest first, in small transactions. The pages that become free are
 * used again by what comes: the file stops growing, and does not shrink.
 */
export function createRetention(options: RetentionOptions): Retention {
  const { database, clock, log, retentionDays, maxMegabytes } = options;
  const stopping = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  let underWay: Promise<void> = Promise.resolve();

  async function removeWhile(wanted: () => Promise<number | undefined>): Promise<number> {
    let removed = 0;
    while (!stopping.signal.aborted) {
      const before = await wanted();
      if (before === undefined) break;
      options.onDelete();
      const count = await database.write((transaction) => removeChunk(transaction, before));
      if (count === 0) break;
      removed += count;
      await pause(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    return removed;
  }

  async function removeOld(): Promise<number> {
    if (retentionDays === 0) return 0;
    const before = clock.now().getTime() - retentionDays * dayMs;
    const removed = await removeWhile(async () => before);
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
    const removed = await removeWhile(tooLarge);
    log.info(
      { removed, maxMegabytes, megabytes: Math.round(used / bytesPerMegabyte) },
      `${removed} of the oldest messages deleted: the log was near messageManager.maxMegabytes`,
    );
    return removed;
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
      look(removeOld);
      look(removeExcess);
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

/** Deletes about `chunkRows` of the oldest messages, none of them from `before` (milliseconds since 1970) on. */
async function removeChunk(transaction: Transaction<LogSchema>, before: number): Promise<number> {
  const end = await chunkEnd(transaction, before);
  if (end === undefined) return 0;
  await sql`
    DELETE FROM client_seconds WHERE (client, second) IN (
      SELECT DISTINCT client, message_time / 1000 FROM messages WHERE message_time < ${end}
    )`.execute(transaction);
  const { numAffectedRows } = await sql`DELETE FROM messages WHERE message_time < ${end}`.execute(transaction);
  return Number(numAffectedRows ?? 0);
}

/**
 * Up to which full second. The message that was logged last stays, with its second, so that `seq` goes on rising:
 * live readers know by it where they are.
 */
async function chunkEnd(read: Kysely<LogSchema>, before: number): Promise<number | undefined> {
  const oldest = await timeAt(read, 0);
  const newest = await lastLoggedTime(read);
  if (oldest === undefined || newest === undefined) return undefined;
  const atChunk = (await timeAt(read, chunkRows)) ?? Number.MAX_SAFE_INTEGER;
  const wanted = Math.max(Math.floor(atChunk / 1000), Math.floor(oldest / 1000) + 1);
  const end = Math.min(wanted, Math.floor(before / 1000), Math.floor(newest / 1000)) * 1000;
  return end > oldest ? end : undefined;
}

async function timeAt(read: Kysely<LogSchema>, offset: number): Promise<number | undefined> {
  const { rows } = await sql<{ time: number }>`
    SELECT message_time AS time FROM messages ORDER BY message_time LIMIT 1 OFFSET ${offset}`.execute(read);
  return rows[0]?.time;
}

async function lastLoggedTime(read: Kysely<LogSchema>): Promise<number | undefined> {
  const { rows } = await sql<{ time: number }>`
    SELECT message_time AS time FROM messages ORDER BY seq DESC LIMIT 1`.execute(read);
  return rows[0]?.time;
}
