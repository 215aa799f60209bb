import { type Kysely, type RawBuilder, sql } from 'kysely';
import { indexable, storable } from '../envelope-text.ts';
import type { Filter } from '../filter.ts';
import type { Order } from '../log-store.ts';
import { blocksWithCode, bucketOf, msgIdCode } from '../msg-id-code.ts';
import { blockConditions } from './block-conditions.ts';
import { type Dialect, dialectOf } from './dialect.ts';
import { type BlockRow, blockWidthMs, type LogSchema, type MsgIdBlocksRow, sliceMs, sliceOf, terms } from './schema.ts';
import { all } from './sql-conditions.ts';

/** A block without its content. */
export type BlockRef = Pick<BlockRow, 'seq' | 'first_time' | 'last_time' | 'count' | 'size'>;

export interface Walk {
  filter: Filter;
  order: Order;
  /** Milliseconds since 1970: only blocks that reach beyond, this time included. */
  beginTime: number;
}

type Read = Kysely<LogSchema>;

/** Blocks asked for at first; then more at a time. */
const firstPage = 50;
const maxPage = 5000;
/** Slices of a term looked up at first; then more at a time. */
const firstSlices = 4;
const maxSlices = 256;

/** The time at which the walk meets the block; those of the next blocks are not before it. */
export const meetingTime = ({ first_time, last_time }: BlockRef, order: Order): number =>
  order === 'asc' ? first_time : last_time;

/** Blocks in which there may be what the filter wants, in the order in which the walk meets them. */
export function walkBlocks(read: Read, walk: Walk): AsyncGenerator<BlockRef> {
  const { client, action, msgId } = walk.filter;
  if (msgId !== undefined) return walkMsgId(read, walk, msgIdCode(msgId));
  if (client !== undefined) return walkTerms(read, walk, clientTerms(client));
  if (action !== undefined) return walkTerms(read, walk, actionTerms(action));
  return walkAll(read, walk);
}

async function* walkAll(read: Read, walk: Walk): AsyncGenerator<BlockRef> {
  const key = walk.order === 'asc' ? sql`(b.first_time, b.seq)` : sql`(b.last_time, b.seq)`;
  const bounds = [...boundsOf(walk, dialectOf(read)), startOf(walk)];
  let after: BlockRef | undefined;
  for (let limit = firstPage; ; limit = Math.min(limit * 4, maxPage)) {
    const beyond =
      after === undefined ? [] : [sql`${key} ${than(walk.order)} (${meetingTime(after, walk.order)}, ${after.seq})`];
    const { rows } = await sql<BlockRef>`
      SELECT ${refColumns} FROM block_refs b WHERE ${all([...bounds, ...beyond])} ${ordered(walk.order)} LIMIT ${limit}`.execute(
      read,
    );
    yield* rows;
    after = rows.at(-1);
    if (after === undefined || rows.length < limit) return;
  }
}

/** All at once, since they are few. The mark is read first, as by `walkTerms`. */
async function* walkMsgId(read: Read, walk: Walk, code: string): AsyncGenerator<BlockRef> {
  const dialect = dialectOf(read);
  const unindexed = await unindexedBlocks(read, walk, dialect.has(sql`b.msg_ids`, code));
  const seqs = await blocksWithMsgId(read, code);
  for (const { seq } of unindexed) seqs.delete(seq);
  // CROSS JOIN keeps SQLite to this order: from the few blocks to what is known of them.
  const { rows: indexed } = await sql<BlockRef>`
    SELECT ${refColumns} FROM ${dialect.tableOf([...seqs])} CROSS JOIN block_index b
    WHERE b.seq = n.value AND ${all(boundsOf(walk, dialect))}`.execute(read);
  yield* [...unindexed, ...indexed].sort((one, other) => compareRefs(one, other, walk.order));
}

async function blocksWithMsgId(read: Read, code: string): Promise<Set<number>> {
  const { rows } = await sql<Pick<MsgIdBlocksRow, 'after_block' | 'entries'>>`
    SELECT after_block, entries FROM msg_id_blocks WHERE bucket = ${bucketOf(code)}`.execute(read);
  return new Set(rows.flatMap(({ after_block, entries }) => blocksWithCode(code, entries, after_block)));
}

/** What `term_blocks` is asked for, and the same over blocks that are not in it yet. */
interface Terms {
  names: readonly string[];
  block(dialect: Dialect): RawBuilder<unknown>;
}

const clientTerms = (client: string): Terms => ({
  names: [indexable(terms.client(storable(client)))],
  block: ({ has }) => has(sql`b.clients`, JSON.stringify(storable(client))),
});

/** The condition on the block is among those of the filter. */
const actionTerms = (action: string): Terms => ({
  names: [indexable(terms.action(storable(action))), terms.anyAction],
  block: () => sql`1 = 1`,
});

/**
 * From slice to slice of the blocks, and beside them what is not in slices yet. The mark is read first: what is noted
 * meanwhile is met twice and left out once.
 */
