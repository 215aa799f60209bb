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

/** Older ones are in the log. */
const mostKept = 500;

/** The latest changes of this process, the newest first. Nothing of what was sent is in them. */
export class RecentChanges {
  readonly #all: Change[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  note(request: FastifyRequest, status: number): void {
    const { method, ip: address, caller } = request;
    this.#all.push({
      at: new Date(this.#now()).toISOString(),
      ...(caller === undefined ? {} : { caller: caller.name }),
      address,
      method,
      path: pathOf(request),
      status,
    });
    if (this.#all.length > mostKept) this.#all.shift();
  }

  newestFirst(): Change[] {
    return this.#all.toReversed();
  }
}
