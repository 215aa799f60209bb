import { sql, type Transaction } from 'kysely';
import type { OpenOptions } from './database.ts';

const OLDEST_MAJOR = 13;

interface Server {
  /** As in `server_version_num`. */
  version: number;
  encoding: string;
  fsync: string;
  exists: boolean;
}

/** Makes the schema when it is not there. Refuses a server that can't keep what is promised. */
export async function ensureSchema(
  transaction: Transaction<unknown>,
  schema: string,
  log: OpenOptions['log'],
): Promise<void> {
  const { rows } = await sql<Server>`
    select current_setting('server_version_num')::integer as version, current_setting('server_encoding') as encoding,
      current_setting('fsync') as fsync, exists (select from pg_namespace where nspname = ${schema}) as exists`.execute(
    transaction,
  );
  const [server] = rows;
  if (!server) throw new Error('PostgreSQL said nothing about itself');
  refuseServer(server);
  if (server.fsync !== 'on')
    log?.warn({ schema }, 'PostgreSQL runs with fsync off: what was answered does not survive a power cut');
  // `create schema if not exists` wants the privilege even where there is nothing to do.
  if (!server.exists) await sql`create schema ${sql.id(schema)}`.execute(transaction);
}

/** Throws when a server, or the database on it, cannot be used. */
export function refuseServer({ version, encoding }: Pick<Server, 'version' | 'encoding'>): void {
  const major = Math.floor(version / 10_000);
  if (major < OLDEST_MAJOR) throw new Error(`PostgreSQL ${major} is too old: ${OLDEST_MAJOR} or later is needed`);
  if (encoding !== 'UTF8')
    throw new Error(
      `The PostgreSQL database has the encoding ${encoding}: create one with ENCODING 'UTF8' and set postgresql.url to it`,
    );
}
