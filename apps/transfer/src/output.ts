import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The owner alone may read it: digests of passwords, and tokens, are in it. */
const mode = 0o600;

/** Writes beside the file first: what has its name is whole, also after a power cut. */
export async function writeSecretFile(path: string, text: AsyncIterable<string>): Promise<void> {
  const partial = `${path}.part`;
  await rm(partial, { force: true });
  try {
    // `wx`: what somebody else put there in between is not written into.
    await pipeline(Readable.from(text), createWriteStream(partial, { mode, flags: 'wx', flush: true }));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await syncFolderOf(path);
}

async function syncFolderOf(path: string): Promise<void> {
  // Windows has no handle of a folder to sync; its file system keeps names in a journal of its own.
  if (process.platform === 'win32') return;
  const folder = await open(dirname(resolve(path)));
  await folder.sync().finally(() => folder.close());
}

/** The standard output is not ours to end. */
export async function writeToStandardOutput(text: AsyncIterable<string>): Promise<void> {
  await pipeline(Readable.from(text), process.stdout, { end: false });
}
