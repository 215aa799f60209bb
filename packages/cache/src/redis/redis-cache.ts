import type { Cache, CacheLog } from '../cache.ts';
import { createRedisAuthCache } from './redis-auth-cache.ts';
import { createRedisConnectionDirectory } from './redis-connection-directory.ts';
import { RedisLink } from './redis-link.ts';

export interface RedisCacheOptions {
  /** redis(s)://user:password@host:port/database */
  url: string;
  /** Begins every key and channel. Default: `csms:`. */
  prefix?: string;
  log: CacheLog;
  /** Milliseconds since 1970. Absent: the clock of Redis, which is the same for all nodes. */
  clock?: () => number;
  /** A call that is not answered within this many milliseconds is rejected. Default: 2000. */
  timeoutMs?: number;
}

/**
 * The cache that many processes share, in Redis 7 or later. Rejects with `CacheUnavailable` when Redis can't be reached
 * now. Later it may go away, restart and come back empty: calls reject with `CacheUnavailable` in the meantime.
 */
export async function createRedisCache({
  url,
  prefix = 'csms:',
  log,
  clock,
  timeoutMs = 2000,
}: RedisCacheOptions): Promise<Cache> {
  const link = new RedisLink({ url, name: `${prefix}cache`, timeoutMs, log });
  // What both lose is said once, by the one that has the calls.
  const silent: CacheLog = { info() {}, warn() {}, error() {} };
  const hearing = new RedisLink({ url, name: `${prefix}cache-changes`, timeoutMs, log: silent });
  try {
    await link.connect();
    await hearing.connect();
    await warnOfEviction(link, log);
    const auth = await createRedisAuthCache({ link, hearing, prefix, log });
    const connections = createRedisConnectionDirectory({ link, prefix, log, clock });
    return {
      auth,
      connections,
      async close() {
        link.close();
        hearing.close();
      },
    };
  } catch (error) {
    link.close();
    hearing.close();
    throw error;
  }
}

/** A Redis that throws out keys when memory is short throws out connections. */
async function warnOfEviction(link: RedisLink, log: CacheLog): Promise<void> {
  const policy = await link
    .run((redis) => redis.config('GET', 'maxmemory-policy'))
    // Hosted ones often do not tell.
    .catch(() => undefined);
  const value = Array.isArray(policy) ? String(policy[1]) : 'noeviction';
  if (value === 'noeviction') return;
  log.warn(
    { redis: link.place, 'maxmemory-policy': value },
    'Redis throws out keys when its memory is full, auth records and connections among them: set maxmemory-policy noeviction',
  );
}
