import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The owner alone may read it: tokens, digests of passwords and keys are in it. */
export const secretMode = 0o600;
export const secretFolderMode = 0o700;

export interface Digest {
  bytes: number;
  sha256: string;
}

/** Copies a file that does not change, durably. Resolves with what was read. */
export async function copyFile(from: string, to: string): Promise<Digest> {
  const { through, digest } = meter();
  await pipeline(
    createReadStream(from),
    through,
    createWriteStream(to, { mode: secretMode, flags: 'wx', flush: true }),
  );
  return digest();
}

export async function digestOf(path: string): Promise<Digest> {
  const { through, digest } = meter();
  through.resume();
  await pipeline(createReadStream(path), through);
  return digest();
}

function meter(): { through: Transform; digest(): Digest } {
  const hash = createHash('sha256');
  let bytes = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { through, digest: () => ({ bytes, sha256: hash.digest('hex') }) };
}

/** What was written to the file survives a power cut. */
export async function sync(path: string): Promise<void> {
  await syncHandle(await open(path, 'r+'));
}

/** The names in the folder survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  // Windows has no handle of a folder to sync; its file system keeps names in a journal of its own.
  if (process.platform !== 'win32') await syncHandle(await open(path, 'r'));
}

async function syncHandle(handle: FileHandle): Promise<void> {
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
