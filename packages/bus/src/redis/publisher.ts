import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { type OutgoingMessage, TryAgainError } from '../broker/transport.ts';
import { BusError } from '../bus.ts';
import { reasonOf } from '../delivery/reasons.ts';
import type { Keys } from './keys.ts';
import { publish } from './scripts.ts';

export interface PublisherOptions {
  redis: Redis;
  keys: Keys;
  maxStreamLength: number;
  mirror: boolean;
  /** A stream that should be there is not. */
  streamGone(): void;
}

interface Waiting {
  message: OutgoingMessage;
  chain: Chain;
  number: number;
  before: string;
  resolve(): void;
  reject(error: Error): void;
}

/** What this publisher sends to one stream, numbered. */
interface Chain {
  stream: string;
  from: string;
  lastNumber: number;
  /** Number of the message that was sent before; '' when there is none that must have been stored. */
  before: string;
  inFlight: number;
  /** One failed: what follows would overtake it. */
  isBroken: boolean;
}

const MOST_IN_BATCH = 200;
const MOST_BYTES_IN_BATCH = 512 * 1024;
/** While so many are under way, what comes is gathered for the next. */
const MOST_BATCHES = 4;
const REMEMBERED_SECONDS = 3600;

/**
 * Appends messages to streams, many at a time. Each carries a number of this publisher's own, and that of the one before
 * it: so that what is sent again, because nobody knows whether it had arrived, is stored once and in order.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #id = randomUUID();
  readonly #chains = new Map<string, Chain>();
  readonly #numbers = new WeakMap<OutgoingMessage, number>();
  #waiting: Waiting[] = [];
  #batches = 0;
  #isScheduled = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  publish(message: OutgoingMessage): Promise<void> {
    const chain = this.#chainOf(message);
    if (chain.isBroken) return Promise.reject(new TryAgainError('a message before it was not stored yet'));
    const number = this.#numbers.get(message) ?? ++chain.lastNumber;
    this.#numbers.set(message, number);
    const { before } = chain;
    chain.before = String(number);
    chain.inFlight++;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message, chain, number, before, resolve, reject });
      this.#schedule();
    });
  }

  #chainOf(message: OutgoingMessage): Chain {
    const stream = this.#options.keys.stream(message);
    let chain = this.#chains.get(stream);
    if (chain === undefined) {
      const from = this.#options.keys.publisher(stream, this.#id);
      chain = { stream, from, lastNumber: 0, before: '', inFlight: 0, isBroken: false };
      this.#chains.set(stream, chain);
    }
    return chain;
  }

  #schedule(): void {
    if (this.#isScheduled || this.#batches >= MOST_BATCHES) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      while (this.#waiting.length > 0 && this.#batches < MOST_BATCHES) void this.#send(this.#nextBatch());
    });
  }

  #nextBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    while (count < Math.min(this.#waiting.length, MOST_IN_BATCH) && (count === 0 || bytes < MOST_BYTES_IN_BATCH)) {
      bytes += this.#waiting[count]?.message.body.length ?? 0;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  /** Never rejects. */
  async #send(batch: readonly Waiting[]): Promise<void> {
    const { redis, maxStreamLength, mirror } = this.#options;
    const streams = new Map<Chain, number>();
    const args: (string | number | Buffer)[] = [maxStreamLength, REMEMBERED_SECONDS];
    for (const { message, chain, number, before } of batch) {
      if (!streams.has(chain)) streams.set(chain, streams.size + 1);
      const copyTo = mirror && message.topic !== 'Events' ? message.topic : '';
      args.push(streams.get(chain) ?? 0, before, number, copyTo, message.body);
    }
    const keys = [...streams.keys()].flatMap(({ stream, from }) => [stream, from]);
    this.#batches++;
    try {
      // Not sent again here when Redis does not know the script: others that were sent since would be overtaken.
      const results = (await redis.evalsha(publish.sha, keys.length, ...keys, ...args)) as string[];
      for (const [index, waiting] of batch.entries()) this.#settle(waiting, results[index] ?? '');
    } catch (error) {
      this.#failed(batch, error);
    }
    this.#batches--;
    this.#schedule();
  }

  #failed(batch: readonly Waiting[], error: unknown): void {
    const reason = reasonOf(error);
    if (reason.startsWith('NOSCRIPT')) {
      // Flushed, or restarted. When this fails, the next try comes here again.
      this.#options.redis.script('LOAD', publish.lua).catch(() => {});
    }
    for (const waiting of batch) this.#tryAgain(waiting, reason);
  }

  #settle(waiting: Waiting, result: string): void {
    const { message, chain } = waiting;
    if (result === 'stored') {
      this.#ended(chain);
      waiting.resolve();
    } else if (result === 'full') {
      this.#ended(chain);
      const most = this.#options.maxStreamLength;
      const words = `${chain.stream} has ${most} messages that are not handled (redis.maxStreamLength); is every service running?`;
      waiting.reject(new BusError('Full', words));
    } else if (result === 'gone') {
      this.#tryAgain(waiting, `${chain.stream} is gone from Redis: it was emptied`);
      this.#options.streamGone();
    } else {
      this.#tryAgain(waiting, `${message.topic}: a message before it was not stored`);
    }
  }

  #tryAgain(waiting: Waiting, reason: string): void {
    waiting.chain.isBroken = true;
    this.#ended(waiting.chain);
    waiting.reject(new TryAgainError(reason));
  }

  #ended(chain: Chain): void {
    chain.inFlight--;
    if (chain.inFlight > 0 || !chain.isBroken) return;
    // What is sent now comes from the oldest on.
    chain.isBroken = false;
    chain.before = '';
  }
}
