import type { Filter } from '../filter.ts';
import { lineFilter } from '../filter.ts';
import type { TailStep } from '../log-store.ts';
import { pairAnswers } from './azure-answers.ts';
import { type IndexEntry, mayBeWanted } from './index-entry.ts';
import { type JournalPlace, readHead, readJournal, readWriters } from './journal.ts';
import { timeKey } from './keys.ts';
import { type LogTables, readEntries } from './log-tables.ts';

/** Where a reader is: by the key of each writer the place in its journal. */
export type TailPlace = Readonly<Record<string, JournalPlace>>;

/** Most messages handed over in one step, about: a row of a journal is not divided. */
const stepLimit = 100;
/** Messages looked at in one step, about. */
const stepMessages = 5000;
/** A reader that is further behind than this is moved forward and told: a live page is no export. */
const maxBehind = 50_000;

const nothing: JournalPlace = { row: timeKey(0), total: 0 };

export async function newestPlace({ index }: LogTables): Promise<TailPlace> {
  const writers = await readWriters(index);
  const heads = await Promise.all(
    writers.map(async (writer) => [writer, (await readHead(index, writer)) ?? nothing] as const),
  );
  return Object.fromEntries(heads);
}

/** The next messages: of each writer what it has logged since. */
export async function readTail(tables: LogTables, filter: Filter, after: TailPlace): Promise<TailStep> {
  tables.recent.follow();
  const place: Record<string, JournalPlace> = { ...after };
  const wanted: IndexEntry[] = [];
  let looked = 0;
  let skipped = 0;
  let caughtUp = true;
  for (const [writer, head] of Object.entries(await newestPlace(tables))) {
    const before = place[writer] ?? nothing;
    if (before.row >= head.row) continue;
    if (head.total - before.total > maxBehind) {
      skipped += head.total - before.total;
      place[writer] = head;
      continue;
    }
    for await (const { entries, place: reached } of readJournal(tables.index, writer, before.row)) {
      if (looked >= stepMessages || wanted.length >= stepLimit) {
        caughtUp = false;
        break;
      }
      place[writer] = reached;
      looked += entries.length;
      wanted.push(...entries.filter((entry) => mayBeWanted(entry, filter)));
    }
  }
  const { holds } = lineFilter(filter);
  const lines = (await readEntries(tables, wanted)).filter(holds);
  return { items: await pairAnswers(tables, lines), place, skipped, caughtUp };
}

/** Behind the row that tells of this message; where it is told no more, at the rows from its time on. */
export async function placeBehind(tables: LogTables, time: number, rowKey: string): Promise<TailPlace> {
  tables.recent.follow();
  const newest = await newestPlace(tables);
  const place: Record<string, JournalPlace> = {};
  for (const [writer, head] of Object.entries(newest)) {
    place[writer] = await placeOfWriter(tables, { writer, head, time, rowKey });
  }
  return place;
}

interface Sought {
  writer: string;
  head: JournalPlace;
  time: number;
  rowKey: string;
}

/** A batch is logged after its messages came; clocks of nodes may differ by so much. */
const clocksDifferMs = 60_000;

async function placeOfWriter({ index }: LogTables, { writer, head, time, rowKey }: Sought): Promise<JournalPlace> {
  const start = timeKey(time - clocksDifferMs);
  if (head.row <= start) return head;
  let first: JournalPlace | undefined;
  for await (const { entries, place } of readJournal(index, writer, start)) {
    if (entries.some((entry) => entry.rowKey === rowKey)) return place;
    first ??= { row: start, total: place.total - entries.length };
    if (place.total - first.total > maxBehind) break;
  }
  return first ?? head;
}
