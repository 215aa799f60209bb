import { BusError, type Topic } from '../bus.ts';
import type { Deadlines, Expiring } from '../delivery/deadlines.ts';

/** One `publish` that waits for the disk. */
export class Publishing implements Expiring {
  readonly durationMs: number;
  readonly expiresAt: number;
  readonly promise: Promise<void>;
  readonly #topic: Topic;
  #reject: (error: BusError) => void = () => {};

  constructor(taken: Promise<void>, durationMs: number, topic: Topic, deadlines: Deadlines) {
    this.durationMs = durationMs;
    this.expiresAt = performance.now() + durationMs;
    this.#topic = topic;
    this.promise = new Promise((resolve, reject) => {
      this.#reject = reject;
      taken.then(
        () => {
          deadlines.remove(this);
          resolve();
        },
        (error) => {
          deadlines.remove(this);
          reject(error);
        },
      );
    });
    deadlines.add(this);
  }

  /** The message may still come to the disk: only its publisher stops waiting. */
  expire(): void {
    this.#reject(new BusError('Deadline', `${this.#topic}: the disk did not take it within ${this.durationMs} ms`));
  }
}
