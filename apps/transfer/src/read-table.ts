import type { Database, TransferTable } from '@ocpp-csms/storage';
import { sql } from 'kysely';
import { type JsonRow, toJson } from './format.ts';

const pageRows = 500;

type Row = Record<string, unknown>;

/** All rows in the order of the key, a page at a time: the memory it takes does not grow with the table. */
export async function* readTable({ read }: Database<unknown>, { name, key }: TransferTable): AsyncGenerator<JsonRow[]> {
  const columns = sql.join(key.map((column) => sql.ref(column)));
  let after: unknown[] | undefined;
  for (;;) {
    const behind = after === undefined ? sql`` : sql`where (${columns}) > (${sql.join(after)})`;
    const { rows } = await sql<Row>`
      select * from ${sql.table(name)} ${behind} order by ${columns} limit ${sql.lit(pageRows)}`.execute(read);
    if (rows.length > 0) yield rows.map(jsonRow);
    const last = rows.at(-1);
    if (rows.length < pageRows || last === undefined) return;
    after = key.map((column) => last[column]);
  }
}

const jsonRow = (row: Row): JsonRow =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [column, toJson(value)]));

export async function isTableEmpty({ read }: Database<unknown>, table: string): Promise<boolean> {
  const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(read);
  return rows.length === 0;
}
