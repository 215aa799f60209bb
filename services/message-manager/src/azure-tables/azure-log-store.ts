import { randomUUID } from 'node:crypto';
import type { Settings } from '@ocpp-csms/config';
import { type Clock, type Log, nodeName } from '@ocpp-csms/runtime';
import type { Filter } from '../filter.ts';
import type { LogStore, Order, StoreStatistics } from '../log-store.ts';
import { timeText } from '../message.ts';
import { pairAnswers } from './azure-answers.ts';
import { createAzureRecorder } from './azure-recorder.ts';
import { createAzureRetention } from './azure-retention.ts';
import { search } from './azure-search.ts';
import { newestPlace, placeBehind, readTail, type TailPlace } from './azure-tail.ts';
import { entriesOfId } from './id-index.ts';
import { createJournalWriter } from './journal.ts';
import { type LogTables, readEntries } from './log-tables.ts';
import type { FoundLine } from './message-entity.ts';
import { cursorOf, type Position, positionFrom } from './position.ts';
import { RecentLines } from './recent-lines.ts';
import { openTable, type TableOptions } from './table.ts';
import { readMinutes } from './time-index.ts';

export interface AzureLogOptions {
  settings: Settings;
  log: Log;
  clock: Clock;
  /** Told after each batch. */
  onRecorded(): void;
  retries?: TableOptions['retries'];
}

/** Messages handed over at a time. */
const exportPage = 500;

/** The log in Azure Table storage (docs/operations/azure-tables.md). */
export async function openAzureLog({ settings, log, clock, onRecorded, ...rest }: AzureLogOptions): Promise<LogStore> {
  const tables = openTables(settings, rest);
  warnOfSize(settings, log);
  await Promise.all([tables.messages.create(), tables.index.create()]);
  const now = () => clock.now().getTime();
  const writer = `${nodeName(settings)}.${randomUUID()}`;
  const journal = createJournalWriter(tables.index, writer, now);
  const recorder = createAzureRecorder({ tables, journal, onRecorded });
  const { retentionDays } = settings.messageManager;
  const retention = createAzureRetention({ tables, clock, log, retentionDays });
  let isStopped = false;
  return {
    // Each look of each reader is some requests.
    tailRestMs: 500,
    start: () => retention.start(),
    record: recorder.record,
    // They are written with each batch.
    catchUp: async () => undefined,
    search: async ({ after, ...request }) => {
      const page = await search(tables, { ...request, ...(after === undefined ? {} : { after: positionFrom(after) }) });
      const { next, ...answer } = page;
      return { ...answer, ...(next === undefined ? {} : { next: cursorOf(next) }) };
    },
    async find(id) {
      const line = await findLine(tables, id);
      return line === undefined ? undefined : (await pairAnswers(tables, [line]))[0];
    },
    export: (filter, order) => exportMessages(tables, filter, order, { until: now() + 1, isStopped: () => isStopped }),
    newest: () => newestPlace(tables),
    async placeOf(id) {
      const line = await findLine(tables, id);
      return line === undefined ? undefined : placeBehind(tables, line.time, line.rowKey);
    },
    tail: (filter, after) => readTail(tables, filter, after as TailPlace),
    statistics: () => readStatistics(tables),
    probe: () => tables.index.put([{ partitionKey: 'probe', rowKey: 'probe', at: clock.now().toISOString() }]),
    async stop() {
      isStopped = true;
      await retention.stop();
    },
  };
}

function openTables({ azureTables }: Settings, rest: Pick<AzureLogOptions, 'retries'>): LogTables {
  const { connectionString, table } = azureTables;
  if (connectionString === '') {
    throw new Error('messageManager.store is azure-tables, and azureTables.connectionString is empty: set it.');
  }
  // Names of tables have at most 63 characters.
  const names = { messages: table, index: `${table.slice(0, 58)}Index` };
  return {
    messages: openTable({ connectionString, name: names.messages, ...rest }),
    index: openTable({ connectionString, name: names.index, ...rest }),
    recent: new RecentLines(),
  };
}

function warnOfSize({ messageManager: { maxMegabytes } }: Settings, log: Log): void {
  if (maxMegabytes === 0) return;
  log.warn(
    { maxMegabytes },
    'messageManager.maxMegabytes has no effect: Azure tables do not say how large they are. Use messageManager.retentionDays',
  );
}

async function findLine(tables: LogTables, id: string): Promise<FoundLine | undefined> {
  const lines = await readEntries(tables, await entriesOfId(tables.index, id));
  return lines.find(({ message }) => message.id === id);
}

interface ExportBounds {
  /** Milliseconds since 1970: what came later is left out, so that the export ends. */
  until: number;
  isStopped(): boolean;
}

async function* exportMessages(
  tables: LogTables,
  filter: Filter,
  order: Order,
  { until, isStopped }: ExportBounds,
): AsyncGenerator<string> {
  let after: Position | undefined;
  const bounds = { ...filter, to: Math.min(filter.to ?? until, until) };
  do {
    const page = await search(tables, {
      filter: bounds,
      order,
      limit: exportPage,
      ...(after === undefined ? {} : { after }),
    });
    if (page.items.length > 0) yield `${page.items.map((item) => JSON.stringify(item)).join('\n')}\n`;
    after = page.next;
  } while (after !== undefined && !isStopped());
}

async function readStatistics({ index }: LogTables): Promise<StoreStatistics> {
  const [oldest, newest] = await Promise.all([edgeTime(index, 'asc'), edgeTime(index, 'desc')]);
  return { rows: null, oldest, newest, bytes: null, usedBytes: null };
}

async function edgeTime(index: LogTables['index'], order: Order): Promise<string | null> {
  for await (const { entries } of readMinutes(index, { order })) {
    const times = entries.map(({ time }) => time);
    const edge = (one: number, other: number) => (order === 'asc' ? Math.min(one, other) : Math.max(one, other));
    return timeText(times.reduce(edge));
  }
  return null;
}
