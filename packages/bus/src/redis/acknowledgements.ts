import type { Redis } from 'ioredis';
import { runScript } from './redis-client.ts';
import { trimStreams } from './scripts.ts';

const TRIM_EVERY_MS = 500;
const MOST_STREAMS_AT_ONCE = 32;

/** Tells Redis what is handled, many at a time, and deletes what all groups have handled. */
export class Acknowledgements {
  readonly #redis: Redis;
  /** By stream and group: ids that Redis is to be told of. */
  readonly #handled = new Map<string, { stream: string; group: string; ids: string[] }>();
  /** Streams of which something was handled since they were trimmed. */
  readonly #toTrim = new Set<string>();
  #flushing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.#trim(), TRIM_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#handled.clear();
  }

  add(stream: string, group: string, id: string): void {
    const key = `${stream} ${group}`;
    const found = this.#handled.get(key);
    if (found) found.ids.push(id);
    else this.#handled.set(key, { stream, group, ids: [id] });
    this.#flushing ??= new Promise((resolve) => setImmediate(resolve)).then(() => this.#flush());
  }

  /** Resolves when Redis has been told of all so far; or could not be: then it comes again. Never rejects. */
  async flushed(): Promise<void> {
    while (this.#flushing) await this.#flushing;
  }

  async #flush(): Promise<void> {
    const handled = [...this.#handled.values()];
    this.#handled.clear();
    const telling = handled.map(({ stream, group, ids }) => {
      this.#toTrim.add(stream);
      return this.#redis.xack(stream, group, ...ids);
    });
    // What is not told is delivered again.
    await Promise.allSettled(telling);
    this.#flushing = this.#handled.size > 0 ? this.#flush() : undefined;
  }

  async #trim(): Promise<void> {
    const streams = [...this.#toTrim].slice(0, MOST_STREAMS_AT_ONCE);
    if (streams.length === 0 || this.#redis.status !== 'ready') return;
    for (const stream of streams) this.#toTrim.delete(stream);
    try {
      await runScript(this.#redis, trimStreams, streams, []);
    } catch {
      for (const stream of streams) this.#toTrim.add(stream);
    }
  }
}
