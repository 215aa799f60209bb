/** The system over each engine, as many processes. */
import type { DeepPartial, Settings } from '@ocpp-csms/config';
import { type Daemons, type Engines, startDaemons } from '@ocpp-csms/e2e/daemons';
import { zeromqEngines } from '@ocpp-csms/e2e/shapes';
import { createTestPlace, postgresMissing } from '@ocpp-csms/storage/test-support';
import { noNatsServer, noRedisServer, startNatsServer, startRedisServer } from '@ocpp-csms/testing';

export interface System {
  what: string;
  daemons: Daemons;
}

export interface SystemPlan {
  what: string;
  /** Why it cannot be measured here, or nothing. */
  missing(): Promise<string | undefined> | string | undefined;
  engines(): Promise<Engines>;
}

const oneOfEach = ['node-1'];
const twoOfEach = ['node-1', 'node-2'];

/** Everybody is let in, every token accepted, nothing compressed: as the embedded system in the other parts. */
const open: DeepPartial<Settings> = {
  csmsServer: { compression: false, adoptUnknown: true, upgradesPerSecond: 10_000 },
  session: { acceptAllTokens: true },
  log: { dir: '', level: 'warn' },
};

const servers = async () => noNatsServer ?? noRedisServer ?? (await postgresMissing());

export const systemPlans: readonly SystemPlan[] = [
  { what: 'ZeroMQ, SQLite; one of each', missing: () => undefined, engines: zeromqEngines },
  { what: 'NATS, PostgreSQL, Redis; one of each', missing: servers, engines: () => overNats(oneOfEach) },
  { what: 'NATS, PostgreSQL, Redis; two of each', missing: servers, engines: () => overNats(twoOfEach) },
  { what: 'Redis, PostgreSQL; one of each', missing: servers, engines: () => overRedis(oneOfEach) },
];

export async function startSystem({ engines }: SystemPlan): Promise<Daemons> {
  return startDaemons(await engines(), { settings: open });
}

async function overNats(nodes: readonly string[]): Promise<Engines> {
  const nats = await startNatsServer();
  const rest = await sharedStores();
  return {
    nodes,
    settings: { ...rest.settings, bus: { driver: 'nats' }, nats: { servers: nats.url, maxMegabytes: 1024 } },
    async stop() {
      await Promise.all([nats.remove(), rest.stop()]);
    },
  };
}

async function overRedis(nodes: readonly string[]): Promise<Engines> {
  const rest = await sharedStores();
  return { ...rest, nodes, settings: { ...rest.settings, bus: { driver: 'redis' } } };
}

/** `synchronous_commit` on and `appendfsync always`: what was answered survives a power cut. */
async function sharedStores(): Promise<Pick<Engines, 'settings' | 'stop'>> {
  const redis = await startRedisServer();
  const place = await createTestPlace('postgresql');
  return {
    settings: {
      cache: { driver: 'redis' },
      redis: { url: redis.url },
      storage: { driver: 'postgresql', synchronous: 'full' },
      postgresql: { url: place.settings.postgresql.url, maxConnections: 8 },
    },
    async stop() {
      await Promise.all([redis.remove(), place.remove()]);
    },
  };
}
