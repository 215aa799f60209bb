import { type Kysely, sql } from 'kysely';
import { indexable } from '../envelope-text.ts';
import { memberText } from '../filter.ts';
import { idsAround } from '../id-range.ts';
import type { LogLine } from '../message.ts';
import { type BlockContent, blockOf, linesAt, linesOf } from './block-lines.ts';
import { dialectOf } from './dialect.ts';
import { type BlockRow, idWidthMs, type LogSchema } from './schema.ts';

/** The message with this `id` of its envelope. */
export async function findMessage(read: Kysely<LogSchema>, id: string): Promise<LogLine | undefined> {
  const [line] = await linesWithIds(read, [id]);
  return line;
}

/** Those of the ids that are in the log. */
export async function findLogged(read: Kysely<LogSchema>, ids: readonly string[]): Promise<Set<string>> {
  return new Set((await linesWithIds(read, ids)).map(({ message }) => message.id));
}

async function linesWithIds(read: Kysely<LogSchema>, ids: readonly string[]): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for (const [seq, wanted] of await blocksWithIds(read, ids)) {
    for (const block of await readBlocks(read, [seq])) {
      for (const id of wanted) {
        const holds = ({ message }: LogLine) => message.id === id;
        lines.push(...linesOf(block, { texts: [memberText('id', id)], holds }));
      }
    }
  }
  return lines;
}

/** For each block the ids that may be in it. */
async function blocksWithIds(read: Kysely<LogSchema>, ids: readonly string[]): Promise<Map<number, string[]>> {
  const found = new Map<number, string[]>();
  const note = (seq: number, id: string) => found.set(seq, [...(found.get(seq) ?? []), id]);
  // First those that are not indexed yet: what is indexed meanwhile is met twice, which does no harm.
  const { rows } = await sql<Pick<BlockRow, 'seq' | 'first_id' | 'last_id'>>`
    SELECT seq, first_id, last_id FROM blocks WHERE seq > (SELECT indexed_to FROM log_state)`.execute(read);
  for (const id of ids) {
    const key = indexable(id);
    for (const { seq, first_id, last_id } of rows) if (first_id <= key && key <= last_id) note(seq, id);
    for (const seq of await indexedBlocksWith(read, key)) note(seq, id);
  }
  return found;
}

async function indexedBlocksWith(read: Kysely<LogSchema>, id: string): Promise<number[]> {
  const highest = idsAround(id, { before: 0, after: idWidthMs }).to;
  const { rows } = await sql<{ seq: number }>`
    SELECT seq FROM block_index WHERE last_id BETWEEN ${id} AND ${highest} AND first_id <= ${id}`.execute(read);
  return rows.map(({ seq }) => seq);
}

/** The messages that are known by these `seq`, as far as they are still in the log. */
export async function readLines(read: Kysely<LogSchema>, seqs: readonly number[]): Promise<LogLine[]> {
  const wanted = Map.groupBy(seqs, blockOf);
  const blocks = await readBlocks(read, [...wanted.keys()]);
  return blocks.flatMap((block) => linesAt(block, wanted.get(block.seq) ?? []));
}

async function readBlocks(read: Kysely<LogSchema>, seqs: readonly number[]): Promise<BlockContent[]> {
  const { rows } = await sql<BlockContent>`
    SELECT seq, first_time, content FROM blocks
    WHERE ${dialectOf(read).isAmong(sql`seq`, seqs)}`.execute(read);
  return rows;
}
