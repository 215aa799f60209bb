import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuthRecord, Cache } from './cache.ts';

export interface CacheUnderTest {
  /** Starts empty. `clock` gives milliseconds since 1970. */
  create(options: { clock: () => number }): Promise<Cache>;
}

const PATIENCE_MS = 2000;

/** A record for tests. */
export function sampleAuthRecord(changes: Partial<AuthRecord> = {}): AuthRecord {
  return {
    networkId: 'cp1',
    chargePointId: 'id-of-cp1',
    tenant: 'default',
    enabled: true,
    securityProfile: 1,
    passwordDigests: [{ salt: 'c2FsdA==', digest: 'ZGlnZXN0' }],
    registration: 'Accepted',
    heartbeatIntervalSeconds: 300,
    strict: false,
    noPing: false,
    revision: 1,
    ...changes,
  };
}

/** What every cache promises (cache.ts, design.md §8). */
export function describeCacheContract(name: string, { create }: CacheUnderTest): void {
  describe(`${name}: the contract of the cache`, () => {
    let now: number;
    let cache: Cache;

    beforeEach(async () => {
      now = Date.parse('2026-01-02T03:04:05.006Z');
      cache = await create({ clock: () => now });
    });
    afterEach(() => cache.close());

    const claim = (networkId: string, node: string) =>
      cache.connections.claim({ networkId, node, protocol: 'ocpp1.6', leaseMs: 30_000 });

    describe('auth records', () => {
      it('keeps what was put, all members, until it is deleted', async () => {
        const record = sampleAuthRecord({ assumedProtocol: 'ocpp2.0.1', maxFrameBytes: 1000 });
        await cache.auth.put(record);
        expect(await cache.auth.get('cp1')).toEqual(record);
        expect(await cache.auth.get('cp2')).toBeUndefined();
        await cache.auth.delete('cp1');
        expect(await cache.auth.get('cp1')).toBeUndefined();
      });

      it('never replaces a newer record by an older one', async () => {
        await cache.auth.put(sampleAuthRecord({ revision: 5 }));
        await cache.auth.put(sampleAuthRecord({ revision: 4, enabled: false }));
        expect((await cache.auth.get('cp1'))?.enabled).toBe(true);
        await cache.auth.put(sampleAuthRecord({ revision: 6, enabled: false }));
        expect((await cache.auth.get('cp1'))?.enabled).toBe(false);
      });

      it('keeps copies', async () => {
        const record = sampleAuthRecord();
        await cache.auth.put(record);
        record.enabled = false;
        const read = await cache.auth.get('cp1');
        Object.assign(read?.passwordDigests[0] ?? {}, { digest: 'spoilt' });
        expect(await cache.auth.get('cp1')).toEqual(sampleAuthRecord());
      });

      it('is complete when it was said to be', async () => {
        expect(await cache.auth.isComplete()).toBe(false);
        await cache.auth.setComplete(true);
        expect(await cache.auth.isComplete()).toBe(true);
      });

      it('is complete after a fill that nothing disturbed, and not after one of other contents', async () => {
        await cache.auth.setComplete(true, 'of another time');
        expect(await cache.auth.isComplete()).toBe(false);
        await cache.auth.setComplete(true, await cache.auth.startFilling());
        expect(await cache.auth.isComplete()).toBe(true);
        await cache.auth.setComplete(false);
        expect(await cache.auth.isComplete()).toBe(false);
      });

      it('tells of changes until one listens no more', async () => {
        const heard: [string, number | undefined][] = [];
        const stop = cache.auth.onChange((networkId, record) => heard.push([networkId, record?.revision]));
        await cache.auth.put(sampleAuthRecord({ revision: 2 }));
        await cache.auth.put(sampleAuthRecord({ revision: 1 }));
        await cache.auth.delete('cp1');
        await until(() => heard.length === 2);
        stop();
        await cache.auth.put(sampleAuthRecord({ revision: 3 }));
        await sleep(20);
        expect(heard).toEqual([
          ['cp1', 2],
          ['cp1', undefined],
        ]);
      });

      it('lists every networkId', async () => {
        for (const networkId of ['cp1', 'cp2', 'cp 3/ü']) await cache.auth.put(sampleAuthRecord({ networkId }));
        expect((await cache.auth.networkIds()).sort()).toEqual(['cp 3/ü', 'cp1', 'cp2']);
      });
    });

    describe('connections', () => {
      it('gives an entry with an epoch in microseconds', async () => {
        const { entry, replaced } = await cache.connections.claim({
          networkId: 'cp1',
          node: 'node-1',
          protocol: 'ocpp2.1',
          leaseMs: 30_000,
          remoteAddress: '192.0.2.1',
        });
        expect(replaced).toBeUndefined();
        expect(entry).toEqual({
          networkId: 'cp1',
          node: 'node-1',
          epoch: now * 1000,
          protocol: 'ocpp2.1',
          since: '2026-01-02T03:04:05.006Z',
          leaseUntil: now + 30_000,
          remoteAddress: '192.0.2.1',
        });
        expect(await cache.connections.get('cp1')).toEqual(entry);
      });

      it('lets the newest connection win, with a higher epoch also when the clock is set back', async () => {
        const { entry: first } = await claim('cp1', 'node-1');
        now -= 10_000;
        const { entry: second, replaced } = await claim('cp1', 'node-2');
        expect(replaced).toEqual(first);
        expect(second.epoch).toBeGreaterThan(first.epoch);
        expect((await cache.connections.get('cp1'))?.node).toBe('node-2');
      });

      it('gives a higher epoch after a release, also when the clock is set back', async () => {
        const { entry: first } = await claim('cp1', 'node-1');
        await cache.connections.release('cp1', 'node-1', first.epoch);
        now -= 10_000;
        expect((await claim('cp1', 'node-1')).entry.epoch).toBeGreaterThan(first.epoch);
      });

      it('releases only what node and epoch still name', async () => {
        const { entry: first } = await claim('cp1', 'node-1');
        const { entry: second } = await claim('cp1', 'node-1');
        expect(await cache.connections.release('cp1', 'node-1', first.epoch)).toBe(false);
        expect(await cache.connections.release('cp1', 'node-2', second.epoch)).toBe(false);
        expect(await cache.connections.release('cp1', 'node-1', second.epoch)).toBe(true);
        expect(await cache.connections.release('cp1', 'node-1', second.epoch)).toBe(false);
        expect(await cache.connections.get('cp1')).toBeUndefined();
      });

      it('does not count an entry whose lease ran out', async () => {
        await claim('cp1', 'node-1');
        now += 30_000;
        expect(await cache.connections.get('cp1')).toBeUndefined();
        expect(await cache.connections.list()).toEqual([]);
        expect((await claim('cp1', 'node-2')).replaced).toBeUndefined();
      });

      it('prolongs the leases of one node, and brings none back', async () => {
        await claim('cp1', 'node-1');
        now += 20_000;
        await claim('cp2', 'node-1');
        await claim('cp3', 'node-2');
        now += 20_000;
        expect(await cache.connections.renew('node-1', 60_000)).toEqual({ ranOut: false, replaced: [] });
        now += 20_000;
        expect((await cache.connections.list()).map(({ networkId }) => networkId)).toEqual(['cp2']);
      });
    });
  });
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited ${PATIENCE_MS} ms in vain`);
    await sleep(2);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