async function* walkTerms(read: Read, walk: Walk, wanted: Terms): AsyncGenerator<BlockRef> {
  const waiting = await unindexedBlocks(read, walk, wanted.block(dialectOf(read)));
  const unindexed = new Set(waiting.map(({ seq }) => seq));
  let after: number | undefined;
  for (let limit = firstSlices; ; limit = Math.min(limit * 4, maxSlices)) {
    const slices = await nextSlices(read, { walk, wanted, after, limit });
    const blocks = await indexedBlocks(read, { walk, wanted, slices });
    waiting.push(...blocks.filter(({ seq }) => !unindexed.has(seq)));
    waiting.sort((one, other) => compareRefs(one, other, walk.order));
    after = slices.at(-1);
    if (after === undefined || slices.length < limit) break;
    yield* waiting.splice(0, countBefore(waiting, after, walk.order));
  }
  yield* waiting;
}

/** How many of the blocks are met before any of a slice that comes after this one. */
function countBefore(waiting: readonly BlockRef[], slice: number, order: Order): number {
  const next = waiting.findIndex((ref) =>
    order === 'asc' ? ref.first_time >= (slice + 1) * sliceMs - blockWidthMs : ref.last_time < slice * sliceMs,
  );
  return next === -1 ? waiting.length : next;
}

function compareRefs(one: BlockRef, other: BlockRef, order: Order): number {
  const ascending = meetingTime(one, order) - meetingTime(other, order) || one.seq - other.seq;
  return order === 'asc' ? ascending : -ascending;
}

async function unindexedBlocks(read: Read, walk: Walk, block: RawBuilder<unknown>): Promise<BlockRef[]> {
  const conditions = [...boundsOf(walk, dialectOf(read)), block];
  const { rows } = await sql<BlockRef>`
    SELECT ${refColumns} FROM blocks b
    WHERE b.seq > (SELECT indexed_to FROM log_state) AND ${all(conditions)}`.execute(read);
  return rows;
}

interface SlicesRequest {
  walk: Walk;
  wanted: Terms;
  after: number | undefined;
  limit: number;
}

async function nextSlices(read: Read, { walk, wanted, after, limit }: SlicesRequest): Promise<number[]> {
  const { order, beginTime } = walk;
  const conditions = [isOneOf(sql`term`, wanted)];
  if (after !== undefined) conditions.push(sql`slice ${than(order)} ${after}`);
  else if (order === 'asc' && Number.isFinite(beginTime)) conditions.push(sql`slice >= ${sliceOf(beginTime)}`);
  else if (Number.isFinite(beginTime)) conditions.push(sql`slice <= ${sliceOf(beginTime + blockWidthMs)}`);
  conditions.push(...sliceEnd(walk));
  const { rows } = await sql<{ slice: number }>`
    SELECT DISTINCT slice FROM term_blocks WHERE ${all(conditions)}
    ORDER BY slice ${by(order)} LIMIT ${limit}`.execute(read);
  return rows.map(({ slice }) => slice);
}

/** Beyond these slices there is nothing of the time that is asked for. */
function sliceEnd({ order, filter: { from, to } }: Walk): RawBuilder<unknown>[] {
  if (order === 'asc') return to === undefined ? [] : [sql`slice <= ${sliceOf(to + blockWidthMs)}`];
  return from === undefined ? [] : [sql`slice >= ${sliceOf(from)}`];
}

interface IndexedRequest {
  walk: Walk;
  wanted: Terms;
  slices: readonly number[];
}

async function indexedBlocks(read: Read, { walk, wanted, slices }: IndexedRequest): Promise<BlockRef[]> {
  if (slices.length === 0) return [];
  const dialect = dialectOf(read);
  // CROSS JOIN keeps SQLite to this order: from the few slices to their blocks.
  const { rows } = await sql<BlockRef>`
    SELECT DISTINCT ${refColumns} FROM ${dialect.termBlocks} CROSS JOIN block_index b
    WHERE ${isOneOf(sql`t.term`, wanted)} AND t.slice BETWEEN ${Math.min(...slices)} AND ${Math.max(...slices)}
      AND b.seq = n.value AND ${all(boundsOf(walk, dialect))}`.execute(read);
  return rows;
}

/** What is known of the block shows that it may hold what is wanted. */
function boundsOf({ filter, order, beginTime }: Walk, dialect: Dialect): RawBuilder<unknown>[] {
  const { from, to } = filter;
  const bounds = blockConditions(filter, dialect);
  if (from !== undefined) bounds.push(sql`b.last_time >= ${from}`);
  if (to !== undefined) bounds.push(sql`b.first_time < ${to}`);
  if (!Number.isFinite(beginTime)) return bounds;
  bounds.push(order === 'asc' ? sql`b.last_time >= ${beginTime}` : sql`b.first_time <= ${beginTime}`);
  return bounds;
}

/** Where in the index to begin: blocks are no wider than `blockWidthMs`. */
function startOf({ order, beginTime }: Walk): RawBuilder<unknown> {
  if (!Number.isFinite(beginTime)) return sql`1 = 1`;
  return order === 'asc'
    ? sql`b.first_time >= ${beginTime - blockWidthMs}`
    : sql`b.last_time <= ${beginTime + blockWidthMs}`;
}

const isOneOf = (term: RawBuilder<unknown>, { names }: Terms) => sql`${term} IN (${sql.join([...names])})`;

const refColumns = sql`b.seq, b.first_time, b.last_time, b.count, b.size`;
const ordered = (order: Order) =>
  order === 'asc' ? sql`ORDER BY b.first_time, b.seq` : sql`ORDER BY b.last_time DESC, b.seq DESC`;
const by = (order: Order) => sql.raw(order === 'asc' ? 'ASC' : 'DESC');
const than = (order: Order) => sql.raw(order === 'asc' ? '>' : '<');
