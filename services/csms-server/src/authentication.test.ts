import { createHash } from 'node:crypto';
import { digestPassword } from '@ocpp-csms/cache';
import { basicAuth, UpgradeRefused } from '@ocpp-csms/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { password, startCsms, type TestCsms, type TestCsmsOptions, upgradeLines } from './test-support/start-csms.ts';

let csms: TestCsms;
async function start(options?: TestCsmsOptions) {
  csms = await startCsms(options);
  return csms;
}
afterEach(() => csms.stop());

async function refusal(attempt: Promise<unknown>): Promise<UpgradeRefused> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof UpgradeRefused) return error;
    throw error;
  }
  throw new Error('it was let in');
}

describe('authentication before the upgrade', () => {
  test('TC_A_01: the right password lets it in', async () => {
    await start();
    await csms.register();
    const chargePoint = await csms.connect();
    expect(chargePoint.agreedProtocol).toBe('ocpp1.6');
    expect(await csms.cache.connections.get('CP001')).toMatchObject({ node: 'node-1', protocol: 'ocpp1.6' });
    expect((await csms.event('ChargePointConnected')).data).toMatchObject({
      takeover: false,
      protocol: 'ocpp1.6',
      remoteAddress: '127.0.0.1',
    });
  });

  test.each([
    ['TC_A_03: no credentials', { password: undefined }, 401, 'no-credentials'],
    ['TC_A_03: a wrong password', { password: 'wrong' }, 401, 'wrong-credentials'],
    ["TC_A_02: another's user name", { user: 'CP002' }, 401, 'wrong-credentials'],
    ['an unknown identity', { networkId: 'CP404' }, 404, 'unknown-charge-point'],
  ])('%s is refused before the 101, with the reason for the operator', async (_name, options, status, reason) => {
    await start();
    await csms.register();
    const refused = await refusal(csms.connect(options));
    expect(refused.status).toBe(status);
    expect(refused.body).toBe('Refused\n');
    expect((await csms.event('ConnectionRefused')).data).toMatchObject({
      reason,
      status,
      count: 1,
      path: `/ocpp/${'networkId' in options ? 'CP404' : 'CP001'}`,
    });
    expect(csms.csms.connections()).toBe(0);
    expect(csms.heard).toEqual([]);
  });

  test('401 names the scheme, 404 does not', async () => {
    await start();
    await csms.register();
    expect(await csms.raw(upgradeLines('/ocpp/CP001'))).toMatch(/^HTTP\/1\.1 401 .*WWW-Authenticate: Basic/s);
    expect(await csms.raw(upgradeLines('/ocpp/CP404'))).toMatch(/^HTTP\/1\.1 404 /);
  });

  test('auth.uniformRefusal: unknown and known look alike', async () => {
    await start({ auth: { uniformRefusal: true } });
    await csms.register();
    expect(await csms.raw(upgradeLines('/ocpp/CP404'))).toBe(await csms.raw(upgradeLines('/ocpp/CP001')));
  });

  test('security profile 0 needs no credentials where it is registered so', async () => {
    await start();
    await csms.register({ securityProfile: 0, passwordDigests: [] });
    const chargePoint = await csms.connect({ password: undefined as never });
    expect(await chargePoint.call('Heartbeat', {})).toHaveProperty('currentTime');
  });

  test.each([2, 3] as const)(
    'A00.FR.005: security profile %i on a plain port is refused, with the right password too',
    async (securityProfile) => {
      await start();
      await csms.register({ securityProfile });
      expect((await refusal(csms.connect())).status).toBe(401);
      expect((await csms.event('ConnectionRefused')).data.reason).toBe('security-profile');
    },
  );

  test('a forged X-Forwarded-Proto from an untrusted peer is ignored; from a trusted proxy it counts', async () => {
    await start();
    await csms.register({ securityProfile: 2 });
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' };
    expect((await refusal(csms.connect({ headers }))).status).toBe(401);
    await csms.stop();
    await start({ http: { trustedProxies: ['127.0.0.0/8'] } });
    await csms.register({ securityProfile: 2 });
    await csms.connect({ headers });
    expect((await csms.event('ChargePointConnected')).data.remoteAddress).toBe('203.0.113.9');
  });

  test('a disabled charge point is refused, and told apart only with the right password', async () => {
    await start();
    await csms.register({ enabled: false });
    expect((await refusal(csms.connect())).status).toBe(403);
    expect((await refusal(csms.connect({ password: 'wrong' }))).status).toBe(401);
  });

  test('field fault 10: a binary password is compared as bytes, in its raw and its hex form', async () => {
    await start();
    const key = createHash('sha1').update('key').digest();
    expect(key.toString('utf8')).toContain('\ufffd');
    await csms.register({ passwordDigests: [digestPassword(key), digestPassword(key.toString('hex'))] });
    await csms.connect({ password: key });
    await csms.connect({ password: key.toString('hex') });
    const other = Buffer.from(key);
    other[3] = (other[3] ?? 0) ^ 1;
    expect((await refusal(csms.connect({ password: other }))).status).toBe(401);
  });

  test('A01.FR.09: no password in the log or in the events', async () => {
    await start();
    await csms.register();
    await refusal(csms.connect({ networkId: 'CP404', password: 'swordfish-swordfish' }));
    await csms.event('ConnectionRefused');
    const written = JSON.stringify([csms.logLines, csms.events]);
    expect(written).not.toContain('swordfish');
    expect(written).not.toContain(Buffer.from('swordfish-swordfish').toString('base64').slice(0, 20));
  });

  test('an unknown charge point can be adopted with the password that it has', async () => {
    await start();
    await refusal(csms.connect({ password: 'its-own-password' }));
    const { passwordDigests } = (await csms.event('ConnectionRefused')).data;
    await csms.register({ passwordDigests: passwordDigests as never });
    await csms.connect({ password: 'its-own-password' });
  });

  test('a registered one whose password is another can be adopted with the password that it has', async () => {
    await start();
    await csms.register();
    await refusal(csms.connect({ password: 'its-own-password' }));
    const { reason, passwordDigests } = (await csms.event('ConnectionRefused')).data;
    expect(reason).toBe('wrong-credentials');
    await csms.register({ passwordDigests: passwordDigests as never });
    await csms.connect({ password: 'its-own-password' });
  });

  test('the password of somebody with another user name is not offered for adoption', async () => {
    await start();
    await csms.register();
    await csms.raw(upgradeLines('/ocpp/CP001', { Authorization: basicAuth('CP002', password) }), 300);
    expect((await csms.event('ConnectionRefused')).data).not.toHaveProperty('passwordDigests');
  });

  test('equal refusals are told once, then with their number', async () => {
    await start();
    for (let attempt = 0; attempt < 5; attempt++) await refusal(csms.connect());
    await csms.event('ConnectionRefused');
    expect(csms.events.filter(({ event }) => event === 'ConnectionRefused')).toHaveLength(1);
  });
});

