interface Bucket {
  tokens: number;
  at: number;
  /** Refusals since it was last full. */
  strikes: number;
}

/** Token buckets by key, bounded in number: the one that was used longest ago makes room. */
export class Budgets {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #maxKeys: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor({ perMinute, burst = perMinute, maxKeys }: { perMinute: number; burst?: number; maxKeys: number }) {
    this.#perMs = perMinute / 60_000;
    this.#burst = burst;
    this.#maxKeys = maxKeys;
  }

  /** Takes one; false when there is none left. `now` in milliseconds. */
  take(key: string, now: number): boolean {
    const bucket = this.#refill(key, now);
    if (bucket.tokens < 1) {
      bucket.strikes++;
      return false;
    }
    bucket.tokens--;
    return true;
  }

  /** Seconds to wait, growing with each refusal. */
  retryAfter(key: string): number {
    const strikes = this.#buckets.get(key)?.strikes ?? 0;
    return Math.min(300, 5 * 2 ** Math.min(strikes, 6));
  }

  #refill(key: string, now: number): Bucket {
    this.#sweep(now);
    const bucket = this.#buckets.get(key) ?? { tokens: this.#burst, at: now, strikes: 0 };
    bucket.tokens = Math.min(this.#burst, bucket.tokens + (now - bucket.at) * this.#perMs);
    bucket.at = now;
    if (bucket.tokens === this.#burst) bucket.strikes = 0;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    return bucket;
  }

  /** A bucket that is full again says nothing. Looks at the two oldest: faster than they can become more. */
  #sweep(now: number): void {
    let looked = 0;
    for (const [key, { tokens, at }] of this.#buckets) {
      const isFull = tokens + (now - at) * this.#perMs >= this.#burst;
      if (isFull || this.#buckets.size > this.#maxKeys) this.#buckets.delete(key);
      if (++looked === 2) return;
    }
  }
}
