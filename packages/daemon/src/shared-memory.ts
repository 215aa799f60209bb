import type { Bus } from '@ocpp-csms/bus';
import {
  type AuthChange,
  type Cache,
  type CacheQuestion,
  createMemoryCache,
  createRemoteCache,
  serveCache,
} from '@ocpp-csms/cache';
import { StartupError } from '@ocpp-csms/runtime';
import type { ServiceName } from './services.ts';

const subject = 'cache';
const changes = 'cache.auth-changes';
const timeoutMs = 5000;

/**
 * The cache of several processes without a Redis: csms-server, which asks it for every handshake, has it in its
 * memory, and the others ask csms-server over the bus. There can be one csms-server alone.
 */
export function openSharedMemory(service: ServiceName, bus: Bus): Promise<Cache> {
  return service === 'csms-server' ? holdCache(bus) : askForCache(bus);
}

async function holdCache(bus: Bus): Promise<Cache> {
  if (await isHeldElsewhere(bus)) {
    throw new StartupError(
      'Another csms-server is running, and with cache.driver memory there can be one alone.',
      'With more than one csms-server set cache.driver to redis for all services.',
    );
  }
  const cache = createMemoryCache();
  const answer = serveCache(cache);
  const serving = await bus.serve(subject, (question) => answer(question as CacheQuestion));
  const telling = cache.auth.onChange((networkId, record) => {
    bus.broadcast(changes, { networkId, record: record ?? null } satisfies AuthChange);
  });
  return {
    ...cache,
    async close() {
      telling();
      await serving.close();
      await cache.close();
    },
  };
}

async function isHeldElsewhere(bus: Bus): Promise<boolean> {
  const question: CacheQuestion = { verb: 'auth.isComplete' };
  return bus.request(subject, question, { timeoutMs: 1000 }).then(
    () => true,
    () => false,
  );
}

async function askForCache(bus: Bus): Promise<Cache> {
  const listeners = new Set<(change: AuthChange) => void>();
  const listening = await bus.listen(changes, (change) => {
    for (const listener of listeners) listener(change as AuthChange);
  });
  const cache = createRemoteCache({
    request: (question) => bus.request(subject, question, { timeoutMs }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  return { ...cache, close: () => listening.close() };
}
