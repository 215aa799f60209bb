import type { Database, SqlValue, TransferTable } from '@ocpp-csms/storage';
import { sql } from 'kysely';
import { fromJson, type JsonRow } from './format.ts';
import { Broken, Refused } from './refused.ts';

export interface WriteTable {
  /** Durable when it resolves. What is there already stays, or as the table's `whenThere` says. */
  write(rows: readonly JsonRow[]): Promise<void>;
  countRows(): Promise<number>;
}

export async function openWriteTable(
  database: Database<unknown>,
  service: string,
  table: TransferTable,
): Promise<WriteTable> {
  const columns = await columnsOf(database, table.name);
  const valuesOf = (row: JsonRow): SqlValue[] => {
    const values = columns.map((column) => row[column]);
    if (Object.keys(row).length !== columns.length || values.includes(undefined))
      throw new Broken(
        `A row of ${service} ${table.name} has other columns (${Object.keys(row).join(', ')}) than the table (${columns.join(', ')}).`,
        'The file was changed, or is damaged: export again.',
      );
    return values.map((value) => fromJson(value ?? null));
  };
  const insert = insertStatement(table, columns);
  const { whenThere } = table;
  return {
    async write(rows) {
      const values = rows.map(valuesOf);
      if (whenThere?.keep === 'same') await replaceOrCompare(database, service, { table, whenThere, columns, values });
      else await database.bulk([{ sql: insert, rows: values }]);
    },
    async countRows() {
      const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table.name)}`.execute(
        database.read,
      );
      return rows[0]?.count ?? 0;
    },
  };
}

/** From the database itself: what a file names as columns never gets into a statement. */
async function columnsOf({ engine, read }: Database<unknown>, table: string): Promise<string[]> {
  const columns =
    engine === 'sqlite'
      ? sql<{ name: string }>`select name from pragma_table_info(${table}) order by cid`
      : sql<{ name: string }>`
          select column_name::text as name from information_schema.columns
          where table_schema = current_schema() and table_name = ${table} order by ordinal_position`;
  return (await columns.execute(read)).rows.map(({ name }) => name);
}

const quoted = (name: string): string => `"${name}"`;

function insertStatement({ name, key, whenThere }: TransferTable, columns: readonly string[]): string {
  const marks = columns.map(() => '?').join(', ');
  const insert = `insert into ${quoted(name)} (${columns.map(quoted).join(', ')}) values (${marks})`;
  if (whenThere?.keep !== 'highest') return `${insert} on conflict do nothing`;
  const column = quoted(whenThere.column);
  return `${insert} on conflict (${key.map(quoted).join(', ')}) do update set ${column} = excluded.${column} where excluded.${column} > ${quoted(name)}.${column}`;
}

interface Same {
  table: TransferTable;
  whenThere: Extract<NonNullable<TransferTable['whenThere']>, { keep: 'same' }>;
  columns: readonly string[];
  values: readonly SqlValue[][];
}

/** Alone with the database, so that nobody begins to use what is replaced. */
function replaceOrCompare(
  database: Database<unknown>,
  service: string,
  { table: { name }, whenThere: { replacedWhileEmpty, refusal }, columns, values }: Same,
): Promise<void> {
  return database.write(async (transaction) => {
    const used = await sql`select 1 from ${sql.table(replacedWhileEmpty)} limit 1`.execute(transaction);
    const isUsed = used.rows.length > 0;
    if (!isUsed) await sql`delete from ${sql.table(name)}`.execute(transaction);
    const names = sql.join(columns.map((column) => sql.ref(column)));
    for (const row of values) {
      if (!isUsed) {
        await sql`insert into ${sql.table(name)} (${names}) values (${sql.join(row)})`.execute(transaction);
        continue;
      }
      const equal = columns.map((column, index) => sql`${sql.ref(column)} = ${row[index]}`);
      const same = await sql`select 1 from ${sql.table(name)} where ${sql.join(equal, sql` and `)}`.execute(
        transaction,
      );
      if (same.rows.length === 0)
        // It is the first row of all: nothing was written yet.
        throw new Refused(
          `The ${service} of the target is not what the file comes from: ${refusal}.`,
          'Import into an empty database; or leave this part out, e.g. --only messages.',
        );
    }
  });
}
