import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { type Answers, parseAnswers } from './answers.ts';

/** The data of a release, as it left it on each engine; made by make-fixture.ts, and never changed after the release. */
export interface Fixture {
  version: string;
  folder: string;
}

export const databaseNames = ['session', 'bus', 'device-manager', 'message-manager'] as const;

/** `storage_probe` is what readiness writes. */
const ownTables = /^sqlite_|^storage_probe$/;

export const fixtureOf = (version: string): Fixture => ({ version, folder: join(import.meta.dirname, version) });

export function allFixtures(): Fixture[] {
  return readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^\d/.test(entry.name))
    .map(({ name }) => fixtureOf(name));
}

const sqliteDump = ({ folder }: Fixture, name: string): string => join(folder, `${name}.sqlite.sql`);
export const postgresDump = ({ folder }: Fixture): string => join(folder, 'postgresql.sql');
const answersFile = ({ folder }: Fixture): string => join(folder, 'answers.json');

export const readAnswers = async (fixture: Fixture): Promise<Answers> =>
  parseAnswers(await readFile(answersFile(fixture), 'utf8'));

export const writeAnswers = (fixture: Fixture, answers: Answers): Promise<void> =>
  writeFile(answersFile(fixture), `${JSON.stringify(answers, null, 1)}\n`);

/** The SQLite files of this release, in `directory`. */
export async function loadIntoSqlite(fixture: Fixture, directory: string): Promise<void> {
  for (const name of databaseNames) {
    if (!existsSync(sqliteDump(fixture, name))) continue;
    const database = new Sqlite(join(directory, `${name}.sqlite`));
    try {
      database.exec(await readFile(sqliteDump(fixture, name), 'utf8'));
    } finally {
      database.close();
    }
  }
}

/** The schemas of this release, in the empty database at `url`. */
export async function loadIntoPostgres(fixture: Fixture, url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(await readFile(postgresDump(fixture), 'utf8'));
  } finally {
    await client.end();
  }
}

/** What `sqlite3 FILE .dump` writes, without that program. */
export async function dumpSqlite(fixture: Fixture, directory: string): Promise<void> {
  for (const name of databaseNames) {
    const file = join(directory, `${name}.sqlite`);
    if (!existsSync(file)) continue;
    const database = new Sqlite(file, { readonly: true });
    try {
      await writeFile(sqliteDump(fixture, name), `${[...dumpLines(database)].join('\n')}\n`);
    } finally {
      database.close();
    }
  }
}

function* dumpLines(database: Sqlite.Database): Generator<string> {
  const objects = database
    .prepare<[], { type: string; name: string; sql: string }>(
      `SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type = 'table' DESC, rowid`,
    )
    .all()
    .filter(({ name }) => !ownTables.test(name));
  yield 'BEGIN;';
  for (const { sql } of objects) yield `${sql};`;
  for (const { type, name } of objects) if (type === 'table') yield* dumpRows(database, name);
  yield 'COMMIT;';
}

function* dumpRows(database: Sqlite.Database, table: string): Generator<string> {
  const columns = database.prepare<[], { name: string }>(`SELECT name FROM pragma_table_info('${table}')`).all();
  const quoted = columns.map(({ name }) => `quote("${name}")`).join(` || ',' || `);
  const rows = database.prepare<[], { line: string }>(`SELECT ${quoted} AS line FROM "${table}"`).all();
  for (const { line } of rows) yield `INSERT INTO "${table}" VALUES (${line});`;
}
