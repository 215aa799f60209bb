import { matchesDigest } from '@ocpp-csms/cache';
import { describe, expect, test } from 'vitest';
import { testDeviceManagers } from '../test-support/test-device-manager.ts';

const startTestDeviceManager = testDeviceManagers();

const password = 'correct horse battery';

describe('a charge point is registered', () => {
  test('with a random password that is told once and lets it in', async () => {
    const dm = await startTestDeviceManager();
    const { status, body, headers } = await dm.rest('POST', '/charge-points', {
      networkId: 'CP001',
      name: 'Garage',
      tags: ['home'],
    });
    expect(status).toBe(201);
    expect(headers.location).toBe(`/device-manager/charge-points/${body.chargePointId}`);
    expect(body).toMatchObject({
      networkId: 'CP001',
      name: 'Garage',
      securityProfile: 1,
      registration: 'Accepted',
      hasPassword: true,
    });
    expect(body.password).toMatch(/^[0-9a-f]{40}$/);
    const record = await dm.cache.auth.get('CP001');
    expect(record).toMatchObject({
      networkId: 'CP001',
      chargePointId: body.chargePointId,
      enabled: true,
      securityProfile: 1,
    });
    // field-faults row 10: the digits themselves in either case, and the bytes that they mean.
    for (const form of [body.password, body.password.toUpperCase()]) {
      expect(matchesDigest(Buffer.from(form), record!.passwordDigests)).toBe(true);
    }
    expect(matchesDigest(Buffer.from(body.password, 'hex'), record!.passwordDigests)).toBe(true);
    expect(matchesDigest(Buffer.from(password), record!.passwordDigests)).toBe(false);
    const again = await dm.rest('GET', '/charge-points/CP001');
    expect(again.body.password).toBeUndefined();
    expect((await dm.rest('GET', `/charge-points/${body.chargePointId}`)).body).toEqual(again.body);
  });

  test('and a password is in no answer, no log and not in the database', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001', { password });
    await dm.rest('PATCH', '/charge-points/CP001', { password: `${password}2` });
    for (const path of ['/charge-points', '/charge-points/CP001'])
      expect((await dm.rest('GET', path)).text).not.toMatch(/correct horse|digest|salt/i);
    expect(await dm.databaseText()).not.toContain('correct horse');
  });

  test('and the same networkId again is 409', async () => {
    const dm = await startTestDeviceManager();
    const { chargePointId } = await dm.create('CP001');
    const { status, body } = await dm.rest('POST', '/charge-points', { networkId: 'CP001' });
    expect(status).toBe(409);
    expect(body).toMatchObject({ type: 'urn:ocpp-csms:problem:network-id-taken', chargePointId });
  });

  test.each([
    ['a colon', 'CP:1'],
    ['a slash', 'CP/1'],
    ['a control character', 'CP\u00071'],
    ['49 characters', 'x'.repeat(49)],
    ['nothing', ''],
  ])('but not with %s in its networkId', async (_what, networkId) => {
    const dm = await startTestDeviceManager();
    const { status, body } = await dm.rest('POST', '/charge-points', { networkId });
    expect(status).toBe(400);
    expect(body.detail).toMatch(/networkId/);
    expect(await dm.manager.chargePointCount()).toBe(0);
  });

  test.each([
    ['short', 'secret'],
    ['long', 'x1'.repeat(21)],
    ['dull', 'a'.repeat(20)],
    ['not ASCII', 'pässwörd-pässwörd'],
  ])('but not with a %s password, which the answer does not repeat', async (_what, bad) => {
    const dm = await startTestDeviceManager();
    const { status, body, text } = await dm.rest('POST', '/charge-points', { networkId: 'CP001', password: bad });
    expect(status).toBe(400);
    expect(body.errors[0].path).toBe('body.password');
    expect(text).not.toContain(bad);
  });
});

