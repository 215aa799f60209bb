import { digestPassword, matchesDigest } from '@ocpp-csms/cache';
import { describe, expect, test } from 'vitest';
import { testDeviceManagers } from '../test-support/test-device-manager.ts';

const startTestDeviceManager = testDeviceManagers();

const password = 'correct horse battery';
const offered = () => ({ credentials: 'basic', passwordDigests: [digestPassword(password)] });

test('a refused charge point is listed with the reason, the right URL and what to do, and never with a digest', async () => {
  const dm = await startTestDeviceManager();
  await dm.refused('CP001', offered());
  await dm.refused('CP001', { credentials: 'basic', count: 4 });
  const { body, text } = await dm.rest('GET', '/refused-connections');
  expect(body.items).toEqual([
    expect.objectContaining({
      networkId: 'CP001',
      reason: 'unknown-charge-point',
      words: 'There is no charge point of this name',
      adoptable: true,
      known: false,
      count: 5,
      credentials: 'basic',
      remoteAddress: '10.0.0.9',
    }),
  ]);
  expect(body.items[0].useUrl).toMatch(/^ws:\/\/.+\/ocpp\/CP001$/);
  expect(body.items[0].whatToDo).toMatch(/adopt/);
  expect(text).not.toMatch(/digest|salt/i);
});

test('no more refusals are kept than auth.rememberedRefusals, the latest', async () => {
  const dm = await startTestDeviceManager({ settings: { auth: { rememberedRefusals: 5 } } });
  for (let n = 0; n < 12; n++) {
    await dm.refused(`CP${n}`);
    dm.pass(1000);
  }
  const { items } = (await dm.rest('GET', '/refused-connections')).body;
  expect(items.map((item: { networkId: string }) => item.networkId)).toEqual(['CP11', 'CP10', 'CP9', 'CP8', 'CP7']);
  const page = await dm.rest('GET', '/refused-connections?limit=3');
  // It comes to the top while somebody turns the page.
  await dm.refused('CP10');
  const next = await dm.rest('GET', `/refused-connections?limit=3&cursor=${page.body.nextCursor}`);
  expect(next.body.items.map((item: { networkId: string }) => item.networkId)).toEqual(['CP8', 'CP7']);
});

describe('adopting', () => {
  test('without a body takes the password that was offered', async () => {
    const dm = await startTestDeviceManager();
    await dm.refused('CP001', offered());
    await dm.refused('CP001', { credentials: 'basic', count: 2 });
    const { status, body } = await dm.rest('POST', '/refused-connections/CP001/adopt');
    expect(status).toBe(201);
    expect(body).toMatchObject({ networkId: 'CP001', securityProfile: 1 });
    expect(body.warning).toBeUndefined();
    const record = await dm.cache.auth.get('CP001');
    expect(matchesDigest(Buffer.from(password), record!.passwordDigests)).toBe(true);
    expect((await dm.rest('GET', '/refused-connections')).body.items).toEqual([]);
  });

  test('one that offered no password lets it in without, and warns', async () => {
    const dm = await startTestDeviceManager();
    await dm.refused('CP 1');
    const { status, body } = await dm.rest('POST', '/refused-connections/CP%201/adopt');
    expect(status).toBe(201);
    expect(body).toMatchObject({ networkId: 'CP 1', securityProfile: 0 });
    expect(body.warning).toMatch(/no password/);
  });

  test('with a name, a password or a security profile does as it is told', async () => {
    const dm = await startTestDeviceManager();
    await dm.refused('CP001');
    await dm.refused('CP002');
    const { body } = await dm.rest('POST', '/refused-connections/CP001/adopt', { name: 'Garage', password });
    expect(body).toMatchObject({ name: 'Garage', securityProfile: 1 });
    expect(matchesDigest(Buffer.from(password), (await dm.cache.auth.get('CP001'))!.passwordDigests)).toBe(true);
    const made = await dm.rest('POST', '/refused-connections/CP002/adopt', { securityProfile: 1 });
    expect(made.body.password).toMatch(/^[0-9a-f]{40}$/);
  });

  test('replaces the password of a registered one only when told to', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    await dm.refused('CP001', { ...offered(), status: 401, reason: 'wrong-credentials' });
    expect((await dm.rest('POST', '/refused-connections/CP001/adopt')).status).toBe(409);
    const { status } = await dm.rest('POST', '/refused-connections/CP001/adopt', { replaceCredentials: true });
    expect(status).toBe(201);
    expect(matchesDigest(Buffer.from(password), (await dm.cache.auth.get('CP001'))!.passwordDigests)).toBe(true);
  });

  test('does not take the password away from a registered one that offered none', async () => {
    const dm = await startTestDeviceManager();
    await dm.create('CP001');
    for (const reason of ['no-credentials', 'wrong-credentials']) {
      await dm.refused('CP001', { status: 401, reason });
      expect((await dm.rest('POST', '/refused-connections/CP001/adopt', { replaceCredentials: true })).status).toBe(
        409,
      );
    }
    expect(await dm.cache.auth.get('CP001')).toMatchObject({ securityProfile: 1 });
    expect(
      (await dm.rest('POST', '/refused-connections/CP001/adopt', { replaceCredentials: true, securityProfile: 0 }))
        .status,
    ).toBe(201);
    expect(await dm.cache.auth.get('CP001')).toMatchObject({ securityProfile: 0, passwordDigests: [] });
  });

  test('what was not refused is 404; what can be no networkId is 400', async () => {
    const dm = await startTestDeviceManager();
    expect((await dm.rest('POST', '/refused-connections/CP001/adopt')).status).toBe(404);
    await dm.refused('a:b', { reason: 'bad-id' });
    expect((await dm.rest('POST', '/refused-connections/a:b/adopt')).status).toBe(400);
  });
});
