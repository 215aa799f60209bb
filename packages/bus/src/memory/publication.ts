import type { BusError } from '../bus.ts';
import type { Deadlines, Expiring } from '../delivery/deadlines.ts';
import type { Origin } from '../delivery/lane.ts';

/** What is in flight on the bus. */
export interface Load {
  messages: number;
  bytes: number;
}

/** One `publish` that waits for its groups. */
export class Publication implements Expiring, Origin {
  readonly durationMs: number;
  readonly expiresAt: number;
  readonly promise: Promise<void>;
  readonly #load: Load;
  readonly #deadlines: Deadlines;
  readonly #whyLate: () => BusError;
  #waitsFor = 0;
  #resolve: () => void = noop;
  #reject: (error: BusError) => void = noop;

  constructor(durationMs: number, load: Load, deadlines: Deadlines, whyLate: () => BusError) {
    this.durationMs = durationMs;
    this.expiresAt = performance.now() + durationMs;
    this.#load = load;
    this.#deadlines = deadlines;
    this.#whyLate = whyLate;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    load.messages++;
    deadlines.add(this);
  }

  addGroup(): void {
    this.#waitsFor++;
  }

  handled(): void {
    if (--this.#waitsFor > 0) return;
    this.#load.messages--;
    this.#deadlines.remove(this);
    this.#resolve();
  }

  /** The message stays queued: only its publisher stops waiting. */
  expire(): void {
    // A publisher that looks away must not end the process.
    this.promise.catch(noop);
    this.#reject(this.#whyLate());
  }
}

function noop(): void {}
