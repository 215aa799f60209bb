import { open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncDirectory } from './segment.ts';

/** How far a stream has come: everything before is handled. */
export interface Cursor {
  position: number;
  index: number;
}

/** By topic and group: among which peers its clients are divided, and how far each has come. */
export type Cursors = Record<string, { journal: string; peers: readonly string[]; cursors: Record<string, Cursor> }>;

const FILE = 'cursors.json';

/** Undefined when there are none, or when they cannot be read: then everything that is in the journal is delivered again. */
export async function readCursors(directory: string): Promise<Cursors | undefined> {
  try {
    return JSON.parse(await readFile(join(directory, FILE), 'utf8'));
  } catch {
    return undefined;
  }
}

/** `text`: of `Cursors`. Need not be synced: an older state, after a power cut, only delivers some messages again. */
export function writeCursors(directory: string, text: string, sync: boolean): Promise<void> {
  return writeWhole(join(directory, FILE), text, sync);
}

/** Replaces the file at once: a reader sees the old or the new text. */
export async function writeWhole(path: string, text: string, sync: boolean): Promise<void> {
  const next = `${path}.next`;
  const handle = await open(next, 'w');
  try {
    await handle.writeFile(text);
    if (sync) await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(next, path);
  if (sync) await syncDirectory(dirname(path));
}