describe('field fault 9: forms of the identity', () => {
  test.each([
    ['percent-encoded', 'RDAM|123', '/ocpp/RDAM%7C123'],
    ['a slash at the end', 'CP001', '/ocpp/CP001/'],
    ['a double slash', 'CP001', '/ocpp//CP001'],
    ['a double slash in front', 'CP001', '//ocpp/CP001'],
    ['a query', 'CP001', '/ocpp/CP001?tenant=other'],
    ['dashes and dots', 'Garo-CS.1_2~3', '/ocpp/Garo-CS.1_2~3'],
  ])('%s is understood', async (_name, networkId, path) => {
    await start();
    await csms.register({ networkId });
    const authorization = basicAuth(networkId, password);
    expect(await csms.raw(upgradeLines(path, { Authorization: authorization }), 300)).toMatch(/^HTTP\/1\.1 101 /);
    expect((await csms.event('ChargePointConnected')).client).toBe(networkId);
  });

  test.each([
    ['a bad escape', '/ocpp/CP%ZZ'],
    ['no identity', '/ocpp/'],
    ['49 characters', `/ocpp/${'x'.repeat(49)}`],
    ['a colon', '/ocpp/CP%3A1'],
    ['path traversal', '/ocpp/..%2f..%2fCP001'],
    ['two dots', '/ocpp/%2e%2e'],
    ['a NUL', '/ocpp/CP%00'],
    ['two segments', '/ocpp/a/CP001'],
    ['decoded twice', '/ocpp/CP%2530'],
    ['another path', '/other/CP001'],
    ['the root', '/'],
  ])('%s gets 404', async (_name, path) => {
    await start();
    await csms.register({ networkId: 'CP0', securityProfile: 0 });
    await csms.register({ networkId: 'CP001', securityProfile: 0 });
    expect(await csms.raw(upgradeLines(path))).toMatch(/^HTTP\/1\.1 404 /);
  });

  test('other case is another charge point, unless auth.caseInsensitiveIds', async () => {
    await start();
    await csms.register();
    expect((await refusal(csms.connect({ networkId: 'cp001' }))).status).toBe(404);
    await csms.stop();
    await start({ auth: { caseInsensitiveIds: true } });
    await csms.register();
    await csms.connect({ networkId: 'cp001' });
    expect((await csms.event('ChargePointConnected')).client).toBe('CP001');
  });
});

