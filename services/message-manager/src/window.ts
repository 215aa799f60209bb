import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Filter } from './filter.ts';
import type { LogSchema, MessageRow } from './schema.ts';

/** A place in the log between two messages: it is ordered by time, then client, then arrival. */
export interface Position {
  /** Milliseconds since 1970. */
  time: number;
  client: string;
  seq: number;
}
export type Order = 'asc' | 'desc';

export interface WindowRequest {
  filter: Filter;
  order: Order;
  /** Where to begin; from the end of the log without it. */
  after: Position | undefined;
  /** What was logged later than this does not count. */
  upToSeq: number | undefined;
  /** How much to look through: messages or, with a client, seconds in which it spoke. */
  size: number;
  /** Most rows in the answer. */
  limit: number;
}

export interface Window {
  rows: readonly MessageRow[];
  /** How far was looked; absent when the log ends here. Only to be used when there are fewer than `limit` rows. */
  end: Position | undefined;
}

type Read = Kysely<LogSchema>;

/** Looks through one bounded piece of the log. */
export function readWindow(read: Read, request: WindowRequest): Promise<Window> {
  const { client } = request.filter;
  return client === undefined ? readAllClients(read, request) : readOneClient(read, request, client);
}

export const positionOf = ({ message_time, client, seq }: MessageRow): Position => ({
  time: message_time,
  client,
  seq,
});

async function readAllClients(read: Read, request: WindowRequest): Promise<Window> {
  const { order, size, limit, filter } = request;
  const bounds = boundsOf(request);
  const ordered = sql`ORDER BY m.message_time ${by(order)}, m.client ${by(order)}, m.seq ${by(order)}`;
  const ends = await sql<{ time: number; client: string; seq: number }>`
    SELECT m.message_time AS time, m.client, m.seq FROM messages m
    WHERE ${all(bounds)} ${ordered} LIMIT 1 OFFSET ${size - 1}`.execute(read);
  const end = ends.rows[0];
  const within = end === undefined ? [] : [sql`${position} ${upTo(order)} ${valuesOf(end)}`];
  const { rows } = await sql<MessageRow>`
    SELECT m.* FROM messages m
    WHERE ${all([...bounds, ...within, ...filter.conditions])} ${ordered} LIMIT ${limit}`.execute(read);
  return { rows, end };
}

async function readOneClient(read: Read, request: WindowRequest, client: string): Promise<Window> {
  const { order, size, limit, filter } = request;
  const seconds = await secondsOf(read, request, client);
  const first = seconds[0];
  const last = seconds.at(-1);
  if (first === undefined || last === undefined) return { rows: [], end: undefined };
  // CROSS JOIN keeps SQLite to this order: from the few seconds to their messages.
  const { rows } = await sql<MessageRow>`
    SELECT m.* FROM client_seconds c CROSS JOIN messages m
    WHERE c.client = ${client} AND c.second BETWEEN ${Math.min(first, last)} AND ${Math.max(first, last)}
      AND m.message_time >= c.second * 1000 AND m.message_time < c.second * 1000 + 1000 AND m.client = ${client}
      AND ${all([...boundsOf(request), ...filter.conditions])}
    ORDER BY m.message_time ${by(order)}, m.seq ${by(order)} LIMIT ${limit}`.execute(read);
  return { rows, end: seconds.length < size ? undefined : edgeOf(last, order) };
}

/** The next seconds in which the client spoke. */
async function secondsOf(read: Read, { order, after, size, filter }: WindowRequest, client: string): Promise<number[]> {
  const { from, to } = filter;
  const conditions = [sql`client = ${client}`];
  if (from !== undefined) conditions.push(sql`second >= ${Math.floor(from / 1000)}`);
  if (to !== undefined) conditions.push(sql`second <= ${Math.floor(to / 1000)}`);
  if (after !== undefined) conditions.push(sql`second ${upFrom(order)} ${secondAfter(after, order)}`);
  const { rows } = await sql<{ second: number }>`
    SELECT second FROM client_seconds WHERE ${all(conditions)} ORDER BY second ${by(order)} LIMIT ${size}`.execute(
    read,
  );
  return rows.map(({ second }) => second);
}

/** The second in which the next message may be. Before the edge of a second (see `edgeOf`) it is the one before. */
function secondAfter({ time, seq }: Position, order: Order): number {
  const isEdge = order === 'desc' && seq === 0;
  return Math.floor((isEdge ? time - 1 : time) / 1000);
}

/** Just past the last message of this second. `seq` counts from 1 and '' comes before every client. */
function edgeOf(second: number, order: Order): Position {
  return { time: (order === 'asc' ? second + 1 : second) * 1000, client: '', seq: 0 };
}

function boundsOf({ filter: { from, to }, order, after, upToSeq }: WindowRequest): RawBuilder<unknown>[] {
  const bounds: RawBuilder<unknown>[] = [];
  if (from !== undefined) bounds.push(sql`m.message_time >= ${from}`);
  if (to !== undefined) bounds.push(sql`m.message_time < ${to}`);
  if (after !== undefined) bounds.push(sql`${position} ${beyond(order)} ${valuesOf(after)}`);
  if (upToSeq !== undefined) bounds.push(sql`m.seq <= ${upToSeq}`);
  return bounds;
}

const position = sql`(m.message_time, m.client, m.seq)`;
const valuesOf = ({ time, client, seq }: Position) => sql`(${time}, ${client}, ${seq})`;
const by = (order: Order) => sql.raw(order === 'asc' ? 'ASC' : 'DESC');
const beyond = (order: Order) => sql.raw(order === 'asc' ? '>' : '<');
const upFrom = (order: Order) => sql.raw(order === 'asc' ? '>=' : '<=');
const upTo = (order: Order) => sql.raw(order === 'asc' ? '<=' : '>=');

function all(conditions: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return conditions.length === 0 ? sql`1 = 1` : sql.join([...conditions], sql` AND `);
}
