import { resolve } from 'node:path';
import { type BusLog, inspectBroker } from '@ocpp-csms/bus';
import { type CacheLog, createCache } from '@ocpp-csms/cache';
import type { Settings } from '@ocpp-csms/config';
import { busDriver } from './bus-driver.ts';
import { cacheOptions } from './open-cache.ts';
import { topicGroups } from './services.ts';

export interface InspectOptions {
  settings: Settings;
  /** For each step that waits for a server. */
  timeoutMs: number;
  log: BusLog & CacheLog;
}

/**
 * The broker of the settings, reached as the services reach it: resolves with what is there, rejects with a sentence for
 * the operator. Makes and changes nothing.
 */
export function inspectBus({ settings, timeoutMs, log }: InspectOptions): Promise<string> {
  const { driver } = settings.bus;
  // ZeroMQ is for processes of their own; which of them, makes no difference here.
  const service = driver === 'zeromq' ? 'csms-server' : 'all';
  const choice = busDriver({ service, settings, directory: resolve(settings.data.dir) });
  return inspectBroker(choice, { groups: topicGroups, partitions: settings.bus.partitions, timeoutMs, log });
}

/** The same for the cache. */
export async function inspectCache({ settings, timeoutMs, log }: InspectOptions): Promise<string> {
  if (settings.cache.driver === 'memory') return 'within the process, no server';
  const cache = await createCache({ ...cacheOptions(settings, log), timeoutMs });
  try {
    const isComplete = await cache.auth.isComplete();
    const { host } = new URL(settings.redis.url);
    return `Redis at ${host}, ${isComplete ? 'with the auth records' : 'without auth records until device-manager has started'}`;
  } finally {
    await cache.close();
  }
}