describe('what is no upgrade', () => {
  test.each([
    ['no key', { 'Sec-WebSocket-Key': 'short' }],
    ['another version', { 'Sec-WebSocket-Version': '7' }],
    ['another protocol', { Upgrade: 'h2c' }],
  ])('%s gets 400, and nothing is claimed', async (_name, headers) => {
    await start();
    await csms.register({ securityProfile: 0 });
    expect(await csms.raw(upgradeLines('/ocpp/CP001', headers))).toMatch(/^HTTP\/1\.1 400 /);
    expect(await csms.cache.connections.get('CP001')).toBeUndefined();
  });
});

describe('field faults 7 and 8: subprotocols', () => {
  test.each([
    [['ocpp2.1', 'ocpp2.0.1', 'ocpp1.6'], 'ocpp2.1'],
    [['ocpp1.6', 'ocpp2.0.1'], 'ocpp1.6'],
    [['ocpp2.0', 'ocpp2.0.1'], 'ocpp2.0.1'],
  ])("the client's order decides: %j", async (subprotocols, agreed) => {
    await start();
    await csms.register();
    expect((await csms.connect({ subprotocols })).agreedProtocol).toBe(agreed);
  });

  test.each([
    ['none that we speak', { 'Sec-WebSocket-Protocol': 'ocpp1.5, soap' }],
    ['none', {}],
  ])('TC_088, TC_B_58: %s: completed without the header and closed at once', async (_name, headers) => {
    await start();
    await csms.register({ securityProfile: 0 });
    const lines = upgradeLines('/ocpp/CP001', headers);
    const request =
      'Sec-WebSocket-Protocol' in headers ? lines : lines.replace('Sec-WebSocket-Protocol: ocpp1.6\r\n', '');
    const answer = await csms.raw(request);
    expect(answer).toMatch(/^HTTP\/1\.1 101 /);
    expect(answer).not.toMatch(/Sec-WebSocket-Protocol/i);
    expect(answer.slice(answer.indexOf('\r\n\r\n') + 4).charCodeAt(0)).toBe(0x88);
    expect((await csms.event('ConnectionRefused')).data).toMatchObject({ reason: 'subprotocol', status: 101 });
    expect(csms.csms.connections()).toBe(0);
  });

  test.each(['ocpp1.6, ocpp1.6', 'ocpp1.6,', 'soap!, ocpp1.6 ; x, ocpp1.6'])(
    'an untidy offer is understood: %j',
    async (offer) => {
      await start();
      await csms.register({ securityProfile: 0 });
      const answer = await csms.raw(upgradeLines('/ocpp/CP001', { 'Sec-WebSocket-Protocol': offer }), 300);
      expect(answer).toMatch(/^HTTP\/1\.1 101 /);
      expect(answer).toMatch(/Sec-WebSocket-Protocol: ocpp1\.6\r\n/);
    },
  );

  test('no subprotocol from a charge point that is set to a version', async () => {
    await start();
    await csms.register({ assumedProtocol: 'ocpp1.6' });
    const chargePoint = await csms.connect({ subprotocols: [] });
    expect(chargePoint.agreedProtocol).toBe('');
    expect(await chargePoint.call('Heartbeat', {})).toHaveProperty('currentTime');
  });

  test('an offer is no way around the password', async () => {
    await start();
    await csms.register();
    expect((await refusal(csms.connect({ subprotocols: ['nonsense'], password: 'wrong' }))).status).toBe(401);
  });
});

