import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenOptions } from './database.ts';
import { toError } from './storage-errors.ts';

/** Long enough for a backup tool that reads a page, short for a person who waits. */
const WAIT_MS = 1000;

/**
 * Who else has this database open, in words; `undefined` when nobody has, or it is not there yet. To be asked before
 * it is opened here. On SQLite certain; on PostgreSQL by the names of the connections, which a service that has
 * nothing to do gives back after a minute. Rejects when the database cannot be had.
 */
export function usedElsewhere({
  name,
  directory,
  postgresql,
}: Pick<OpenOptions, 'name' | 'directory' | 'postgresql'>): Promise<string | undefined> {
  return postgresql === undefined ? usedFile(join(directory, `${name}.sqlite`)) : usedDatabase(postgresql.url, name);
}

/** A file in WAL mode leaves it only for a connection that is alone; `openDatabase` brings it back. */
async function usedFile(file: string): Promise<string | undefined> {
  if (!existsSync(file)) return undefined;
  const { default: Sqlite } = await import('better-sqlite3');
  const used = `${file} is open in another program`;
  const database = new Sqlite(file, { timeout: WAIT_MS, fileMustExist: true });
  try {
    return database.pragma('journal_mode = DELETE', { simple: true }) === 'delete' ? undefined : used;
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string };
    if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return used;
    throw toError({ code, message }, file);
  } finally {
    database.close();
  }
}

async function usedDatabase(url: string, name: string): Promise<string | undefined> {
  const { askPostgres } = await import('./ask-postgres.ts');
  return askPostgres(url, async (client, place) => {
    const { rowCount } = await client.query(
      `select from pg_stat_activity where datname = current_database() and application_name = $1`,
      [`ocpp-csms ${name.replaceAll('-', '_')}`],
    );
    return rowCount
      ? `schema ${name.replaceAll('-', '_')} of PostgreSQL ${place} is used by ${rowCount} connections of ocpp-csms`
      : undefined;
  });
}
