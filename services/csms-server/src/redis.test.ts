import { createCache } from '@ocpp-csms/cache';
import { noRedisServer, type RedisServer, startRedisServer, until } from '@ocpp-csms/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { node, startCsms } from './test-support/start-csms.ts';

describe.skipIf(noRedisServer)(`with the cache in Redis${noRedisServer ? ` (skipped: ${noRedisServer})` : ''}`, () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedisServer();
  });
  afterAll(() => redis.remove());

  test('a Redis that goes away for longer than the lease and comes back empty costs no charge point its connection', async () => {
    const lines: string[] = [];
    const log = {
      info: (_details: object, message: string) => void lines.push(message),
      warn: (_details: object, message: string) => void lines.push(message),
      error: (_details: object, message: string) => void lines.push(message),
    };
    const cache = await createCache({ driver: 'redis', url: redis.url, log });
    const csms = await startCsms({ cache, csmsServer: { leaseSeconds: 5 } });
    const record = await csms.register();
    const chargePoint = await csms.connect();
    const before = await cache.connections.get('CP001');

    await redis.stop();
    await expect(csms.connect({ networkId: 'CP002' })).rejects.toMatchObject({ status: 503 });
    const awaySince = performance.now();
    await until('it was away for longer than the lease', () => performance.now() - awaySince > 5500, {
      everyMs: 100,
    });
    expect(await chargePoint.call('Heartbeat', {})).toHaveProperty('currentTime');

    await redis.start({ empty: true });
    const after = await until('the connection is in the directory again', () => cache.connections.get('CP001'));
    expect({ ...after, leaseUntil: 0 }).toEqual({ ...before, leaseUntil: 0 });
    await csms.send({ action: 'ClearCache', payload: {}, connection: after.epoch });
    await chargePoint.nextCall('ClearCache');
    expect(csms.events.filter(({ event }) => event === 'ChargePointDisconnected')).toEqual([]);
    expect(lines.filter((line) => line.startsWith('Redis is away'))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('Redis is back'))).toHaveLength(1);

    // The records are gone with the mark: device-manager is asked.
    await csms.bus.serve('device-manager.auth-record', async () => ({ ...record, networkId: 'CP003' }));
    const asked = await csms.connect({ networkId: 'CP003' });
    expect((await cache.connections.get('CP003'))?.node).toBe(node);
    await asked.close();
    await csms.stop();
    await cache.close();
  });
});
