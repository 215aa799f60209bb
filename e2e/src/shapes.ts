import type { DeepPartial, Settings } from '@ocpp-csms/config';
import { createTestPlace, postgresMissing } from '@ocpp-csms/storage/test-support';
import { type PostgresServer, startPostgresServer } from '@ocpp-csms/storage/test-support/postgres-server';
import {
  freePort,
  type NatsServer,
  noNatsServer,
  noRedisServer,
  type RedisServer,
  startNatsServer,
  startRedisServer,
} from '@ocpp-csms/testing';
import { daemonServices, type Engines } from './daemons.ts';

/** How the system is put together: in one process, as four daemons over ZeroMQ, or two of each on nodes. */
export const shapes = ['one', 'zeromq', 'nodes'] as const;
export type Shape = (typeof shapes)[number];
export type ShapeOfMany = Exclude<Shape, 'one'>;

/** For those who read. */
export const shapeWords: Readonly<Record<Shape, string>> = {
  one: 'one process',
  zeromq: 'four daemons, ZeroMQ',
  nodes: 'two of each, NATS',
};

/** Four daemons on one machine, without any server. */
export async function zeromqEngines(): Promise<Engines> {
  const node = 'node-1';
  const peers = await Promise.all(
    daemonServices.map(async (service) => ({ service, node, address: `tcp://127.0.0.1:${await freePort()}` })),
  );
  return { settings: { bus: { driver: 'zeromq' }, zeromq: { peers } }, nodes: [node], stop: async () => {} };
}

export interface NodesEngines extends Engines {
  nats: NatsServer;
  redis: RedisServer;
  /** Where it is the test's own. */
  postgres: PostgresServer | undefined;
}

/** Two of each over NATS, PostgreSQL and Redis. `ownPostgres`: one that may be stopped; otherwise a database of the server that is there. */
export async function nodesEngines({ ownPostgres = false } = {}): Promise<NodesEngines> {
  const nats = await startNatsServer();
  const redis = await startRedisServer();
  const postgres = ownPostgres ? await startPostgresServer() : undefined;
  const place = postgres === undefined ? await createTestPlace('postgresql') : undefined;
  const settings: DeepPartial<Settings> = {
    bus: { driver: 'nats', partitions: 8 },
    nats: { servers: nats.url, maxMegabytes: 256 },
    cache: { driver: 'redis' },
    redis: { url: redis.url },
    storage: { driver: 'postgresql', synchronous: 'full' },
    postgresql: { url: postgres?.url ?? place?.settings.postgresql.url ?? '', maxConnections: 4 },
  };
  return {
    settings,
    nodes: ['node-1', 'node-2'],
    nats,
    redis,
    postgres,
    async stop() {
      await Promise.all([nats.remove(), redis.remove(), postgres?.remove(), place?.remove()]);
    },
  };
}

/** Why this shape cannot be tested here, or nothing. */
export async function shapeMissing(shape: Shape): Promise<string | undefined> {
  if (shape !== 'nodes') return undefined;
  return noNatsServer ?? noRedisServer ?? (await postgresMissing());
}

export function enginesOf(shape: ShapeOfMany): Promise<Engines> {
  return shape === 'zeromq' ? zeromqEngines() : nodesEngines();
}
