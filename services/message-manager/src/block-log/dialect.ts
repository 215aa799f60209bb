import { type Kysely, PostgresAdapter, type RawBuilder, sql } from 'kysely';
import type { LogSchema } from './schema.ts';

/** What SQLite and PostgreSQL say differently. */
export interface Dialect {
  /** `column` is one of these. */
  isAmong(column: RawBuilder<unknown>, numbers: readonly number[]): RawBuilder<unknown>;
  isAmongTexts(column: RawBuilder<unknown>, texts: readonly string[]): RawBuilder<unknown>;
  /** A table `n` with these in its column `value`, from which the query begins. */
  tableOf(numbers: readonly number[]): RawBuilder<unknown>;
  /** `term_blocks t` with a row for each of its blocks, in `n.value`. */
  termBlocks: RawBuilder<unknown>;
  /** The text is in the column, exactly. */
  has(column: RawBuilder<unknown>, text: string): RawBuilder<unknown>;
  /** The column is like the pattern (`\` escapes). May be blind to the case of letters where that was not asked for. */
  isLike(column: RawBuilder<unknown>, pattern: string, anyCase: boolean): RawBuilder<unknown>;
  /** The `seq` of the newest block: all blocks up to there are committed. A query. */
  newestBlock: RawBuilder<unknown>;
  /** Where among the answers those to CALLs that were logged between these two `seq` can be. */
  answersNear(first: number, last: number): RawBuilder<unknown>;
  /** Bytes that messages and indexes take. A query. */
  usedBytes: RawBuilder<unknown>;
}

/** Of the connection or transaction that the query is for. */
export function dialectOf(read: Kysely<LogSchema>): Dialect {
  return read.getExecutor().adapter instanceof PostgresAdapter ? postgresql : sqlite;
}

const sqlite: Dialect = {
  isAmong: (column, numbers) => sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(numbers)}))`,
  isAmongTexts: (column, texts) => sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(texts)}))`,
  tableOf: (numbers) => sql`json_each(${JSON.stringify(numbers)}) n`,
  termBlocks: sql`term_blocks t CROSS JOIN json_each(t.blocks) n`,
  has: (column, text) => sql`instr(${column}, ${text}) > 0`,
  isLike: (column, pattern) => sql`${column} LIKE ${pattern} ESCAPE '\\'`,
  newestBlock: sql`SELECT max(seq) AS seq FROM blocks`,
  answersNear: () => sql`1 = 1`,
  usedBytes: sql`
    SELECT (p.page_count - f.freelist_count) * s.page_size AS bytes
    FROM pragma_page_count() p, pragma_freelist_count() f, pragma_page_size() s`,
};

/** `seq` is a time there (see `seqOfTime`). An answer is logged near its CALL: a day is long, and few partitions. */
const answeredWithin = (86_400_000 / 16) * 65_536;
const loggedBefore = answeredWithin / 24;

const arrayOf = (numbers: readonly number[]) => sql`${`{${numbers.join()}}`}::bigint[]`;

const postgresql: Dialect = {
  isAmong: (column, numbers) => sql`${column} = ANY(${arrayOf(numbers)})`,
  isAmongTexts: (column, texts) => sql`${column} IN (${sql.join([...texts])})`,
  tableOf: (numbers) => sql`unnest(${arrayOf(numbers)}) n(value)`,
  termBlocks: sql`term_blocks t CROSS JOIN LATERAL (
    SELECT e.text::bigint AS value FROM jsonb_array_elements_text(t.blocks::jsonb) e(text)) n`,
  has: (column, text) => sql`strpos(${column}, ${text}) > 0`,
  isLike: (column, pattern, anyCase) =>
    anyCase ? sql`${column} ILIKE ${pattern} ESCAPE '\\'` : sql`${column} LIKE ${pattern} ESCAPE '\\'`,
  newestBlock: sql`SELECT last_block AS seq FROM log_mark`,
  answersNear: (first, last) => sql`seq BETWEEN ${first - loggedBefore} AND ${last + answeredWithin}`,
  usedBytes: sql`
    SELECT coalesce(sum(pg_total_relation_size(oid)), 0) AS bytes FROM pg_class
    WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND relkind = 'r'`,
};
