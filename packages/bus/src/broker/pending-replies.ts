import { BusError } from '../bus.ts';
import type { Deadlines, Expiring } from '../delivery/deadlines.ts';

/** A reply that is waited for. */
class Pending<Reply> implements Expiring {
  readonly durationMs: number;
  readonly expiresAt: number;
  readonly promise: Promise<Reply>;
  readonly #expired: () => void;
  resolve: (reply: Reply) => void = () => {};
  reject: (error: Error) => void = () => {};

  constructor(durationMs: number, expired: () => void) {
    this.durationMs = durationMs;
    this.expiresAt = performance.now() + durationMs;
    this.#expired = expired;
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  expire(): void {
    this.#expired();
  }
}

/** Replies by number, with one timer for all: for transports that match replies themselves. */
export class PendingReplies<Reply> {
  readonly #deadlines: Deadlines;
  readonly #pending = new Map<number, Pending<Reply>>();
  #last = 0;

  constructor(deadlines: Deadlines) {
    this.#deadlines = deadlines;
  }

  /** `late` makes the error when none has come in time. */
  add(timeoutMs: number, late: () => Error): { number: number; promise: Promise<Reply> } {
    const number = ++this.#last;
    const pending = new Pending<Reply>(Math.max(1, Math.ceil(timeoutMs)), () => this.reject(number, late()));
    this.#pending.set(number, pending);
    this.#deadlines.add(pending);
    return { number, promise: pending.promise };
  }

  /** Replies that nobody waits for any more are dropped. */
  resolve(number: number, reply: Reply): void {
    this.#take(number)?.resolve(reply);
  }

  reject(number: number, error: Error): void {
    this.#take(number)?.reject(error);
  }

  rejectAll(error: Error): void {
    for (const number of [...this.#pending.keys()]) this.reject(number, error);
  }

  #take(number: number): Pending<Reply> | undefined {
    const pending = this.#pending.get(number);
    if (!pending) return undefined;
    this.#pending.delete(number);
    this.#deadlines.remove(pending);
    return pending;
  }
}

/** Nobody answered a question in time. */
export function unanswered(what: string, timeoutMs: number): BusError {
  return new BusError('Timeout', `${what} did not answer within ${timeoutMs} ms`);
}
