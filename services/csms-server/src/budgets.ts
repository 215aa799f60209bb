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

  isEmpty(key: string, now: number): boolean {
    return this.#buckets.has(key) && this.#refill(key, now).tokens < 1;
  }

  /** Seconds to wait, growing with each refusal. */
  retryAfter(key: string): number {
    const strikes = this.#buckets.get(key)?.strikes ?? 0;
    return Math.min(300, 5 * 2 ** Math.min(strikes, 6));
  }

  #refill(key: string, now: number): Bucket {
    const bucket = this.#buckets.get(key) ?? { tokens: this.#burst, at: now, strikes: 0 };
    bucket.tokens = Math.min(this.#burst, bucket.tokens + (now - bucket.at) * this.#perMs);
    bucket.at = now;
    if (bucket.tokens === this.#burst) bucket.strikes = 0;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > this.#maxKeys) this.#dropOldest();
    return bucket;
  }

  #dropOldest(): void {
    for (const key of this.#buckets.keys()) {
      this.#buckets.delete(key);
      return;
    }
  }
}
