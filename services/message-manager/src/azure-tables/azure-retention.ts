import { setTimeout as pause } from 'node:timers/promises';
import type { Clock, Log } from '@ocpp-csms/runtime';
import { bounded } from '../bounded.ts';
import { removeIds } from './id-index.ts';
import { type IndexEntry, unpack } from './index-entry.ts';
import { removeOldJournal } from './journal.ts';
import { minuteKey, minuteOf, partsKey } from './keys.ts';
import { type LogTables, requestsAtOnce } from './log-tables.ts';
import { partRowKey } from './message-entity.ts';
import { oldestMinute } from './time-index.ts';

const everyMs = 3_600_000;
const dayMs = 86_400_000;
/** Rows of the index looked at at once; each tells of up to some thousand messages. */
const indexRows = 20;
/** Between two minutes of the log, in milliseconds: the account has a limit for requests. */
const pauseMs = 20;

export interface AzureRetentionOptions {
  tables: LogTables;
  clock: Clock;
  log: Log;
  /** 0: keep all. */
  retentionDays: number;
}

export interface AzureRetention {
  /** Looks now and then regularly. */
  start(): void;
  /** Deletes what is too old; resolves with the number of messages. */
  removeOld(): Promise<number>;
  /** Stops after the minute under way. */
  stop(): Promise<void>;
}

/** Deletes minute by minute of messageTime, the oldest first. */
export function createAzureRetention({ tables, clock, log, retentionDays }: AzureRetentionOptions): AzureRetention {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> = Promise.resolve();

  async function removeOld(): Promise<number> {
    await removeOldJournal(tables.index, clock.now().getTime() - dayMs);
    if (retentionDays === 0) return 0;
    const last = minuteOf(clock.now().getTime() - retentionDays * dayMs) - 1;
    let removed = 0;
    let first = 0;
    while (!stopping.signal.aborted) {
      const minute = await oldestMinute(tables.index, { first, last });
      if (minute === undefined) break;
      removed += await removeMinute(tables, minute);
      first = minute + 1;
      await pause(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    if (removed > 0)
      log.info({ removed, retentionDays }, `${removed} messages older than ${retentionDays} days deleted`);
    return removed;
  }

  function look(): void {
    underWay = underWay.then(removeOld).then(
      () => undefined,
      (error: unknown) => log.warn({ err: error }, 'Old messages could not be deleted; tried again later'),
    );
  }

  return {
    removeOld,
    start() {
      look();
      timer = setInterval(look, everyMs).unref();
    },
    async stop() {
      stopping.abort();
      clearInterval(timer);
      await underWay;
    },
  };
}

/**
 * The messages first: when it fails in between, the index still leads to the rest. Only rows of the index that were
 * read are deleted: what comes late has its own.
 */
async function removeMinute(tables: LogTables, minute: number): Promise<number> {
  const { index } = tables;
  const partitionKey = minuteKey(minute);
  let removed = 0;
  for await (const page of index.pages({ filter: `PartitionKey eq '${partitionKey}'`, pageSize: indexRows })) {
    const byKey = new Map(page.flatMap(unpack).map((entry) => [`${entry.partitionKey} ${entry.rowKey}`, entry]));
    await removeMessages(tables, [...byKey.values()]);
    await index.remove(
      partitionKey,
      page.map(({ rowKey = '' }) => rowKey),
    );
    removed += byKey.size;
  }
  return removed;
}

async function removeMessages({ messages, index }: LogTables, entries: readonly IndexEntry[]): Promise<void> {
  const partitions = Map.groupBy(entries, ({ partitionKey }) => partitionKey);
  await bounded([...partitions], requestsAtOnce, ([partitionKey, some]) =>
    messages.remove(
      partitionKey,
      some.map(({ rowKey }) => rowKey),
    ),
  );
  const inParts = entries.filter(({ parts }) => parts > 0);
  await bounded(inParts, requestsAtOnce, (entry) =>
    index.remove(partsKey(entry.partitionKey, entry.rowKey), partRows(entry)),
  );
  await removeIds(index, entries);
}

const partRows = ({ parts }: IndexEntry): string[] => Array.from({ length: parts }, (_, n) => partRowKey(n));
