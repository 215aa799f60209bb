import type { BulkStatement, SqlValue } from './database.ts';

/** One statement with the parameters of one or many rows. */
export interface PlainStatement {
  sql: string;
  parameters: readonly SqlValue[];
}

/** PostgreSQL takes 65,535 parameters; with more than some thousands, planning costs more than the trips it saves. */
const PARAMETERS_AT_ONCE = 8000;

/** The statements of a bulk for PostgreSQL: `?` numbered, rows of an insert put together. */
export function plainStatements({ sql, rows }: BulkStatement): PlainStatement[] {
  const columns = rows[0]?.length ?? 0;
  for (const row of rows) {
    if (row.length !== columns) throw new RangeError(`rows of ${columns} and of ${row.length} values for: ${sql}`);
  }
  const insert = columns === 0 ? undefined : splitInsert(sql);
  if (insert === undefined) return rowByRow({ sql, rows });
  const rowsAtOnce = Math.max(1, Math.floor(PARAMETERS_AT_ONCE / columns));
  const statements: PlainStatement[] = [];
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    const chunk = rows.slice(at, at + rowsAtOnce);
    const groups = chunk.map((_, index) => numbered(insert.group, index * columns));
    statements.push({ sql: insert.before + groups.join(', ') + insert.after, parameters: chunk.flat() });
  }
  return statements;
}

/** Each row on its own: also for an upsert that has a key twice, which PostgreSQL refuses in one statement (21000). */
export function rowByRow({ sql, rows }: BulkStatement): PlainStatement[] {
  const text = numbered(sql, 0);
  return rows.map((parameters) => ({ sql: text, parameters }));
}

interface SplitInsert {
  before: string;
  /** `(?, ?, lower(?))` */
  group: string;
  after: string;
}

/** Parts an `insert … values (…) …` whose placeholders are all in the one group of its values. */
function splitInsert(sql: string): SplitInsert | undefined {
  const match = /^\s*insert\b[^?]*?\bvalues\s*(?=\()/i.exec(sql);
  if (!match) return undefined;
  const end = closingParenthesis(sql, match[0].length);
  if (end === undefined) return undefined;
  const after = sql.slice(end + 1);
  if (after.includes('?') || /^\s*,/.test(after)) return undefined;
  return { before: match[0], group: sql.slice(match[0].length, end + 1), after };
}

function closingParenthesis(sql: string, from: number): number | undefined {
  let depth = 0;
  let quote: string | undefined;
  for (let at = from; at < sql.length; at++) {
    const character = sql[at];
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
    } else if (character === "'" || character === '"') quote = character;
    else if (character === '(') depth++;
    else if (character === ')' && --depth === 0) return at;
  }
  return undefined;
}

/** `?` outside of quotes becomes `$1`, `$2`, …, counted on from `offset`. */
function numbered(sql: string, offset: number): string {
  let number = offset;
  return sql.replace(/'[^']*'|"[^"]*"|\?/g, (part) => (part === '?' ? `$${++number}` : part));
}
