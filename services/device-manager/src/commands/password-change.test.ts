import { matchesDigest } from '@ocpp-csms/cache';
import { describe, expect, test } from 'vitest';
import {
  eventually,
  type Reaction,
  type TestDeviceManager,
  testDeviceManagers,
} from '../test-support/test-device-manager.ts';

const startTestDeviceManager = testDeviceManagers();

const old = 'the old password 1';
const key = '6f6c6420616e64206e657720706173736b6579aa';
const changeKey = { key: 'AuthorizationKey', value: key };

async function letsIn(dm: TestDeviceManager, password: string | Buffer): Promise<boolean> {
  return matchesDigest(Buffer.from(password), (await dm.cache.auth.get('CP001'))!.passwordDigests);
}

async function start(reaction: Reaction | ((dm: TestDeviceManager) => Reaction)) {
  const dm = await startTestDeviceManager();
  await dm.create('CP001', { password: old });
  let before: Promise<boolean[]> | undefined;
  await dm.connect('CP001', 'ocpp1.6', () => {
    before = Promise.all([letsIn(dm, old), letsIn(dm, key)]);
    return typeof reaction === 'function' ? reaction(dm) : reaction;
  });
  return { dm, whenSent: () => before };
}

describe('TC_073_CSMS ChangeConfiguration AuthorizationKey', () => {
  test('both passwords count when it is sent; Accepted ends the old one at once', async () => {
    const { dm, whenSent } = await start({ response: { status: 'Accepted' } });
    const { status, body } = await dm.command('CP001', 'ChangeConfiguration', changeKey);
    expect([status, body.status]).toEqual([200, 'answered']);
    expect(dm.sent[0]!.body.messageBody).toEqual(changeKey);
    expect(await whenSent()).toEqual([true, true]);
    await eventually(async () => !(await letsIn(dm, old)));
    expect(await letsIn(dm, key)).toBe(true);
    expect(await letsIn(dm, Buffer.from(key, 'hex'))).toBe(true);
    expect((await dm.rest('GET', `/commands/${body.commandId}`)).body.payload).toEqual({
      key: 'AuthorizationKey',
      value: '***',
    });
    expect((await dm.rest('GET', '/charge-points/CP001/configuration')).body.items).toEqual([
      expect.objectContaining({ key: 'AuthorizationKey', value: null, secret: true }),
    ]);
    expect(await dm.databaseText()).not.toContain(key);
  });

  test.each<[string, Reaction]>([
    ['Rejected', { response: { status: 'Rejected' } }],
    ['NotSupported', { response: { status: 'NotSupported' } }],
    ['a CALLERROR', { error: { code: 'InternalError', description: '' } }],
    ['never written', { drop: 'the connection closed before it could be written' }],
    ['refused by csms-server', { refuse: 'The charge point is not connected here' }],
  ])('%s: the old one stays, the new one does not count', async (_what, reaction) => {
    const { dm } = await start(reaction);
    await dm.command('CP001', 'ChangeConfiguration', changeKey);
    await eventually(async () => !(await letsIn(dm, key)));
    expect(await letsIn(dm, old)).toBe(true);
  });

  test('without an answer both count, for a day', async () => {
    const { dm } = await start('silence');
    expect((await dm.command('CP001', 'ChangeConfiguration', changeKey)).body.commandStatus).toBe('timed-out');
    expect([await letsIn(dm, old), await letsIn(dm, key)]).toEqual([true, true]);
    dm.pass(25 * 3_600_000);
    await dm.restart();
    expect([await letsIn(dm, old), await letsIn(dm, key)]).toEqual([true, false]);
  });

  test('with a late answer it is settled after all', async () => {
    const { dm } = await start('silence');
    await dm.command('CP001', 'ChangeConfiguration', changeKey);
    await dm.answer(dm.sent[0]!, { response: { status: 'Accepted' } });
    await eventually(async () => !(await letsIn(dm, old)));
    expect(await letsIn(dm, key)).toBe(true);
  });

  test('a crash in between locks nobody out', async () => {
    const { dm } = await start('silence');
    await dm.command('CP001', 'ChangeConfiguration', changeKey, '?wait=false');
    await dm.restart(() => dm.cache.auth.delete('CP001'));
    expect([await letsIn(dm, old), await letsIn(dm, key)]).toEqual([true, true]);
  });

  test('is not sent when the cache is away: the charge point would be locked out with it', async () => {
    const { dm } = await start({ response: { status: 'Accepted' } });
    const { put } = dm.cache.auth;
    dm.cache.auth.put = () => Promise.reject(new Error('cache is away'));
    const { status, body } = await dm.command('CP001', 'ChangeConfiguration', changeKey);
    expect([status, body.detail]).toEqual([409, expect.stringContaining('locked out')]);
    expect(dm.sent).toEqual([]);
    dm.cache.auth.put = put;
    await dm.restart();
    expect([await letsIn(dm, old), await letsIn(dm, key)]).toEqual([true, false]);
  });

  test('two changes under way: each ends what was before it, and takes nothing from what comes after it', async () => {
    const { dm } = await start('nothing');
    const keys = ['11111111222222223333', 'aaaaaaaabbbbbbbbcccc'];
    for (const value of keys)
      await dm.command('CP001', 'ChangeConfiguration', { key: 'AuthorizationKey', value }, '?wait=false');
    const [first, second] = dm.sent;
    const count = () => Promise.all([old, ...keys].map((password) => letsIn(dm, password)));
    expect(await count()).toEqual([true, true, true]);
    await dm.answer(first!, { response: { status: 'Accepted' } });
    await expect.poll(count).toEqual([false, true, true]);
    await dm.answer(second!, { response: { status: 'Accepted' } });
    await expect.poll(count).toEqual([false, false, true]);
  });

  test('is not queued while the charge point is offline: commands at rest hold no secrets', async () => {
    const { dm } = await start('silence');
    await dm.disconnect('CP001');
    const { status, body } = await dm.command('CP001', 'ChangeConfiguration', changeKey, '?queueForSeconds=60');
    expect([status, body.detail]).toEqual([409, expect.stringContaining('secret')]);
  });
});

