import type { Bus } from '@ocpp-csms/bus';
import { type Cache, type CacheLog, createCache, type RedisCacheOptions } from '@ocpp-csms/cache';
import type { Settings } from '@ocpp-csms/config';
import type { Clock, Log } from '@ocpp-csms/runtime';
import type { ServiceName } from './services.ts';
import { openSharedMemory } from './shared-memory.ts';

export interface OpenCacheOptions {
  service: ServiceName | 'all';
  settings: Settings;
  bus: Bus;
  clock: Clock;
  log: Log;
}

/** The cache of the settings. Rejects with a sentence for the operator when that cannot be. */
export function openCache({ service, settings, bus, clock, log }: OpenCacheOptions): Promise<Cache> {
  if (settings.cache.driver === 'redis') {
    return createCache(cacheOptions(settings, log.child({ part: 'cache' })));
  }
  if (service !== 'all') return openSharedMemory(service, bus);
  return createCache({ driver: 'memory', clock: () => clock.now().getTime() });
}

/** Of the Redis of the settings. */
export function cacheOptions({ redis, bus }: Settings, log: CacheLog): { driver: 'redis' } & RedisCacheOptions {
  return { driver: 'redis', url: redis.url, prefix: `${bus.name}:`, log };
}
