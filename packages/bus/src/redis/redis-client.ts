import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { reasonOf } from '../delivery/reasons.ts';

export interface Script {
  readonly lua: string;
  readonly sha: string;
}

export function createScript(lua: string): Script {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}

/** A connection that nothing was heard on for so long, with calls waiting, is made anew. */
const SILENCE_MS = 5000;
const CONNECT_TIMEOUT_MS = 10_000;
const LONGEST_PAUSE_MS = 1000;

/**
 * A connection that is made again by itself, for ever. Nothing waits in it for a Redis that is away, and nothing is
 * sent twice: calls reject at once, and whoever called knows better what to do then.
 */
export function createRedisClient(url: string, name: string): Redis {
  return new Redis(url, {
    lazyConnect: true,
    connectionName: name,
    // The shapes of replies that the code here reads.
    protocol: 2,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    socketTimeout: SILENCE_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), LONGEST_PAUSE_MS),
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
}

/** host:port of a URL, without what is secret in it. */
export function placeOf(url: string): string {
  try {
    const { hostname, port } = new URL(url);
    return `${hostname}:${port || '6379'}`;
  } catch {
    return 'an address that can not be read (redis.url)';
  }
}

/** In words for the operator. */
export function unreachable(url: string, reason: string): string {
  return `Redis at ${placeOf(url)} can not be used (${reason}): check that it runs, that it can be reached and that redis.url is right`;
}

export function isReplyError(error: unknown, code: string): boolean {
  return reasonOf(error).startsWith(code);
}

/** Runs a script by its digest. Only where it does no harm that it is sent a second time, behind what was sent meanwhile. */
export async function runScript(
  redis: Redis,
  script: Script,
  keys: readonly string[],
  args: readonly (string | number | Buffer)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(script.sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!isReplyError(error, 'NOSCRIPT')) throw error;
    return redis.eval(script.lua, keys.length, ...keys, ...args);
  }
}