const password2 = 'a_new-password.for:2x';
const setPassword = {
  setVariableData: [
    { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'OfflineThreshold' }, attributeValue: '123' },
    { component: { name: 'SecurityCtrlr' }, variable: { name: 'BasicAuthPassword' }, attributeValue: password2 },
  ],
};
const results = (attributeStatus: string) => ({
  response: {
    setVariableResult: [...setPassword.setVariableData].reverse().map(({ component, variable }) => ({
      component,
      variable,
      attributeStatus: variable.name === 'BasicAuthPassword' ? attributeStatus : 'Accepted',
    })),
  },
});

test.each([
  ['TC_A_09 Accepted: only the new password connects', 'Accepted', [false, true]],
  ['RebootRequired counts as taken', 'RebootRequired', [false, true]],
  ['TC_A_10 Rejected: the old password keeps working', 'Rejected', [true, false]],
])('SetVariables BasicAuthPassword: %s', async (_what, attributeStatus, expected) => {
  const dm = await startTestDeviceManager();
  await dm.create('CP001', { password: old });
  await dm.connect('CP001', 'ocpp2.0.1', () => results(attributeStatus));
  expect((await dm.command('CP001', 'SetVariables', setPassword)).status).toBe(200);
  await expect.poll(async () => [await letsIn(dm, old), await letsIn(dm, password2)]).toEqual(expected);
  expect(await dm.databaseText()).not.toContain(password2);
  const { items } = (await dm.rest('GET', '/charge-points/CP001/configuration')).body;
  expect(items).toContainEqual(
    expect.objectContaining({ variable: { name: 'OfflineThreshold' }, value: '123', source: 'written' }),
  );
});
