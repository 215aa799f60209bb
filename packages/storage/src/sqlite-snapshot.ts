import { toError } from './storage-errors.ts';

/** What a writer that is just beginning or ending its log may make us wait. */
const WAIT_MS = 10_000;

/**
 * Copies a database that others may be using to a file that is not there yet: one moment of it, compacted, in one file.
 * Everything is read in one transaction, beside which writers go on (WAL); what SQLite's backup API does would begin
 * again with each commit of another process. The copy is looked through before it counts; syncing it is the caller's.
 * Works in this thread. Rejects when the file cannot be read or is damaged.
 */
export async function snapshotSqlite(file: string, target: string): Promise<{ migrations: string[] }> {
  const { default: Sqlite } = await import('better-sqlite3');
  try {
    const source = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: WAIT_MS });
    try {
      source.prepare('VACUUM INTO ?').run(target);
    } finally {
      source.close();
    }
    const copy = new Sqlite(target, { readonly: true });
    try {
      const verdict = copy.pragma('quick_check(1)', { simple: true });
      if (verdict !== 'ok') throw new Error(`${file} is damaged: ${String(verdict)}. Keep it, and restore a backup`);
      const names = copy.prepare<[], { name: string }>('SELECT name FROM migration ORDER BY name').all();
      return { migrations: names.map(({ name }) => name) };
    } finally {
      copy.close();
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) throw error;
    throw toError({ code: error.code, message: error.message }, file);
  }
}
