import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenOptions } from './database.ts';
import { toError } from './storage-errors.ts';

/** What a PostgreSQL server says of itself, and of the database and user of the URL. */
export interface PostgresServer {
  /** `host:5432/database`: without the password. */
  place: string;
  version: string;
  /** Off: what was answered does not survive a power cut. */
  fsync: string;
  /** It can be read alone. */
  isStandby: boolean;
  /** The user may make the schemas that the services need. */
  mayCreate: boolean;
  /** Connections that are left for all. */
  freeConnections: number;
  /** Milliseconds that its clock is ahead of the one here. */
  clockAheadMs: number;
}

/** Nothing is made or changed. Rejects with `StorageUnavailable`, or with an `Error` that says why it cannot be used. */
export async function inspectPostgres(url: string, now: () => number): Promise<PostgresServer> {
  const [{ askPostgres }, { refuseServer }] = await Promise.all([
    import('./ask-postgres.ts'),
    import('./postgres-schema.ts'),
  ]);
  return askPostgres(url, async (client, place) => {
    const asked = now();
    const { rows } = await client.query(`
      select current_setting('server_version_num')::integer as number, current_setting('server_version') as version,
        current_setting('server_encoding') as encoding, current_setting('fsync') as fsync,
        pg_is_in_recovery() as standby, has_database_privilege(current_database(), 'CREATE') as may_create,
        current_setting('max_connections')::integer - (select count(*)::integer from pg_stat_activity) as free,
        extract(epoch from clock_timestamp())::float8 * 1000 as clock`);
    const [{ number, version, encoding, fsync, standby, may_create, free, clock }] = rows;
    refuseServer({ version: number, encoding });
    return {
      place,
      version,
      fsync,
      isStandby: standby,
      mayCreate: may_create,
      freeConnections: free,
      // It was read somewhere between question and answer.
      clockAheadMs: Math.round(clock - (asked + now()) / 2),
    };
  });
}

/**
 * The migrations that a database has had; `undefined`: it is not there yet. It may be in use meanwhile; nothing is made
 * or changed. Rejects with `StorageUnavailable`, or with an `Error` that says what is wrong with it.
 */
export function appliedMigrations({
  name,
  directory,
  postgresql,
}: Pick<OpenOptions, 'name' | 'directory' | 'postgresql'>): Promise<readonly string[] | undefined> {
  return postgresql === undefined
    ? appliedInFile(join(directory, `${name}.sqlite`))
    : appliedInSchema(postgresql.url, name.replaceAll('-', '_'));
}

async function appliedInFile(file: string): Promise<readonly string[] | undefined> {
  if (!existsSync(file)) return undefined;
  const { default: Sqlite } = await import('better-sqlite3');
  try {
    const database = new Sqlite(file, { readonly: true, fileMustExist: true });
    try {
      const hasTable = database.prepare(`select 1 from sqlite_master where name = 'migration'`).get() !== undefined;
      if (!hasTable) return [];
      return database.prepare('select name from migration order by name').pluck().all() as string[];
    } finally {
      database.close();
    }
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string };
    throw toError({ code, message }, file);
  }
}

async function appliedInSchema(url: string, schema: string): Promise<readonly string[] | undefined> {
  const { askPostgres } = await import('./ask-postgres.ts');
  return askPostgres(url, async (client) => {
    const { rows: tables } = await client.query(
      `select 1 from pg_tables where schemaname = $1 and tablename = 'migration'`,
      [schema],
    );
    if (tables.length === 0) return undefined;
    const { rows } = await client.query<{ name: string }>(`select name from "${schema}".migration order by name`);
    return rows.map(({ name }) => name);
  });
}
