import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, write, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { flushAtExit } from './flush-at-exit.ts';

export interface RotatingFile {
  write(line: string): void;
  /** Writes what waits, now, blocking. */
  flush(): void;
  close(): void;
}

export interface RotatingFileOptions {
  /** The current file, always under this name. Older ones are `<path>.1`, `<path>.2`, … */
  path: string;
  /** No file grows beyond this, unless a single line does. */
  maxBytes: number;
  /** The current one included. */
  maxFiles: number;
}

const maxWaitingBytes = 16 * 1_048_576;
const retryMs = 5000;

/**
 * Appends lines without blocking the event loop, one write under way at a time. When the disk refuses (full, gone),
 * lines are kept up to a bound and tried again every 5 s; those dropped are counted in the file. Throws when the
 * file cannot be opened at the start.
 */
export function createRotatingFile({ path, maxBytes, maxFiles }: RotatingFileOptions): RotatingFile {
  let descriptor = -1;
  let size = 0;
  const waiting: Buffer[] = [];
  let waitingBytes = 0;
  let dropped = 0;
  let underWay: Buffer | undefined;
  let pausedUntilRetry = false;
  let closed = false;

  mkdirSync(dirname(path), { recursive: true });
  open();
  const forget = flushAtExit(flush);

  function open(): void {
    descriptor = openSync(path, 'a', 0o640);
    size = fstatSync(descriptor).size;
  }

  function rotate(): void {
    closeSync(descriptor);
    descriptor = -1;
    rmSync(maxFiles === 1 ? path : `${path}.${maxFiles - 1}`, { force: true });
    for (let age = maxFiles - 1; age >= 1; age--)
      renameIfThere(age === 1 ? path : `${path}.${age - 1}`, `${path}.${age}`);
    open();
  }

  /** The lines that go out in one write: as many as fit into the current file, at least one. */
  function take(): Buffer {
    if (descriptor === -1) open();
    const first = waiting[0]?.length ?? 0;
    if (size > 0 && size + first > maxBytes) rotate();
    let count = 0;
    let bytes = 0;
    for (const line of waiting) {
      if (count > 0 && size + bytes + line.length > maxBytes) break;
      bytes += line.length;
      count++;
    }
    waitingBytes -= bytes;
    return Buffer.concat(waiting.splice(0, count), bytes);
  }

  function drain(): void {
    if (underWay || pausedUntilRetry || closed || waiting.length === 0) return;
    try {
      underWay = take();
    } catch (error) {
      retryLater(error);
      return;
    }
    writeOn(underWay, 0);
  }

  function writeOn(chunk: Buffer, from: number): void {
    write(descriptor, chunk, from, chunk.length - from, null, (error, written) => {
      if (underWay !== chunk) return; // A flush has written it meanwhile.
      size += written ?? 0;
      const at = from + (written ?? 0);
      if (error) return putBack(chunk.subarray(at), error);
      if (at < chunk.length) return writeOn(chunk, at);
      underWay = undefined;
      if (dropped > 0) noteDropped();
      drain();
    });
  }

  function putBack(rest: Buffer, error: Error): void {
    underWay = undefined;
    waiting.unshift(rest);
    waitingBytes += rest.length;
    retryLater(error);
  }

  function retryLater(error: unknown): void {
    pausedUntilRetry = true;
    process.stderr.write(`The log file ${path} cannot be written (${(error as Error).message}); trying again.\n`);
    setTimeout(() => {
      pausedUntilRetry = false;
      drain();
    }, retryMs).unref();
  }

  function noteDropped(): void {
    const note = {
      level: 'warn',
      time: new Date().toISOString(),
      msg: `${dropped} lines of the log were lost: the disk did not take them`,
    };
    dropped = 0;
    add(`${JSON.stringify(note)}\n`);
  }

  function add(line: string): void {
    const bytes = Buffer.from(line);
    if (waitingBytes + bytes.length > maxWaitingBytes) {
      dropped++;
      return;
    }
    waiting.push(bytes);
    waitingBytes += bytes.length;
  }

  function flush(): void {
    if (closed) return;
    if (underWay) finishUnderWay(underWay);
    while (waiting.length > 0) {
      const chunk = take();
      writeAll(chunk);
      size += chunk.length;
    }
  }

  /** The write may still be in a thread: wait a moment for it to show in the file, else write it (twice is better than never). */
  function finishUnderWay(chunk: Buffer): void {
    underWay = undefined;
    const expected = size + chunk.length;
    for (let attempt = 0; attempt < 200 && fstatSync(descriptor).size < expected; attempt++) sleep(1);
    if (fstatSync(descriptor).size < expected) writeAll(chunk);
    size = fstatSync(descriptor).size;
  }

  function writeAll(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) at += writeSync(descriptor, chunk, at);
  }

  return {
    write(line) {
      if (closed) return;
      add(line);
      drain();
    },
    flush,
    close() {
      if (closed) return;
      flush();
      closed = true;
      forget();
      closeSync(descriptor);
    },
  };
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
