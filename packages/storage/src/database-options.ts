import type { OpenOptions } from './database.ts';

/** The sections `storage` and `postgresql` of the settings. */
export interface DatabaseSettings {
  storage: { driver: 'sqlite' | 'postgresql'; synchronous: 'full' | 'normal' };
  postgresql: { url: string; maxConnections: number };
}

/** What `openDatabase` needs to know from the settings; `directory` is for SQLite. Throws when they contradict each other. */
export function databaseOptions(
  { storage: { driver, synchronous }, postgresql: { url, maxConnections } }: DatabaseSettings,
  directory: string,
): Pick<OpenOptions, 'directory' | 'synchronous' | 'postgresql'> {
  if (driver === 'sqlite') return { directory, synchronous };
  if (url === '')
    throw new Error(
      'storage.driver is postgresql, but postgresql.url is empty: set it to postgresql://user:password@host:5432/database',
    );
  return { directory, synchronous, postgresql: { url, maxConnections } };
}
