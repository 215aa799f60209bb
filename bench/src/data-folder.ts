import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const made = new Set<string>();

process.on('exit', () => made.forEach(remove));

/**
 * A folder for the time of the work. Beside the sources and not in /tmp, which may be memory: a commit has to cost
 * what it costs. Also removed when the bench is ended early.
 */
export async function withDataFolder<Result>(work: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = mkdtempSync(join(import.meta.dirname, '../.data-'));
  made.add(directory);
  try {
    return await work(directory);
  } finally {
    remove(directory);
  }
}

function remove(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  made.delete(directory);
}
