import { performance } from 'node:perf_hooks';

/** Milliseconds between two ticks: how exact the timeouts are. */
export const tickMs = 200;

/**
 * The one timer of all connections, and their clock: milliseconds since the start, which no change of the wall clock
 * moves.
 */
export class Ticker {
  /** As of the last tick: for what happens too often to ask the clock. */
  now = Math.floor(performance.now());
  readonly #listeners = new Set<(now: number) => void>();
  #timer: NodeJS.Timeout | undefined;

  onTick(listener: (now: number) => void): void {
    this.#listeners.add(listener);
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#tick(), tickMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    this.now = Math.floor(performance.now());
    for (const listener of this.#listeners) listener(this.now);
  }
}
