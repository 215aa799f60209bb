import { type IndexEntry, pack, unpack } from './index-entry.ts';
import { journalKey, keyOf, timeKey } from './keys.ts';
import type { Table } from './table.ts';

/**
 * What each node has logged, in the order in which it did: a partition of the index table for each writer. A live
 * reader goes on in each by itself, so that no clock decides what it sees.
 */
export interface JournalWriter {
  /** One after the other. Resolves when it is there. */
  append(entries: readonly IndexEntry[]): Promise<void>;
}

/** Where a reader is in the journal of one writer. */
export interface JournalPlace {
  /** The last row that it has seen. */
  row: string;
  /** Messages up to there. */
  total: number;
}

const makeKnownEveryMs = 3_600_000;
const writersKey = 'writers';
/** After every row of a journal. */
const headRow = 'head';

/** `writer`: of this process alone, never used again. */
export function createJournalWriter(index: Table, writer: string, now: () => number): JournalWriter {
  const partitionKey = journalKey(writer);
  let last: JournalPlace = { row: timeKey(0), total: 0 };
  let knownAt = Number.NEGATIVE_INFINITY;
  let turn: Promise<void> = Promise.resolve();

  async function write(entries: readonly IndexEntry[]): Promise<void> {
    await makeKnown();
    let { row, total } = last;
    for (const properties of pack(entries)) {
      row = nextRow(row, now());
      total += Number(properties.count);
      const head = { partitionKey, rowKey: headRow, row, total: String(total) };
      await index.put([{ partitionKey, rowKey: row, total: String(total), ...properties }, head]);
      last = { row, total };
    }
  }

  /** Again and again, since one that has long been silent is forgotten. */
  async function makeKnown(): Promise<void> {
    if (now() - knownAt < makeKnownEveryMs) return;
    await index.put([{ partitionKey: writersKey, rowKey: keyOf(writer) }]);
    knownAt = now();
  }

  return {
    append(entries) {
      const done = turn.then(() => write(entries));
      turn = done.catch(() => undefined);
      return done;
    },
  };
}

function nextRow(row: string, now: number): string {
  const [before = '', counter = ''] = row.split('-');
  const time = timeKey(now);
  // More than one in a millisecond, or a clock that went back.
  if (time > before) return `${time}-000000`;
  const next = Number(counter) + 1;
  return next < 1_000_000 ? `${before}-${String(next).padStart(6, '0')}` : `${timeKey(Number(before) + 1)}-000000`;
}

/** The keys of all that wrote lately. */
export async function readWriters(index: Table): Promise<string[]> {
  const writers: string[] = [];
  for await (const page of index.pages({ filter: `PartitionKey eq '${writersKey}'`, select: ['RowKey'] })) {
    writers.push(...page.map(({ rowKey = '' }) => rowKey));
  }
  return writers;
}

export async function readHead(index: Table, writer: string): Promise<JournalPlace | undefined> {
  const head = await index.get(`w${writer}`, headRow);
  return head === undefined ? undefined : { row: String(head.row), total: Number(head.total) };
}

export interface JournalStep {
  entries: IndexEntry[];
  place: JournalPlace;
}

/** The next rows after this place, row by row. */
export async function* readJournal(index: Table, writer: string, after: string): AsyncGenerator<JournalStep> {
  const filter = `PartitionKey eq 'w${writer}' and RowKey gt '${after}' and RowKey lt '${headRow}'`;
  for await (const page of index.pages({ filter, pageSize: 20 })) {
    for (const row of page) {
      yield { entries: unpack(row), place: { row: row.rowKey ?? after, total: Number(row.total) } };
    }
  }
}

/** Deletes what was logged before this time, in milliseconds since 1970: no live reader is so far behind. */
export async function removeOldJournal(index: Table, before: number): Promise<void> {
  for (const writer of await readWriters(index)) {
    const filter = `PartitionKey eq 'w${writer}' and RowKey lt '${timeKey(before)}'`;
    for await (const page of index.pages({ filter, select: ['PartitionKey', 'RowKey'] })) {
      await index.remove(
        `w${writer}`,
        page.map(({ rowKey = '' }) => rowKey),
      );
    }
    await forgetWriter(index, writer, before);
  }
}

/** One that has not written since, most likely since its process ended. */
async function forgetWriter(index: Table, writer: string, before: number): Promise<void> {
  const head = await readHead(index, writer);
  if (head === undefined || head.row >= timeKey(before)) return;
  await index.remove(writersKey, [writer]);
  await index.remove(`w${writer}`, [headRow]);
}
