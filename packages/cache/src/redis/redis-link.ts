import { createHash } from 'node:crypto';
import { Redis, ReplyError } from 'ioredis';
import { type CacheLog, CacheUnavailable } from '../cache.ts';

export interface RedisLinkOptions {
  /** redis(s)://user:password@host:port/database */
  url: string;
  /** Shown in Redis' list of clients. */
  name: string;
  /** A call that is not answered within this many milliseconds is rejected. */
  timeoutMs: number;
  log: CacheLog;
}

export interface Script {
  readonly lua: string;
  readonly sha: string;
}

export function createScript(lua: string): Script {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}

const maxRetryMs = 1000;
const connectTimeoutMs = 10_000;
/** Errors of Redis that pass when an operator, or time, puts something right; the rest are mistakes of ours. */
const passing = /^(READONLY|LOADING|OOM|MISCONF|BUSY|TRYAGAIN|MASTERDOWN|NOREPLICAS|NOAUTH|NOPERM|WRONGPASS)\b/;

const advice: Readonly<Record<string, string>> = {
  OOM: 'it is out of memory: raise maxmemory or take something else out of it',
  MISCONF: 'it can not save to its disk: see its log and the free space',
  READONLY: 'it is a replica now: point redis.url to the primary',
  NOAUTH: 'it wants a password: put one into redis.url',
  WRONGPASS: 'user or password in redis.url is wrong',
  NOPERM: 'the user in redis.url may not do this: see docs/operations/redis.md',
};

/**
 * One connection to Redis. Nothing waits for a Redis that is away: calls reject with `CacheUnavailable`, and the
 * connection is made again by itself. Lost and back are said once each.
 */
export class RedisLink {
  readonly redis: Redis;
  /** host:port, without a password. */
  readonly place: string;
  readonly #timeoutMs: number;
  readonly #log: CacheLog;
  readonly #back = new Set<() => void>();
  #awaySince: number | undefined;
  #lastError = '';
  #runId: Promise<string> | undefined;
  #isClosed = false;
  /** Counts what failed so that nobody knows whether Redis did it. */
  failures = 0;

  constructor({ url, name, timeoutMs, log }: RedisLinkOptions) {
    this.place = placeOf(url);
    this.#timeoutMs = timeoutMs;
    this.#log = log;
    this.redis = new Redis(url, {
      lazyConnect: true,
      connectionName: name,
      enableOfflineQueue: false,
      // What was under way when the connection broke is rejected, never sent twice.
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      commandTimeout: timeoutMs,
      // A connection that a firewall has forgotten.
      socketTimeout: 5 * timeoutMs,
      connectTimeout: connectTimeoutMs,
      retryStrategy: (attempt) => (this.#isClosed ? null : Math.min(50 * 2 ** Math.min(attempt, 10), maxRetryMs)),
      reconnectOnError: (error) => error.message.startsWith('READONLY'),
    });
    this.redis.on('error', (error) => {
      this.#lastError = wordsOf(error);
    });
    this.redis.on('close', () => {
      this.#runId = undefined;
      this.failures++;
    });
  }

  /** Rejects with `CacheUnavailable` when Redis is not there now; later losses are made good by themselves. */
  async connect(): Promise<void> {
    try {
      await this.redis.connect();
    } catch (error) {
      this.close();
      throw this.#unavailable(this.#lastError || wordsOf(error));
    }
    this.redis.on('close', () => this.#lost(this.#lastError || 'the connection was closed'));
    this.redis.on('ready', () => this.#isBack());
  }

  /** Called each time that the connection is there again. */
  onBack(listener: () => void): () => void {
    this.#back.add(listener);
    return () => this.#back.delete(listener);
  }

  /** Runs a call. Rejects with `CacheUnavailable`, quickly, when Redis is away or can't. */
  async run<Result>(call: (redis: Redis) => Promise<Result>): Promise<Result> {
    try {
      const result = await call(this.redis);
      if (this.#awaySince !== undefined) this.#isBack();
      return result;
    } catch (error) {
      if (error instanceof ReplyError && !passing.test(wordsOf(error))) throw error;
      this.failures++;
      throw this.#failed(wordsOf(error));
    }
  }

  /** Runs a Lua script, by its digest wherever Redis knows it already. */
  script(script: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return this.run(async (redis) => {
      try {
        return await redis.evalsha(script.sha, keys.length, ...keys, ...args);
      } catch (error) {
        // Restarted or flushed since.
        if (!wordsOf(error).startsWith('NOSCRIPT')) throw error;
        return redis.eval(script.lua, keys.length, ...keys, ...args);
      }
    });
  }

  /** As `script`, but its place among the other calls is certain: it is never sent a second time. */
  scriptInOrder(script: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return this.run((redis) => redis.eval(script.lua, keys.length, ...keys, ...args));
  }

  /** Which run of which server this is: another one after a restart or a failover. */
  runId(): Promise<string> {
    this.#runId ??= this.run((redis) => redis.info('server')).then((info) => {
      const found = /^run_id:(\S+)/m.exec(info);
      return found?.[1] ?? 'unknown';
    });
    const asked = this.#runId;
    asked.catch(() => {
      if (this.#runId === asked) this.#runId = undefined;
    });
    return asked;
  }

  close(): void {
    this.#isClosed = true;
    this.#back.clear();
    this.redis.disconnect();
  }

  #failed(reason: string): CacheUnavailable {
    this.#lost(this.redis.status === 'ready' ? reason : this.#lastError || reason);
    return this.#unavailable(this.redis.status === 'ready' ? reason : this.#lastError || reason);
  }

  #unavailable(reason: string): CacheUnavailable {
    const words = reason === 'Command timed out' ? `no answer within ${this.#timeoutMs} ms` : reason;
    const todo =
      advice[/^[A-Z]+/.exec(reason)?.[0] ?? ''] ??
      'check that it runs, that it can be reached and that redis.url is right';
    return new CacheUnavailable(`Redis at ${this.place} can not be used (${words}): ${todo}`);
  }

  #lost(reason: string): void {
    if (this.#isClosed || this.#awaySince !== undefined) return;
    this.#awaySince = performance.now();
    this.#log.warn(
      { redis: this.place, reason: this.#unavailable(reason).message },
      'Redis is away: charge points stay connected, new connections and commands wait until it is back; it is tried again by itself',
    );
  }

  #isBack(): void {
    const since = this.#awaySince;
    this.#awaySince = undefined;
    this.#lastError = '';
    if (since !== undefined) {
      const seconds = Math.round((performance.now() - since) / 100) / 10;
      this.#log.info({ redis: this.place, seconds }, 'Redis is back');
    }
    for (const listener of this.#back) listener();
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function placeOf(url: string): string {
  try {
    const { hostname, port } = new URL(url);
    return `${hostname}:${port || '6379'}`;
  } catch {
    return 'an address that can not be read (redis.url)';
  }
}
