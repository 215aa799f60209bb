import { type Kysely, sql } from 'kysely';
import { type Filter, lineFilter } from '../filter.ts';
import type { TailStep } from '../log-store.ts';
import type { LogLine } from '../message.ts';
import { blockConditions, contentConditions } from './block-conditions.ts';
import { type BlockContent, blockOf, linesOf } from './block-lines.ts';
import { dialectOf } from './dialect.ts';
import { findMessage } from './find-messages.ts';
import { pairAnswers } from './pair-answers.ts';
import { type BlockRow, type LogSchema, linesPerBlock } from './schema.ts';
import { all } from './sql-conditions.ts';

/** Messages looked at in one step, about. */
const stepMessages = 2000;
/** Characters looked at in one step, about. */
const stepSize = 1_048_576;
/** Blocks looked at in one step. */
const stepBlocks = 500;
/** Most messages handed over in one step. */
const stepLimit = 100;
/** A reader that is further behind than this is moved forward and told: a live page is no export. */
const maxBehind = 50_000;

type BlockSize = Pick<BlockRow, 'seq' | 'count' | 'size'>;

/**
 * The next messages in the order in which they were logged. The log itself is the buffer: a slow reader costs no
 * memory, and what was committed by another node of this service is found the same way.
 */
export async function readTail(read: Kysely<LogSchema>, filter: Filter, after: number): Promise<TailStep> {
  const newest = await newestSeq(read);
  const start = await catchUp(read, after, newest);
  const isAll = filter.client === undefined && filter.conditions.length === 0;
  const blocks = await nextBlocks(read, start.seq, isAll ? stepLimit : stepMessages);
  const lastBlock = blocks.at(-1);
  if (lastBlock === undefined) return { items: [], place: Math.max(start.seq, newest), skipped: 0, caughtUp: true };
  const lines = firstLines(await readContents(read, filter, [start.seq, lastBlock.seq]), filter, start.seq);
  const last = lines.length < stepLimit ? undefined : lines.at(-1);
  const place = last?.seq ?? lastSeqOf(lastBlock.seq);
  return { items: await pairAnswers(read, lines), place, skipped: start.skipped, caughtUp: place >= newest };
}

/** A `seq` that no message that is in the log now is above. */
export async function newestSeq(read: Kysely<LogSchema>): Promise<number> {
  const { rows } = await sql<{ seq: number | null }>`${dialectOf(read).newestBlock}`.execute(read);
  return lastSeqOf(rows[0]?.seq ?? 0);
}

export async function seqOf(read: Kysely<LogSchema>, id: string): Promise<number | undefined> {
  return (await findMessage(read, id))?.seq;
}

const lastSeqOf = (block: number): number => block * linesPerBlock + linesPerBlock - 1;

/** Where to go on: at `after`, or near the newest when too much has been logged since. */
async function catchUp(read: Kysely<LogSchema>, after: number, newest: number) {
  const here = { seq: after, skipped: 0 };
  // A block holds at least one message and at most 2000: most readers are told by this alone.
  if (blockOf(newest) - blockOf(after) < maxBehind / stepMessages) return here;
  if ((await countBetween(read, after, newest)) <= maxBehind) return here;
  const { rows } = await sql<Pick<BlockRow, 'seq' | 'count'>>`
    SELECT seq, count FROM blocks WHERE seq <= ${blockOf(newest)} ORDER BY seq DESC LIMIT ${stepMessages}`.execute(
    read,
  );
  let messages = 0;
  const first = rows.find(({ count }) => {
    messages += count;
    return messages >= stepMessages;
  });
  const seq = (first?.seq ?? blockOf(newest)) * linesPerBlock - 1;
  return { seq, skipped: await countBetween(read, after, seq) };
}

/** How many messages are after the one and not after the other, which is the last of a block. */
async function countBetween(read: Kysely<LogSchema>, after: number, to: number): Promise<number> {
  const { rows } = await sql<{ first: number | null; count: number | null }>`
    SELECT sum(count) AS count, (SELECT count FROM blocks WHERE seq = ${blockOf(after)}) AS first
    FROM block_refs WHERE seq > ${blockOf(after)} AND seq <= ${blockOf(to)}`.execute(read);
  const { first, count } = rows[0] ?? {};
  const restOfFirst = Math.max(0, (first ?? 0) - (after % linesPerBlock) - 1);
  return restOfFirst + (count ?? 0);
}

/** The blocks of one step, the one in which it begins included. */
async function nextBlocks(read: Kysely<LogSchema>, after: number, maxMessages: number): Promise<BlockSize[]> {
  const { rows } = await sql<BlockSize>`
    SELECT seq, count, size FROM blocks WHERE seq >= ${blockOf(after + 1)} ORDER BY seq LIMIT ${stepBlocks}`.execute(
    read,
  );
  let messages = 0;
  let size = 0;
  const end = rows.findIndex((block) => {
    messages += block.count;
    size += block.size;
    return messages >= maxMessages || size >= stepSize;
  });
  return end === -1 ? rows : rows.slice(0, end + 1);
}

async function readContents(read: Kysely<LogSchema>, filter: Filter, [after, lastBlock]: readonly [number, number]) {
  const dialect = dialectOf(read);
  const conditions = [
    ...timeConditions(filter),
    ...blockConditions(filter, dialect),
    ...contentConditions(filter, dialect),
  ];
  const { rows } = await sql<BlockContent>`
    SELECT b.seq, b.first_time, b.content FROM blocks b
    WHERE b.seq BETWEEN ${blockOf(after + 1)} AND ${lastBlock} AND ${all(conditions)} ORDER BY b.seq`.execute(read);
  return rows;
}

function firstLines(blocks: readonly BlockContent[], filter: Filter, after: number): LogLine[] {
  const lines: LogLine[] = [];
  for (const block of blocks) {
    for (const line of linesOf(block, lineFilter(filter), after)) {
      if (lines.push(line) === stepLimit) return lines;
    }
  }
  return lines;
}

function timeConditions({ from, to }: Filter) {
  return [
    ...(from === undefined ? [] : [sql`b.last_time >= ${from}`]),
    ...(to === undefined ? [] : [sql`b.first_time < ${to}`]),
  ];
}
