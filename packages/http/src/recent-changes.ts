import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { createRotatingFile, type RotatingFile } from '@ocpp-csms/runtime';
import type { FastifyRequest } from 'fastify';
import { pathOf } from './errors.ts';

/** A request that was to change something: who, what, and how it ended. */
export interface Change {
  /** ISO 8601 UTC. */
  at: string;
  /** The name of the key; absent: without one. */
  caller?: string;
  address: string;
  method: string;
  path: string;
  status: number;
}

/** So many are shown; older ones are in the files. */
const mostShown = 500;
const maxBytes = 10_000_000;
const maxFiles = 10;
const tailBytes = 256 * 1024;

export interface ChangesOptions {
  now: () => number;
  /** JSON Lines, rotated. Without it, changes are remembered until this process ends. */
  file?: string;
}

/** Who changed what, also before the last start. Nothing of what was sent is in it. Throws when the file cannot be opened. */
export class RecentChanges {
  readonly #latest: Change[];
  readonly #file: RotatingFile | undefined;
  readonly #now: () => number;

  constructor({ now, file }: ChangesOptions) {
    this.#now = now;
    this.#file = file === undefined ? undefined : createRotatingFile({ path: file, maxBytes, maxFiles });
    const written = file === undefined ? '' : readEnd(file);
    this.#latest = written.split('\n').flatMap(changeIn).slice(-mostShown);
    // What a power cut left half written must not take the next line along.
    if (written !== '' && !written.endsWith('\n')) this.#file?.write('\n');
  }

  /** Who was not let in has changed nothing, and must not push out who has. */
  note(request: FastifyRequest, status: number): void {
    const { method, ip: address, caller } = request;
    if (caller === undefined && status >= 400) return;
    const change: Change = {
      at: new Date(this.#now()).toISOString(),
      ...(caller === undefined ? {} : { caller: caller.name }),
      address,
      method,
      path: pathOf(request),
      status,
    };
    this.#latest.push(change);
    if (this.#latest.length > mostShown) this.#latest.shift();
    this.#file?.write(`${JSON.stringify(change)}\n`);
  }

  newestFirst(): Change[] {
    return this.#latest.toReversed();
  }

  close(): void {
    this.#file?.close();
  }
}

function readEnd(path: string): string {
  const descriptor = openSync(path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const from = Math.max(0, size - tailBytes);
    const bytes = Buffer.alloc(size - from);
    readSync(descriptor, bytes, 0, bytes.length, from);
    return bytes.toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}

/** None in a line that is not whole. */
function changeIn(line: string): Change[] {
  try {
    const change = JSON.parse(line) as Partial<Change>;
    const isWhole = typeof change.at === 'string' && typeof change.path === 'string';
    return isWhole ? [change as Change] : [];
  } catch {
    return [];
  }
}
