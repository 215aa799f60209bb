import { randomUUID } from 'node:crypto';
import { noRedisServer, type RedisServer, startRedisServer, until } from '@ocpp-csms/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Cache, ConnectionEntry } from '../cache.ts';
import { describeCacheContract, sampleAuthRecord } from '../contract.ts';
import { createCache } from '../create-cache.ts';

const silent = { info() {}, warn() {}, error() {} };

describe.skipIf(noRedisServer)(`Redis${noRedisServer ? ` (skipped: ${noRedisServer})` : ''}`, () => {
  let server: RedisServer;
  let caches: Cache[] = [];
  let lines: string[] = [];

  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(() => server.remove());
  afterEach(async () => {
    await Promise.all(caches.splice(0).map((cache) => cache.close()));
    caches = [];
    lines = [];
  });

  const takeNote = (level: string) => (details: object, message: string) =>
    void lines.push(`${level} ${message} ${JSON.stringify(details)}`);
  const log = { info: takeNote('info'), warn: takeNote('warn'), error: takeNote('error') };
  const saying = (words: string) => lines.filter((line) => line.includes(words)).length;

  async function open(prefix: string, timeoutMs = 500): Promise<Cache> {
    const cache = await createCache({ driver: 'redis', url: server.url, prefix, log, timeoutMs });
    caches.push(cache);
    return cache;
  }
  const newPrefix = () => `${randomUUID()}:`;
  const claim = (cache: Cache, networkId: string, node: string, leaseMs = 30_000) =>
    cache.connections.claim({ networkId, node, protocol: 'ocpp1.6', leaseMs });
  const reconnected = (cache: Cache) =>
    until('the cache is back', async () => (await cache.auth.networkIds()) !== undefined);

  describeCacheContract('redis', {
    create: ({ clock }) => createCache({ driver: 'redis', url: server.url, prefix: newPrefix(), log: silent, clock }),
  });

  describe('several processes', () => {
    test('a change that one makes is heard by all, in order', async () => {
      const prefix = newPrefix();
      const [writer, reader] = [await open(prefix), await open(prefix)];
      const heard: (number | undefined)[] = [];
      reader.auth.onChange((_networkId, record) => heard.push(record?.revision));
      for (let revision = 1; revision <= 50; revision++) await writer.auth.put(sampleAuthRecord({ revision }));
      await writer.auth.delete('cp1');
      await until('all were heard', () => heard.length === 51);
      expect(heard).toEqual([...Array.from({ length: 50 }, (_, index) => index + 1), undefined]);
    });

    test('two nodes that race for a charge point: each claim sees the one before it, the highest epoch stays', async () => {
      const prefix = newPrefix();
      const nodes = [await open(prefix), await open(prefix)];
      const claims = await Promise.all(
        Array.from({ length: 100 }, (_, index) => claim(nodes[index % 2] as Cache, 'cp1', `node-${index % 2}`)),
      );
      const byEpoch = claims.toSorted((left, right) => left.entry.epoch - right.entry.epoch);
      expect(new Set(byEpoch.map(({ entry }) => entry.epoch)).size).toBe(100);
      expect(byEpoch.slice(1).map(({ replaced }) => replaced?.epoch)).toEqual(
        byEpoch.slice(0, -1).map(({ entry }) => entry.epoch),
      );
      expect((await nodes[0]?.connections.get('cp1'))?.epoch).toBe(byEpoch.at(-1)?.entry.epoch);
    });

    test('a node that does not renew loses its connections, the other keeps its own', async () => {
      const prefix = newPrefix();
      const [paused, alive] = [await open(prefix), await open(prefix)];
      await claim(paused, 'cp1', 'paused', 300);
      await paused.connections.renew('paused', 300);
      await claim(alive, 'cp2', 'alive', 300);
      await until('cp1 counts no more', async () => {
        await alive.connections.renew('alive', 300);
        return (await alive.connections.list()).length === 1;
      });
      expect((await alive.connections.get('cp2'))?.node).toBe('alive');
      const held = (await claim(paused, 'cp3', 'paused', 300)).entry;
      expect(await paused.connections.renew('paused', 300, () => [held])).toEqual({ ranOut: true, replaced: [] });
    });

    test('what a process left behind counts no more when another renews under its name', async () => {
      const prefix = newPrefix();
      const before = await open(prefix);
      await claim(before, 'cp1', 'node-1', 100);
      await before.connections.renew('node-1', 60_000);
      const after = await open(prefix);
      await after.connections.renew('node-1', 60_000);
      await until('its entry is gone', async () => (await after.connections.get('cp1')) === undefined);
      expect(await before.connections.renew('node-1', 60_000)).toEqual({ ranOut: true, replaced: [] });
      expect(saying('Another process has taken the name')).toBe(1);
    });

    test('20,000 connections are listed and renewed', async () => {
      const cache = await open(newPrefix(), 5000);
      await Promise.all(Array.from({ length: 20_000 }, (_, index) => claim(cache, `cp${index}`, 'node-1')));
      const from = performance.now();
      await cache.connections.renew('node-1', 30_000);
      expect(performance.now() - from).toBeLessThan(200);
      expect(await cache.connections.list()).toHaveLength(20_000);
    });
  });

  test('a fill during which Redis was emptied is not declared complete', async () => {
    const cache = await open(newPrefix());
    const filling = await cache.auth.startFilling();
    await cache.auth.put(sampleAuthRecord());
    await server.stop();
    await server.start({ empty: true });
    await reconnected(cache);
    await cache.auth.setComplete(true, filling);
    expect(await cache.auth.isComplete()).toBe(false);
    await cache.auth.setComplete(true, await cache.auth.startFilling());
    expect(await cache.auth.isComplete()).toBe(true);
  });

  test('after a restart nothing is complete, although the records are there: the last ones may be missing', async () => {
    const cache = await open(newPrefix());
    await cache.auth.put(sampleAuthRecord());
    await cache.auth.setComplete(true);
    await server.stop();
    await server.start();
    await reconnected(cache);
    expect(await cache.auth.isComplete()).toBe(false);
    expect(await cache.auth.get('cp1')).toEqual(sampleAuthRecord());
  });

  test('away: calls reject quickly and say what to do; lost and back are said once; missed changes are told', async () => {
    const prefix = newPrefix();
    const cache = await open(prefix);
    let missed = 0;
    cache.auth.onMissedChanges(() => missed++);
    await server.stop();
    const from = performance.now();
    for (let attempt = 0; attempt < 20; attempt++) {
      await expect(cache.auth.get('cp1')).rejects.toMatchObject({
        transient: true,
        message: expect.stringContaining('check that it runs'),
      });
    }
    await expect(claim(cache, 'cp1', 'node-1')).rejects.toMatchObject({ transient: true });
    expect(performance.now() - from).toBeLessThan(1000);
    await server.start();
    await until('it is back', () => saying('Redis is back') === 1 && missed > 0);
    const heard: string[] = [];
    cache.auth.onChange((networkId) => heard.push(networkId));
    await (await open(prefix)).auth.put(sampleAuthRecord());
    await until('changes are heard again', () => heard.length === 1);
    expect(saying('Redis is away')).toBe(1);
  });

  test('standing still: calls reject in time', async () => {
    const cache = await open(newPrefix());
    server.pause();
    await expect(cache.auth.get('cp1')).rejects.toMatchObject({
      transient: true,
      message: expect.stringContaining('no answer within 500 ms'),
    });
    server.resume();
    await reconnected(cache);
  });

  test('not there at the start: says so, without the password', async () => {
    await expect(
      createCache({ driver: 'redis', url: 'redis://user:geheim@127.0.0.1:1', log: silent }),
    ).rejects.toMatchObject({
      transient: true,
      message: expect.stringMatching(/^(?!.*geheim).*127\.0\.0\.1:1 .*redis\.url/),
    });
  });

  describe('emptied', () => {
    async function emptied(cache: Cache) {
      await server.stop();
      await server.start({ empty: true });
      await reconnected(cache);
    }

    test('the next renewal writes the open connections again, with their epochs', async () => {
      const cache = await open(newPrefix());
      const held = new Map<string, ConnectionEntry>();
      for (const networkId of ['cp1', 'cp 2/ü']) held.set(networkId, (await claim(cache, networkId, 'node-1')).entry);
      const closed = (await claim(cache, 'cp3', 'node-1')).entry;
      await cache.connections.renew('node-1', 30_000, () => held.values());
      await emptied(cache);
      expect(await cache.connections.list()).toEqual([]);
      expect(await cache.connections.renew('node-1', 30_000, () => held.values())).toEqual({
        ranOut: false,
        replaced: [],
      });
      const strip = ({ leaseUntil: _, ...entry }: ConnectionEntry) => entry;
      expect((await cache.connections.list()).map(strip)).toEqual(
        expect.arrayContaining([...held.values()].map(strip)),
      );
      expect(await cache.connections.get('cp3')).toBeUndefined();
      expect((await claim(cache, 'cp3', 'node-1')).entry.epoch).toBeGreaterThan(closed.epoch);
    });

    test('by FLUSHALL, with the connection open: the same', async () => {
      const cache = await open(newPrefix());
      const { entry } = await claim(cache, 'cp1', 'node-1');
      await cache.connections.renew('node-1', 30_000, () => [entry]);
      await flush(server);
      await cache.connections.renew('node-1', 30_000, () => [entry]);
      expect((await cache.connections.get('cp1'))?.epoch).toBe(entry.epoch);
      expect(saying('Redis was emptied')).toBe(1);
    });

    test('a charge point that went to another node meanwhile is told of, and left there', async () => {
      const prefix = newPrefix();
      const [old, young] = [await open(prefix), await open(prefix)];
      const { entry } = await claim(old, 'cp1', 'old');
      await old.connections.renew('old', 30_000, () => [entry]);
      await emptied(old);
      await reconnected(young);
      const { entry: newer, replaced } = await claim(young, 'cp1', 'young');
      expect(replaced).toBeUndefined();
      const renewal = await old.connections.renew('old', 30_000, () => [entry]);
      expect(renewal.replaced).toMatchObject([{ networkId: 'cp1', node: 'young', epoch: newer.epoch }]);
      expect((await young.connections.get('cp1'))?.node).toBe('young');
    });

    test('epochs go on rising although the clock was set back meanwhile', async () => {
      let now = 2_000_000_000_000;
      const cache = await createCache({
        driver: 'redis',
        url: server.url,
        prefix: newPrefix(),
        log: silent,
        clock: () => now,
      });
      caches.push(cache);
      const { entry } = await claim(cache, 'cp1', 'node-1');
      await emptied(cache);
      now -= 3_600_000;
      expect((await claim(cache, 'cp1', 'node-1')).entry.epoch).toBeGreaterThan(entry.epoch);
    });

    test('10,000 connections are back with one renewal', async () => {
      const cache = await open(newPrefix(), 5000);
      const claims = await Promise.all(
        Array.from({ length: 10_000 }, (_, index) => claim(cache, `cp${index}`, 'node-1')),
      );
      await emptied(cache);
      const from = performance.now();
      await cache.connections.renew('node-1', 30_000, () => claims.map(({ entry }) => entry));
      expect(performance.now() - from).toBeLessThan(3000);
      expect(await cache.connections.list()).toHaveLength(10_000);
    });
  });

  test('a connection whose release failed counts no more when Redis is back', async () => {
    const cache = await open(newPrefix());
    const [first, second] = [await claim(cache, 'cp1', 'node-1', 300), await claim(cache, 'cp2', 'node-1', 300)];
    await cache.connections.renew('node-1', 300);
    await server.stop();
    await expect(cache.connections.release('cp1', 'node-1', first.entry.epoch)).rejects.toMatchObject({
      transient: true,
    });
    await server.start();
    await reconnected(cache);
    await until('cp1 is gone', async () => {
      await cache.connections.renew('node-1', 300, () => [second.entry]);
      return (await cache.connections.get('cp1')) === undefined;
    });
    expect((await cache.connections.get('cp2'))?.epoch).toBe(second.entry.epoch);
  });
});

async function flush({ url }: RedisServer): Promise<void> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url);
  await redis.flushall();
  redis.disconnect();
}
