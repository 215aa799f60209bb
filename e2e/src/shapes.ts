import type { DeepPartial, Settings } from '@ocpp-csms/config';
import { createTestPlace, postgresMissing } from '@ocpp-csms/storage/test-support';
import { freePort, noNatsServer, noRedisServer, startNatsServer, startRedisServer } from '@ocpp-csms/testing';
import { daemonServices, type Engines } from './daemons.ts';

/** How the system is put together when it is not one process. */
export type Shape = 'zeromq' | 'nodes';

/** Four daemons on one machine, without any server. */
export async function zeromqEngines(): Promise<Engines> {
  const node = 'node-1';
  const peers = await Promise.all(
    daemonServices.map(async (service) => ({ service, node, address: `tcp://127.0.0.1:${await freePort()}` })),
  );
  return { settings: { bus: { driver: 'zeromq' }, zeromq: { peers } }, nodes: [node], stop: async () => {} };
}

/** Two of each over NATS, PostgreSQL and Redis, each of them the test's own. */
export async function nodesEngines(): Promise<Engines> {
  const nats = await startNatsServer();
  const redis = await startRedisServer();
  const place = await createTestPlace('postgresql');
  const settings: DeepPartial<Settings> = {
    bus: { driver: 'nats', partitions: 8 },
    nats: { servers: nats.url, maxMegabytes: 256 },
    cache: { driver: 'redis' },
    redis: { url: redis.url },
    storage: { driver: 'postgresql', synchronous: 'full' },
    postgresql: { ...place.settings.postgresql },
  };
  return {
    settings,
    nodes: ['node-1', 'node-2'],
    async stop() {
      await Promise.all([nats.remove(), redis.remove(), place.remove()]);
    },
  };
}

/** Why this shape cannot be tested here, or nothing. */
export async function shapeMissing(shape: Shape): Promise<string | undefined> {
  if (shape !== 'nodes') return undefined;
  return noNatsServer ?? noRedisServer ?? (await postgresMissing());
}

export function enginesOf(shape: Shape): Promise<Engines> {
  return shape === 'zeromq' ? zeromqEngines() : nodesEngines();
}
