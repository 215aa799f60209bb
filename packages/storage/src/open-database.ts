import type { Database, OpenOptions } from './database.ts';
import type { PostgresInternals } from './postgres-database.ts';
import { openSqlite, type SqliteInternals } from './sqlite-database.ts';

/** Bounds and clocks that only tests set. */
export interface OpenInternals extends SqliteInternals, PostgresInternals {}

/**
 * Opens the database `name`, makes it when it is not there, and migrates it: `<directory>/<name>.sqlite`, or the schema
 * of that name when `options.postgresql` is given. Rejects with `StorageUnavailable` (folder not writable, server away,
 * …) or with an `Error` that says what is wrong with the database.
 */
export async function openDatabase<Schema>(
  options: OpenOptions,
  internals: OpenInternals = {},
): Promise<Database<Schema>> {
  const { name, postgresql } = options;
  if (!/^[\w-]+$/.test(name)) throw new Error(`"${name}" cannot name a database: use letters, digits, - and _`);
  if (postgresql === undefined) return openSqlite<Schema>(options, internals);
  // Loaded where it is used: most installations have no PostgreSQL.
  const { openPostgres } = await import('./postgres-database.ts');
  return openPostgres<Schema>({ ...options, postgresql }, internals);
}