describe('while the cache is not complete', () => {
  test('device-manager is asked, once for many at a time', async () => {
    await start({ isComplete: false });
    const record = { ...(await csms.register({ networkId: 'CP002' })), networkId: 'CP001' };
    let questions = 0;
    await csms.bus.serve('device-manager.auth-record', async (question) => {
      questions++;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return (question as { networkId: string }).networkId === 'CP001' ? record : null;
    });
    await Promise.all([csms.connect(), csms.connect(), csms.connect()]);
    expect(questions).toBe(1);
    expect((await refusal(csms.connect({ networkId: 'CP404' }))).status).toBe(404);
  });

  test('503 and never 401 when nobody can say', async () => {
    await start({ isComplete: false });
    const { status, headers } = await refusal(csms.connect());
    expect(status).toBe(503);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  });
});

test('csmsServer.adoptUnknown: an unknown charge point is registered and let in', async () => {
  await start({ csmsServer: { adoptUnknown: true } });
  const questions: unknown[] = [];
  await csms.bus.serve('device-manager.adopt', async (question) => {
    questions.push(question);
    const { passwordDigests } = question as { passwordDigests: [] };
    return csms.register({ passwordDigests });
  });
  const chargePoint = await csms.connect({ password: 'its-own-password' });
  expect(await chargePoint.call('Heartbeat', {})).toHaveProperty('currentTime');
  expect(questions).toMatchObject([
    { networkId: 'CP001', protocol: 'ocpp1.6', credentials: 'basic', remoteAddress: '127.0.0.1' },
  ]);
});

describe('budgets', () => {
  test('a flood of failures gets 429, and the victim still connects from the same address', async () => {
    await start({ auth: { failuresPerMinutePerAddress: 20, failuresPerMinutePerIdentity: 10 } });
    await csms.register();
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 40; attempt++)
      statuses.push((await refusal(csms.connect({ password: `guess-${attempt}` }))).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.at(-1)).toBe(429);
    const chargePoint = await csms.connect();
    expect(await chargePoint.call('Heartbeat', {})).toHaveProperty('currentTime');
  });

  test('field fault 13: a charge point that reconnects for ever has to wait longer each time; a stranger can not make it wait', async () => {
    await start({ auth: { reconnectsPerMinute: 5 } });
    await csms.register();
    for (let attempt = 0; attempt < 20; attempt++) await refusal(csms.connect({ password: 'wrong' }));
    for (let attempt = 0; attempt < 5; attempt++) await csms.connect();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      const refused = await refusal(csms.connect());
      expect(refused.status).toBe(503);
      waits.push(Number(refused.headers['retry-after']));
    }
    expect(waits[1]).toBeGreaterThan(waits[0] ?? 0);
    expect(waits[2]).toBeGreaterThan(waits[1] ?? 0);
  });

  test('field fault 12: more than upgradesPerSecond at once get 503 and come again', async () => {
    await start({ csmsServer: { upgradesPerSecond: 5 } });
    await csms.register({ securityProfile: 0 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => csms.raw(upgradeLines('/ocpp/CP001'), 400)));
    const busy = answers.filter((answer) => answer.startsWith('HTTP/1.1 503'));
    expect(busy.length).toBeGreaterThanOrEqual(14);
    expect(busy[0]).toMatch(/Retry-After: \d+/);
  });

  test('csmsServer.maxConnections: a full node sends newcomers away, not those who come back', async () => {
    await start({ csmsServer: { maxConnections: 1 } });
    await csms.register();
    await csms.register({ networkId: 'CP002' });
    await csms.connect();
    expect((await refusal(csms.connect({ networkId: 'CP002' }))).status).toBe(503);
    await csms.connect();
  });

  test('http.localNetworkOnly: others are refused', async () => {
    await start({ http: { localNetworkOnly: true, trustedProxies: ['127.0.0.1'] } });
    await csms.register();
    expect((await refusal(csms.connect({ headers: { 'x-forwarded-for': '203.0.113.9' } }))).status).toBe(403);
    await csms.connect({ headers: { 'x-forwarded-for': '192.168.1.5' } });
  });
});
