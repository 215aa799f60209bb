import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import type { Database, Engine, OpenOptions } from '../database.ts';
import { type DatabaseSettings, databaseOptions } from '../database-options.ts';

/** Where the tests find a PostgreSQL server on which they may create databases. */
export const testPostgresUrl = process.env.TEST_POSTGRESQL_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';

/** The engine that this run of the tests is for: the vitest project `postgresql` says so. */
export const testEngine = process.env.TEST_DATABASE === 'postgresql' ? 'postgresql' : 'sqlite';

/** Where a test keeps its databases: a folder, or a PostgreSQL database of its own. */
export interface TestPlace {
  directory: string;
  /** The sections of the settings. */
  settings: DatabaseSettings;
  /** For `openDatabase`, without name and migrations. No test cuts the power. */
  options: Pick<OpenOptions, 'directory' | 'synchronous' | 'postgresql'>;
  /** Everything is gone afterwards. */
  remove(): Promise<void>;
}

/** `engine`: by default that of this run. */
export async function createTestPlace(engine: 'sqlite' | 'postgresql' = testEngine): Promise<TestPlace> {
  const directory = await mkdtemp(join(tmpdir(), 'csms-test-'));
  const database = engine === 'postgresql' ? await createTestDatabase() : undefined;
  const settings: DatabaseSettings = {
    storage: { driver: engine, synchronous: 'normal' },
    postgresql: { url: database?.url ?? '', maxConnections: 4 },
  };
  return {
    directory,
    settings,
    options: databaseOptions(settings, directory),
    async remove() {
      await database?.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Empties all tables but those that are `kept`. */
export async function emptyTables<Schema>(database: Database<Schema>, kept: readonly string[]): Promise<void> {
  await database.write(async (transaction) => {
    for (const name of await tableNames(transaction, database.engine))
      if (!kept.includes(name)) await sql`delete from ${sql.table(name)}`.execute(transaction);
  });
}

/** How many transactions PostgreSQL has ended for a deadlock in this database: each took a second. It may lag a little. */
export async function deadlocksIn<Schema>({ read }: Database<Schema>): Promise<number> {
  const query = sql<{ deadlocks: number }>`select deadlocks from pg_stat_database where datname = current_database()`;
  return (await query.execute(read)).rows[0]?.deadlocks ?? 0;
}

/** Everything in a PostgreSQL database, as text: to look for what must not be there. */
export async function textOfTables<Schema>({ read, engine }: Database<Schema>): Promise<string> {
  let text = '';
  for (const name of await tableNames(read, engine)) {
    const { rows } = await sql<{ row: string }>`select t::text as row from ${sql.table(name)} t`.execute(read);
    text += rows.map(({ row }) => row).join('\n');
  }
  return text;
}

async function tableNames<Schema>(database: Kysely<Schema>, engine: Engine): Promise<string[]> {
  const tables =
    engine === 'sqlite'
      ? sql<{ name: string }>`select name from sqlite_master where type = 'table'`
      : sql<{ name: string }>`select tablename as name from pg_tables where schemaname = current_schema()`;
  return (await tables.execute(database)).rows.map(({ name }) => name);
}

/** Why there can be no tests on PostgreSQL here, or nothing. */
export async function postgresMissing(): Promise<string | undefined> {
  try {
    await onServer(async () => {});
    return undefined;
  } catch (error) {
    const { message, code } = error as { message?: string; code?: string };
    return `no PostgreSQL at ${new URL(testPostgresUrl).host} (${message || code}); TEST_POSTGRESQL_URL names another`;
  }
}

let created = 0;

async function createTestDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `csms_test_${process.pid}_${++created}`;
  await onServer(async (client) => {
    if (created === 1) await dropLeftOver(client);
    await client.query(`create database ${name}`);
  });
  const url = new URL(testPostgresUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => onServer(async (client) => void (await client.query(`drop database if exists ${name} with (force)`))),
  };
}

/** Of runs that were killed. One that is still used is not dropped. */
async function dropLeftOver(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    `select datname from pg_database where datname ~ '^csms_test_[0-9]+_[0-9]+$'`,
  );
  for (const { datname } of rows) {
    if (!isAlive(Number(datname.split('_')[2]))) await client.query(`drop database ${datname}`).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function onServer(work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: testPostgresUrl, connectionTimeoutMillis: 3000 });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
