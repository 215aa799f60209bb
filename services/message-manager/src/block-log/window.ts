import { type Kysely, sql } from 'kysely';
import { type Filter, lineFilter } from '../filter.ts';
import type { Order } from '../log-store.ts';
import type { LogLine } from '../message.ts';
import { contentConditions } from './block-conditions.ts';
import { type BlockContent, linesOf, type WantedLines } from './block-lines.ts';
import { dialectOf } from './dialect.ts';
import type { LogSchema } from './schema.ts';
import { all } from './sql-conditions.ts';
import { type BlockRef, meetingTime, walkBlocks } from './walk-blocks.ts';

/** A place in the log between two messages: it is ordered by time, then client, then arrival. */
export interface Position {
  /** Milliseconds since 1970. */
  time: number;
  client: string;
  seq: number;
}

export interface WindowRequest {
  filter: Filter;
  order: Order;
  /** Where to begin; from the end of the log without it. */
  after: Position | undefined;
  /** What was logged later than this does not count. */
  upToSeq: number | undefined;
  /** How much to look through: messages or, with a client, blocks in which it spoke. */
  size: number;
  /** Most lines in the answer. */
  limit: number;
}

export interface Window {
  lines: readonly LogLine[];
  /** How far was looked; absent when the log ends here. Only to be used when there are fewer than `limit` lines. */
  end: Position | undefined;
}

/** Characters of blocks read at a time: the event loop is not held up by more. */
const readSize = 1_048_576;

type Read = Kysely<LogSchema>;

/**
 * Looks through one bounded piece of the log: block after block, in the order of time. Blocks overlap, so what is
 * found counts up to the time at which the next block begins; the rest is found again by the next window.
 */
export async function readWindow(read: Read, request: WindowRequest): Promise<Window> {
  const { filter, order, limit } = request;
  const beginTime = beginOf(request);
  const piece = createPiece(read, request);
  for await (const block of walkBlocks(read, { filter, order, beginTime })) {
    const time = meetingTime(block, order);
    const isBeyond = order === 'asc' ? time > beginTime : time < beginTime;
    if (isBeyond && (await piece.isEnough(time))) {
      return { lines: piece.linesBefore(time).slice(0, limit), end: edgeAt(time, order) };
    }
    piece.add(block, isBeyond || time === beginTime);
  }
  return { lines: (await piece.all()).slice(0, limit), end: undefined };
}

export const positionOf = ({ time, message: { client }, seq }: LogLine): Position => ({ time, client, seq });

/** The time of the first message that may come; after an edge (see `edgeAt`) it is the next millisecond. */
function beginOf({ order, after, filter: { from, to } }: WindowRequest): number {
  if (order === 'asc') return Math.max(after?.time ?? Number.NEGATIVE_INFINITY, from ?? Number.NEGATIVE_INFINITY);
  const isEdge = after?.client === '' && after.seq === 0;
  const last = after === undefined ? Number.POSITIVE_INFINITY : after.time - (isEdge ? 1 : 0);
  return Math.min(last, to === undefined ? Number.POSITIVE_INFINITY : to - 1);
}

/** Just before the first message of this time. `seq` counts from 1 and '' comes before every client. */
function edgeAt(time: number, order: Order): Position {
  return { time: order === 'asc' ? time : time + 1, client: '', seq: 0 };
}

/** What was looked through until now. */
function createPiece(read: Read, request: WindowRequest) {
  const { filter, order, size, limit } = request;
  const wanted = wantedLines(request);
  const lines: LogLine[] = [];
  let unread: BlockRef[] = [];
  let unreadSize = 0;
  let looked = 0;

  async function readUnread(): Promise<void> {
    const blocks = unread;
    unread = [];
    unreadSize = 0;
    for (const block of await readContents(read, blocks, filter)) {
      for (const line of linesOf(block, wanted)) lines.push(line);
    }
  }

  const isBefore = (line: LogLine, time: number) => (order === 'asc' ? line.time < time : line.time > time);
  const sorted = (some: LogLine[]) => some.sort((one, other) => compare(positionOf(one), positionOf(other), order));

  return {
    /** What was looked through by the window before, and only reaches into this one, does not count again. */
    add(block: BlockRef, isNew: boolean): void {
      unread.push(block);
      unreadSize += block.size;
      if (isNew) looked += filter.client === undefined ? block.count : 1;
    },
    /** True when all was looked through that should be, or when the answer is full with what is before this time. */
    async isEnough(time: number): Promise<boolean> {
      if (looked < size && unreadSize < readSize) return false;
      await readUnread();
      return looked >= size || lines.filter((line) => isBefore(line, time)).length >= limit;
    },
    linesBefore: (time: number): LogLine[] => sorted(lines.filter((line) => isBefore(line, time))),
    async all(): Promise<LogLine[]> {
      await readUnread();
      return sorted(lines);
    },
  };
}

function wantedLines({ filter, order, after, upToSeq }: WindowRequest): WantedLines {
  const { texts, holds } = lineFilter(filter);
  return {
    texts,
    holds: (line) =>
      (upToSeq === undefined || line.seq <= upToSeq) &&
      (after === undefined || compare(positionOf(line), after, order) > 0) &&
      holds(line),
  };
}

function compare(one: Position, other: Position, order: Order): number {
  const ascending = one.time - other.time || compareText(one.client, other.client) || one.seq - other.seq;
  return order === 'asc' ? ascending : -ascending;
}

function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

async function readContents(read: Read, blocks: readonly BlockRef[], filter: Filter): Promise<BlockContent[]> {
  if (blocks.length === 0) return [];
  const dialect = dialectOf(read);
  const isRead = dialect.isAmong(
    sql`b.seq`,
    blocks.map(({ seq }) => seq),
  );
  const { rows } = await sql<BlockContent>`
    SELECT b.seq, b.first_time, b.content FROM blocks b
    WHERE ${isRead} AND ${all(contentConditions(filter, dialect))}`.execute(read);
  return rows;
}
