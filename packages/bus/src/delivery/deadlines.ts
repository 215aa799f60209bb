/** Something that is told when its time is over. */
export interface Expiring {
  readonly durationMs: number;
  /** Milliseconds of `performance.now()`. */
  readonly expiresAt: number;
  expire(): void;
}

const TICK_MS = 25;

/**
 * One timer for all deadlines. Those of one duration expire in the order in which they were added, so only the first
 * of each list is looked at. A deadline is kept up to 25 ms late.
 */
export class Deadlines {
  readonly #byDuration = new Map<number, Set<Expiring>>();
  readonly #onTick: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** `onTick` is called with each look at the clock, for what else wants to be watched. */
  constructor(onTick: () => void) {
    this.#onTick = onTick;
  }

  add(item: Expiring): void {
    let list = this.#byDuration.get(item.durationMs);
    if (!list) {
      list = new Set();
      this.#byDuration.set(item.durationMs, list);
    }
    list.add(item);
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
  }

  remove(item: Expiring): void {
    this.#byDuration.get(item.durationMs)?.delete(item);
  }

  /** Expires everything now. */
  expireAll(): void {
    this.#expireUntil(Number.POSITIVE_INFINITY);
  }

  #tick(): void {
    this.#expireUntil(performance.now());
    this.#onTick();
    if (this.#byDuration.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #expireUntil(now: number): void {
    for (const [duration, list] of this.#byDuration) {
      for (const item of list) {
        if (item.expiresAt > now) break;
        list.delete(item);
        item.expire();
      }
      if (list.size === 0) this.#byDuration.delete(duration);
    }
  }
}
