import { type Kysely, sql } from 'kysely';
import { type BlockContent, blockOf, type LogLine, lineAt, linesOf } from './block-lines.ts';
import { memberText } from './filter.ts';
import { idsAround } from './id-range.ts';
import { storable } from './pack-blocks.ts';
import { idWidthMs, type LogSchema } from './schema.ts';

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
  for (const id of ids) {
    const text = memberText('id', id);
    const highest = idsAround(storable(id), { before: 0, after: idWidthMs }).to;
    const { rows } = await sql<BlockContent>`
      SELECT b.seq, b.first_time, b.content FROM blocks b
      WHERE b.last_id BETWEEN ${storable(id)} AND ${highest} AND b.first_id <= ${storable(id)}
        AND instr(b.content, ${text}) > 0`.execute(read);
    const filter = { texts: [text], holds: ({ message }: LogLine) => message.id === id };
    for (const block of rows) lines.push(...linesOf(block, filter));
  }
  return lines;
}

/** The messages that are known by these `seq`, as far as they are still in the log. */
export async function readLines(read: Kysely<LogSchema>, seqs: readonly number[]): Promise<LogLine[]> {
  const { rows } = await sql<BlockContent>`
    SELECT b.seq, b.first_time, b.content FROM blocks b
    WHERE b.seq IN (SELECT value FROM json_each(${JSON.stringify(seqs.map(blockOf))}))`.execute(read);
  const blocks = new Map(rows.map((block) => [block.seq, block]));
  return seqs.flatMap((seq) => {
    const block = blocks.get(blockOf(seq));
    return (block === undefined ? undefined : lineAt(block, seq)) ?? [];
  });
}
