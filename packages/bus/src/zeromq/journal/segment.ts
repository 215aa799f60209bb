import { type FileHandle, open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { CorruptRecord, decodeRecords, lengthAt } from './record.ts';

const SUFFIX = '.journal';
const SCAN_BYTES = 1024 * 1024;

/** One file of the journal. Its name says where it begins: `<position>-<index>.journal`. */
export class Segment {
  readonly path: string;
  readonly start: number;
  /** Of its first record. */
  readonly firstIndex: number;
  /** Behind the last record that is on the disk for sure. */
  end: number;
  #handle: Promise<FileHandle> | undefined;

  private constructor(path: string, start: number, firstIndex: number, end: number) {
    this.path = path;
    this.start = start;
    this.firstIndex = firstIndex;
    this.end = end;
  }

  /** An empty file, whose name survives a power cut. What stood there under this name was never acknowledged. */
  static async create(directory: string, start: number, firstIndex: number): Promise<Segment> {
    const name = [start, firstIndex].map((number) => String(number).padStart(16, '0')).join('-');
    const segment = new Segment(join(directory, name + SUFFIX), start, firstIndex, start);
    const handle = await open(segment.path, 'w+');
    try {
      await syncDirectory(directory);
    } catch (error) {
      await handle.close();
      throw error;
    }
    segment.#handle = Promise.resolve(handle);
    return segment;
  }

  /** In order. The last one ends where its file does, until it is scanned. */
  static async list(directory: string): Promise<Segment[]> {
    const found: Segment[] = [];
    for (const name of (await readdir(directory)).filter((file) => file.endsWith(SUFFIX)).sort()) {
      const [start = 0, index = 0] = name.slice(0, -SUFFIX.length).split('-').map(Number);
      found.push(new Segment(join(directory, name), start, index, start));
    }
    for (const [at, segment] of found.entries()) segment.end = found[at + 1]?.start ?? segment.start;
    return found;
  }

  /** Finds the end of what was written whole and cuts off the rest. Resolves with the index behind the last record and the bytes cut off. */
  async scan(): Promise<{ nextIndex: number; cut: number }> {
    const handle = await this.#open();
    const { size } = await handle.stat();
    let nextIndex = this.firstIndex;
    let end = this.start;
    try {
      while (end - this.start < size) {
        const records = await this.#readAt(end, this.start + size);
        const last = records.at(-1);
        if (!last) break;
        nextIndex = last.index + 1;
        end = last.end;
      }
    } catch (error) {
      if (!(error instanceof CorruptRecord)) throw error;
    }
    this.end = end;
    const cut = size - (end - this.start);
    if (cut > 0) {
      await handle.truncate(end - this.start);
      await handle.datasync();
    }
    return { nextIndex, cut };
  }

  /** The records from `position` on, as many as one read brings. Throws `CorruptRecord`. */
  read(position: number) {
    return this.#readAt(position, this.end);
  }

  async #readAt(position: number, end: number) {
    const handle = await this.#open();
    let buffer = await readBytes(handle, position - this.start, Math.min(SCAN_BYTES, end - position));
    const length = lengthAt(buffer, 0);
    // A record that is larger than one read, unless it is the torn last one.
    if (length !== undefined && length > buffer.length && position + length <= end) {
      buffer = await readBytes(handle, position - this.start, length);
    }
    return decodeRecords(buffer, position);
  }

  async write(bytes: Buffer, sync: boolean): Promise<void> {
    const handle = await this.#open();
    for (let written = 0; written < bytes.length; ) {
      const at = this.end - this.start + written;
      written += (await handle.write(bytes, written, bytes.length - written, at)).bytesWritten;
    }
    if (sync) await handle.datasync();
    this.end += bytes.length;
  }

  async remove(): Promise<void> {
    await this.close();
    await unlink(this.path);
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await (await handle)?.close();
  }

  #open(): Promise<FileHandle> {
    this.#handle ??= open(this.path, 'r+');
    return this.#handle;
  }
}

async function readBytes(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

export async function syncDirectory(directory: string): Promise<void> {
  // Windows has no handle of a folder to sync; its file system keeps names in a journal of its own.
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
