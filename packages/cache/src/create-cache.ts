import type { Cache } from './cache.ts';
import { createMemoryCache } from './memory-cache.ts';
import type { RedisCacheOptions } from './redis/redis-cache.ts';

export type CacheOptions = { driver: 'memory'; clock?: () => number } | ({ driver: 'redis' } & RedisCacheOptions);

/** The cache of this driver; what a driver needs is loaded when it is chosen. Rejects with `CacheUnavailable`. */
export async function createCache(options: CacheOptions): Promise<Cache> {
  if (options.driver === 'memory') return createMemoryCache(options);
  const { createRedisCache } = await import('./redis/redis-cache.ts');
  return createRedisCache(options);
}
