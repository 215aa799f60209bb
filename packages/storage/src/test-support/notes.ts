import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Migration } from '../database.ts';

/** A table to test with. */
export interface Notes {
  note: { id: number; text: string | null; bytes: Uint8Array | null };
}

export const notesMigration: Migration = {
  name: '0001-note',
  async up(database, engine) {
    const bytes = sql.raw(engine === 'sqlite' ? 'blob' : 'bytea');
    await sql`CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT UNIQUE, bytes ${bytes})`.execute(database);
  },
};

export const INSERT_NOTE = 'INSERT INTO note (id, text) VALUES (?, ?)';

export function noteRows(from: number, count: number): (readonly [number, string])[] {
  return Array.from({ length: count }, (_, index) => [from + index, `note ${from + index}`] as const);
}

/** A folder that is gone when the test is over. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'storage-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
