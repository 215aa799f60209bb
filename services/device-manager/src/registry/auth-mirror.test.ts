import { createMemoryCache } from '@ocpp-csms/cache';
import { defaultSettings } from '@ocpp-csms/config';
import { createLog } from '@ocpp-csms/runtime';
import { describe, expect, test } from 'vitest';
import { type TestDeviceManager, testDeviceManagers } from '../test-support/test-device-manager.ts';
import { createAuthMirror } from './auth-mirror.ts';

const startTestDeviceManager = testDeviceManagers();

test('at the start the cache is filled, and then declared complete', async () => {
  const dm = await startTestDeviceManager();
  await dm.create('CP001');
  expect(await dm.cache.auth.isComplete()).toBe(true);
  await dm.restart(async () => {
    await dm.cache.auth.delete('CP001');
    await dm.cache.auth.setComplete(false);
  });
  expect(await dm.cache.auth.get('CP001')).toMatchObject({ networkId: 'CP001' });
  expect(await dm.cache.auth.isComplete()).toBe(true);
});

test('an emptied cache, a stranger in it and a record of an older time are mended', async () => {
  const dm = await startTestDeviceManager({ settings: { deviceManager: { reconcileSeconds: 1 } } });
  await dm.create('CP001');
  await dm.create('CP002');
  const [first, second] = [await dm.cache.auth.get('CP001'), await dm.cache.auth.get('CP002')];
  await dm.cache.auth.delete('CP001');
  await dm.cache.auth.put({ ...second!, networkId: 'STRANGER' });
  await dm.cache.auth.put({ ...second!, revision: 999, enabled: false });
  await dm.cache.auth.setComplete(false);
  await expect.poll(() => dm.cache.auth.get('CP001'), { timeout: 8000 }).toEqual(first);
  await expect.poll(() => dm.cache.auth.get('CP002')).toEqual(second);
  await expect.poll(() => dm.cache.auth.get('STRANGER')).toBeUndefined();
  await expect.poll(() => dm.cache.auth.isComplete()).toBe(true);
});

test('an emptied cache is filled at once, long before the next comparison', async () => {
  const dm = await startTestDeviceManager();
  await dm.create('CP001');
  await dm.cache.auth.delete('CP001');
  await dm.cache.auth.setComplete(false);
  await expect.poll(() => dm.cache.auth.isComplete(), { timeout: 8000 }).toBe(true);
  expect(await dm.cache.auth.get('CP001')).toMatchObject({ networkId: 'CP001' });
});

test('a change that was committed when the process died is mirrored at the next start', async () => {
  const dm = await startTestDeviceManager();
  await dm.create('CP001');
  await dm.restart(() =>
    dm.withDatabase(async (database) => {
      await database.bulk([
        { sql: 'update charge_point set enabled = 0, revision = ? where network_id = ?', rows: [[50, 'CP001']] },
        { sql: 'insert into auth_outbox (network_id, revision) values (?, ?)', rows: [['CP001', 50]] },
      ]);
    }),
  );
  expect(await dm.cache.auth.get('CP001')).toMatchObject({ enabled: false, revision: 50 });
  await dm.withDatabase(async ({ read }) =>
    expect(await read.selectFrom('auth_outbox').selectAll().execute()).toEqual([]),
  );
});

describe('while a reconcile is under way, another instance', () => {
  async function reconcileBeside(change: (dm: TestDeviceManager) => Promise<unknown>) {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    const { auth } = dm.cache;
    let changed: Promise<unknown> | undefined;
    // SQL has been read by the time the cache is asked what it has.
    const networkIds = async () => {
      changed ??= change(dm);
      await changed;
      return auth.networkIds();
    };
    const settings = { ...defaultSettings().log, dir: '', level: 'silent' };
    await dm.withDatabase(async (database) => {
      const mirror = createAuthMirror({
        database,
        auth: { ...auth, networkIds },
        clock: { now: () => new Date() },
        log: createLog({ service: 'test', settings }),
        heartbeatIntervalSeconds: 300,
      });
      await mirror.reconcile();
    });
    return auth;
  }

  test('registers a charge point: it is not taken out of the cache again', async () => {
    const auth = await reconcileBeside((dm) => dm.create('CP002'));
    expect(await auth.get('CP002')).toMatchObject({ networkId: 'CP002' });
  });

  test('deletes one: it is not brought to life again', async () => {
    const auth = await reconcileBeside((dm) => dm.rest('DELETE', '/charge-points/CP001'));
    expect(await auth.get('CP001')).toBeUndefined();
  });

  test('changes one: the newer record stays', async () => {
    const auth = await reconcileBeside((dm) => dm.rest('PATCH', '/charge-points/CP001', { enabled: false }));
    expect(await auth.get('CP001')).toMatchObject({ enabled: false });
  });
});

test('10,000 charge points are mirrored into the cache in one round', async () => {
  const dm = await startTestDeviceManager();
  await dm.withDatabase(async (database) => {
    const { password_digests } = {
      password_digests: JSON.stringify(
        Array.from({ length: 2 }, () => ({ salt: 'c2FsdHNhbHRzYWx0', digest: 'ZGlnZXN0ZGlnZXN0' })),
      ),
    };
    const columns =
      'charge_point_id, network_id, name, plug_and_charge, security_profile, password_digests, enabled, tags, registration, strict, no_ping, revision, created_at, updated_at';
    const rows = Array.from({ length: 10_000 }, (_, n) => [
      `id-${n}`,
      `CP${n}`,
      'x',
      0,
      1,
      password_digests,
      1,
      '[]',
      'Accepted',
      0,
      0,
      n + 1,
      'now',
      'now',
    ]);
    await database.bulk([
      { sql: `insert into charge_point (${columns}) values (${columns.replace(/\w+/g, '?')})`, rows },
    ]);
    const cache = createMemoryCache();
    const settings = { ...defaultSettings().log, dir: '', level: 'silent' };
    const mirror = createAuthMirror({
      database,
      auth: cache.auth,
      clock: { now: () => new Date() },
      log: createLog({ service: 'test', settings }),
      heartbeatIntervalSeconds: 300,
    });
    await mirror.reconcile();
    expect(await cache.auth.networkIds()).toHaveLength(10_000);
    expect(await mirror.reconcile()).toBe(0);
  });
});

test('a registry of many pages is mirrored whole', async () => {
  const dm = await startTestDeviceManager();
  const id = await dm.create('CP001');
  await dm.restart(() =>
    dm.withDatabase(async (database) => {
      const row = await database.read.selectFrom('charge_point').selectAll().executeTakeFirstOrThrow();
      const columns = Object.keys(row);
      const sql = `insert into charge_point (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`;
      const copy = (index: number) =>
        Object.values({ ...row, charge_point_id: `${id}-${index}`, network_id: `MANY-${index}` });
      await database.bulk([{ sql, rows: Array.from({ length: 1100 }, (_, index) => copy(index)) }]);
    }),
  );
  await expect.poll(() => dm.cache.auth.isComplete(), { timeout: 10_000 }).toBe(true);
  const mirrored = await dm.cache.auth.networkIds();
  expect(mirrored.length).toBe(1101);
  for (const networkId of mirrored) await dm.cache.auth.delete(networkId);
});