test('PATCH changes the auth record at once, and tells that the registration changed', async () => {
  const dm = await startTestDeviceManager();
  await dm.create('CP001', { password });
  const before = await dm.cache.auth.get('CP001');
  const { status, body } = await dm.rest('PATCH', '/charge-points/CP001', {
    enabled: false,
    registration: 'Pending',
    heartbeatIntervalSeconds: 60,
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({ enabled: false, registration: 'Pending' });
  const after = await dm.cache.auth.get('CP001');
  expect(after).toMatchObject({
    enabled: false,
    registration: 'Pending',
    heartbeatIntervalSeconds: 60,
    passwordDigests: before!.passwordDigests,
  });
  expect(after!.revision).toBeGreaterThan(before!.revision);
  expect(dm.events).toContainEqual(
    expect.objectContaining({
      client: 'CP001',
      event: 'RegistrationChanged',
      data: { from: 'Accepted', to: 'Pending' },
    }),
  );
});

test('a deleted charge point is gone from the cache, with all that belonged to it', async () => {
  const dm = await startTestDeviceManager();
  await dm.create('CP001');
  await dm.connect('CP001');
  await dm.boot('CP001');
  await dm.command('CP001', 'ClearCache');
  expect((await dm.rest('DELETE', '/charge-points/CP001')).status).toBe(204);
  expect(await dm.cache.auth.get('CP001')).toBeUndefined();
  expect((await dm.rest('GET', '/charge-points/CP001')).status).toBe(404);
  await dm.create('CP001');
  expect((await dm.rest('GET', '/charge-points/CP001/boots')).body.items).toEqual([]);
  expect((await dm.rest('GET', '/charge-points/CP001/commands')).body.items).toEqual([]);
});

describe('the list', () => {
  test('pages, and finds by networkId, connection, text and tag', async () => {
    const dm = await startTestDeviceManager();
    for (const n of [1, 2, 3, 4, 5])
      await dm.create(`CP00${n}`, { name: `Bay ${n}`, tags: n % 2 ? ['odd'] : ['100%'] });
    await dm.connect('CP002');
    const ids = async (query: string) =>
      (await dm.rest('GET', `/charge-points${query}`)).body.items.map((item: { networkId: string }) => item.networkId);
    const first = await dm.rest('GET', '/charge-points?limit=2');
    expect(first.body.items).toHaveLength(2);
    const second = await dm.rest('GET', `/charge-points?limit=3&cursor=${first.body.nextCursor}`);
    expect(second.body.items.map((item: { networkId: string }) => item.networkId)).toEqual(['CP003', 'CP004', 'CP005']);
    expect(second.body.nextCursor).toBeUndefined();
    expect(await ids('?networkId=CP003')).toEqual(['CP003']);
    expect(await ids('?connected=true')).toEqual(['CP002']);
    expect(await ids('?connected=false')).toHaveLength(4);
    expect(await ids('?q=bay%204')).toEqual(['CP004']);
    expect(await ids('?tag=odd')).toEqual(['CP001', 'CP003', 'CP005']);
    expect(await ids('?q=%25')).toEqual([]);
    expect(await ids('?tag=100%25')).toEqual(['CP002', 'CP004']);
    expect((await dm.rest('GET', '/charge-points?cursor=nonsense')).status).toBe(400);
  });

  test('in the order of names, page by page', async () => {
    const dm = await startTestDeviceManager();
    for (const [networkId, name] of [
      ['CP001', 'south'],
      ['CP002', 'North'],
      ['CP003', 'east'],
      ['CP004', 'north'],
    ] as const)
      await dm.create(networkId, { name });
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await dm.rest('GET', `/charge-points?sort=name&limit=1${cursor}`);
      seen.push(...body.items.map((item: { networkId: string }) => item.networkId));
      cursor = body.nextCursor === undefined ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(['CP003', 'CP002', 'CP004', 'CP001']);
  });

  test('finds by what connectors, protocol and firmware are; the summary counts', async () => {
    const dm = await startTestDeviceManager();
    for (const n of [1, 2, 3]) await dm.create(`CP00${n}`, { tags: n === 1 ? [] : ['yard'] });
    await dm.connect('CP001');
    await dm.connect('CP002', 'ocpp2.0.1');
    await dm.boot('CP001', { firmwareVersion: '2.1' });
    const status = (networkId: string, connectorId: number, value: string) =>
      dm.tell(networkId, 'StatusNotification', { connectorId, errorCode: 'NoError', status: value });
    for (const [connectorId, value] of ['Available', 'Available', 'Faulted'].entries())
      await status('CP001', connectorId, value);
    await status('CP003', 1, 'Charging');
    await dm.refused('CP009');
    const ids = async (query: string) =>
      (await dm.rest('GET', `/charge-points${query}`)).body.items.map((item: { networkId: string }) => item.networkId);
    expect(await ids('?status=Faulted')).toEqual(['CP001']);
    expect(await ids('?status=Faulted&status=Charging')).toEqual(['CP001', 'CP003']);
    expect(await ids('?status=Faulted&connected=false')).toEqual([]);
    expect(await ids('?protocol=ocpp2.0.1')).toEqual(['CP002']);
    expect(await ids('?firmwareVersion=2.1')).toEqual(['CP001']);
    expect((await dm.rest('GET', '/summary')).body).toEqual({
      chargePoints: 3,
      connected: 2,
      refused: 1,
      connectors: { Available: 1, Faulted: 1 },
      tags: { yard: 2 },
      chargePointUrl: expect.stringMatching(/^ws:\/\/.+\/ocpp\/$/),
    });
  });

  test('shows the connection, the boot and the connectors', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    await dm.connect('CP001');
    await dm.boot('CP001', { chargePointVendor: 'ABB', chargePointModel: 'Terra', firmwareVersion: '2.1' });
    await dm.tell('CP001', 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available' });
    const [item] = (await dm.rest('GET', '/charge-points')).body.items;
    expect(item).toMatchObject({
      vendor: 'ABB',
      model: 'Terra',
      firmwareVersion: '2.1',
      connection: { connected: true, protocol: 'ocpp1.6', remoteAddress: '10.0.0.1' },
      connectors: [{ connectorId: 1, status: 'Available' }],
    });
    expect(Date.now() - Date.parse(item.connection.lastSeenAt)).toBeLessThan(5000);
    await dm.disconnect('CP001');
    expect((await dm.rest('GET', '/charge-points/CP001')).body.connection).toMatchObject({
      connected: false,
      lastProtocol: 'ocpp1.6',
    });
  });
});

describe('other services', () => {
  test('ask for auth records and names', async () => {
    const dm = await startTestDeviceManager();
    const { chargePointId } = await dm.create('CP001', { name: 'Garage' });
    expect(await dm.bus.request('device-manager.auth-record', { networkId: 'CP001' })).toEqual(
      await dm.cache.auth.get('CP001'),
    );
    expect(await dm.bus.request('device-manager.auth-record', { networkId: 'CP002' })).toBeNull();
    expect(await dm.bus.request('device-manager.charge-point', { id: chargePointId })).toEqual({
      chargePointId,
      networkId: 'CP001',
      name: 'Garage',
    });
    expect(await dm.bus.request('device-manager.charge-point', { id: 'nobody' })).toBeNull();
  });

  test('adopt nobody, unless it is set', async () => {
    const dm = await startTestDeviceManager();
    await expect(
      dm.bus.request('device-manager.adopt', { networkId: 'CP001', credentials: 'none' }),
    ).rejects.toMatchObject({ code: 'NobodyThere' });
  });

  test('adopt who comes, where it is set, with the password that it brings', async () => {
    const dm = await startTestDeviceManager({ settings: { csmsServer: { adoptUnknown: true } } });
    expect(await dm.bus.request('device-manager.adopt', { networkId: 'CP001', credentials: 'none' })).toMatchObject({
      networkId: 'CP001',
      securityProfile: 0,
    });
    const passwordDigests = [{ salt: 'c2FsdA==', digest: 'ZGlnZXN0' }];
    const record = await dm.bus.request('device-manager.adopt', {
      networkId: 'CP002',
      credentials: 'basic',
      passwordDigests,
    });
    expect(record).toMatchObject({ securityProfile: 1, passwordDigests });
    expect(await dm.cache.auth.get('CP002')).toEqual(record);
    // Asked twice at once, there is one.
    expect(await dm.bus.request('device-manager.adopt', { networkId: 'CP002', credentials: 'none' })).toEqual(record);
  });
});

test('a charge point that is deleted and registered again under its name was never seen', async () => {
  const dm = await startTestDeviceManager();
  await dm.create('CP001');
  await dm.boot('CP001');
  const lastSeen = async () => (await dm.rest('GET', '/charge-points/CP001')).body.connection.lastSeenAt;
  expect(await lastSeen()).not.toBeNull();
  await dm.rest('DELETE', '/charge-points/CP001');
  await dm.create('CP001');
  expect(await lastSeen()).toBeNull();
});

test('what keeps it from working is said in words', async () => {
  const dm = await startTestDeviceManager();
  expect(await dm.manager.readiness()).toBeUndefined();
  const { isComplete } = dm.cache.auth;
  dm.cache.auth.isComplete = () => Promise.reject(new Error('the cache is away'));
  expect(await dm.manager.readiness()).toBe('the cache is away');
  dm.cache.auth.isComplete = isComplete;
});
