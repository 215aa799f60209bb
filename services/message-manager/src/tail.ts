import { type Kysely, sql } from 'kysely';
import type { Filter } from './filter.ts';
import type { LoggedMessage } from './message.ts';
import { pairAnswers } from './pair-answers.ts';
import type { LogSchema, MessageRow } from './schema.ts';

/** Messages looked at in one step. */
const stepRows = 2000;
/** Most messages handed over in one step. */
const stepLimit = 100;
/** A reader that is further behind than this is moved forward and told: a live page is no export. */
const maxBehind = 50_000;

export interface TailStep {
  items: LoggedMessage[];
  /** Where the next step begins. */
  seq: number;
  /** Messages that were left out, since the reader was too far behind. */
  skipped: number;
  /** True when there is nothing more for now. */
  caughtUp: boolean;
}

/**
 * The next messages in the order in which they were logged. The log itself is the buffer: a slow reader costs no
 * memory, and what was committed by another node of this service is found the same way.
 */
export async function readTail(read: Kysely<LogSchema>, filter: Filter, after: number): Promise<TailStep> {
  const newest = await newestSeq(read);
  const skipped = Math.max(0, newest - after - maxBehind);
  const from = skipped > 0 ? newest - stepRows : after;
  const to = Math.min(newest, from + stepRows);
  const { rows } = await sql<MessageRow>`
    SELECT m.* FROM messages m
    WHERE m.seq > ${from} AND m.seq <= ${to} AND ${sql.join(tailConditions(filter), sql` AND `)}
    ORDER BY m.seq LIMIT ${stepLimit}`.execute(read);
  const last = rows.length < stepLimit ? undefined : rows.at(-1);
  const seq = last?.seq ?? Math.max(to, after);
  return {
    items: await pairAnswers(read, rows),
    seq,
    skipped: skipped > 0 ? from - after : 0,
    caughtUp: seq >= newest,
  };
}

export async function newestSeq(read: Kysely<LogSchema>): Promise<number> {
  const { rows } = await sql<{ seq: number | null }>`SELECT max(seq) AS seq FROM messages`.execute(read);
  return rows[0]?.seq ?? 0;
}

export async function seqOf(read: Kysely<LogSchema>, id: string): Promise<number | undefined> {
  const row = await read.selectFrom('messages').select('seq').where('id', '=', id).executeTakeFirst();
  return row?.seq;
}

function tailConditions({ client, from, to, conditions }: Filter) {
  return [
    ...(client === undefined ? [] : [sql`m.client = ${client}`]),
    ...(from === undefined ? [] : [sql`m.message_time >= ${from}`]),
    ...(to === undefined ? [] : [sql`m.message_time < ${to}`]),
    ...conditions,
    sql`1 = 1`,
  ];
}
