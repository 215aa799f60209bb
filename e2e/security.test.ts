import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { connect as connectTcp, type Socket } from 'node:net';
import { join } from 'node:path';
import { UpgradeRefused, until } from '@ocpp-csms/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { boot, charge, meterValues, startTransaction, stopTransaction } from './src/charge-1.6.ts';
import {
  command,
  commandIsAnswered,
  connect,
  connectorOf,
  messagesOf,
  newChargePoint,
  newToken,
  now,
  onlyTransaction,
  password,
  register,
  transactionsOf,
  unique,
} from './src/scenes.ts';
import { shareCsms } from './src/share-csms.ts';

const csms = shareCsms();
const slowHeaders = sendSlowHeaders();

/** Begins before the first test, so that its 15 s pass beside the others. `lasted`: milliseconds until each was dropped. */
function sendSlowHeaders(): { count: number; lasted: readonly number[] } {
  const count = 50;
  const lasted: number[] = [];
  let drip: NodeJS.Timeout | undefined;
  beforeAll(() => {
    const sockets = Array.from({ length: count }, () => connectTcp(csms.port, '127.0.0.1'));
    const started = performance.now();
    for (const socket of sockets) {
      socket.on('error', () => undefined);
      socket.on('close', () => lasted.push(performance.now() - started));
      socket.resume();
      socket.write('GET /ocpp/SLOW HTTP/1.1\r\n');
    }
    drip = setInterval(() => {
      for (const socket of sockets) if (!socket.destroyed) socket.write('x');
    }, 1000);
  });
  afterAll(() => clearInterval(drip));
  return { count, lasted };
}

async function booted() {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  return chargePoint;
}

describe('no authentication, no upgrade', () => {
  test.each([
    ['no credentials', () => ({})],
    ['a wrong password', () => ({ password: 'wrong-password-1' })],
    ['an empty password', () => ({ password: '' })],
    ['the credentials of another one', (other: string) => ({ user: other, password })],
    ['a header that is no Basic', () => ({ headers: { authorization: 'Bearer something' } })],
    ['a header that is no base64', () => ({ headers: { authorization: 'Basic %%%' } })],
    [
      'a header without a colon',
      () => ({ headers: { authorization: `Basic ${Buffer.from('nothing').toString('base64')}` } }),
    ],
    ['a key of the API', () => ({ headers: { authorization: `Bearer ${'x'.repeat(40)}` } })],
  ])('%s: 401 bytes, never a 101, and no row', async (_what, credentialsOf) => {
    const { networkId } = await register(csms);
    const { networkId: other } = await register(csms);
    const refusal = connect(csms, { networkId, password: undefined as never, ...credentialsOf(other) });
    await expect(refusal).rejects.toMatchObject({ name: UpgradeRefused.name, status: 401 });
    expect(await messagesOf(csms, { networkId })).toEqual([]);
  });

  test('profile 0 is refused unless the charge point is registered so', async () => {
    const { networkId } = await register(csms, { securityProfile: 0, password: undefined });
    await boot(await connect(csms, { networkId, password: undefined as never }));
    const { networkId: protectedId } = await register(csms);
    await expect(connect(csms, { networkId: protectedId, password: undefined as never })).rejects.toMatchObject({
      status: 401,
    });
  });

  test.each(['/', '/ocpp', '/ocpp/', '/api/ocpp/x', '/health/live'])('no upgrade on %s', async (path) => {
    const socket = await rawRequest(
      `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n`,
    );
    expect(socket.split('\r\n')[0]).toMatch(/ (4\d\d|503) /);
  });

  test('a disabled charge point is refused and its open connection ended', async () => {
    const chargePoint = await booted();
    await csms.api.patch(`/device-manager/charge-points/${chargePoint.networkId}`, { enabled: false });
    await chargePoint.closed;
    await expect(connect(csms, { networkId: chargePoint.networkId })).rejects.toMatchObject({
      name: UpgradeRefused.name,
    });
  });

  test('a profile-2 charge point is refused on a plain connection, also with a forged X-Forwarded-Proto', async () => {
    const { networkId } = await register(csms, { securityProfile: 2 });
    const forged: Record<string, string>[] = [{}, { 'x-forwarded-proto': 'https' }];
    for (const headers of forged) {
      await expect(connect(csms, { networkId, headers })).rejects.toMatchObject({ name: UpgradeRefused.name });
    }
  });
});

async function rawRequest(text: string): Promise<string> {
  const socket = connectTcp(csms.port, '127.0.0.1');
  socket.write(text);
  const [bytes] = await once(socket, 'data');
  socket.destroy();
  return String(bytes);
}

describe('session shadowing', () => {
  test('a second socket with bad credentials does not disturb the first', async () => {
    const chargePoint = await booted();
    for (let attempt = 0; attempt < 20; attempt++) {
      await expect(
        connect(csms, { networkId: chargePoint.networkId, password: 'wrong-password-1' }),
      ).rejects.toMatchObject({ status: 401 });
      expect(await chargePoint.call('Heartbeat', {})).toHaveProperty('currentTime');
    }
  });

  test('a second socket with good credentials takes over, and commands reach it alone', async () => {
    const first = await booted();
    const second = await connect(csms, { networkId: first.networkId });
    await boot(second);
    await first.closed;
    await commandIsAnswered(csms, second, 'ClearCache', {}, { status: 'Accepted' });
    expect(first.received).toEqual([]);
  });
});

describe('with uniform refusal', () => {
  const uniform = shareCsms({ settings: { auth: { uniformRefusal: true } } });

  test('an unknown id, a known one and a connected one are refused alike', async () => {
    const { networkId: known } = await register(uniform);
    const connected = await newChargePoint(uniform);
    const seen = new Set<string>();
    for (const networkId of [unique('CP'), known, connected.networkId]) {
      const refusal = await connect(uniform, { networkId, password: 'wrong-password-1' }).catch(
        (error: UpgradeRefused) => error,
      );
      if (!(refusal instanceof UpgradeRefused)) throw new Error('it was let in');
      const { date: _date, ...headers } = refusal.headers;
      seen.add(JSON.stringify({ status: refusal.status, body: refusal.body, headers }));
    }
    expect([...seen]).toHaveLength(1);
    expect([...seen][0]).toContain('"status":401');
  });
});

describe('an attacker with one address', () => {
  const limited = shareCsms({
    settings: { auth: { failuresPerMinutePerAddress: 1000, failuresPerMinutePerIdentity: 10 } },
  });

  test('guessing passwords is slowed down, and a victim that is connected goes on', async () => {
    const victim = await newChargePoint(limited);
    await boot(victim);
    const statuses = new Set<number>();
    for (let guess = 0; guess < 30; guess++) {
      const password = `guess-number-${String(guess).padStart(4, '0')}`;
      const refusal = await connect(limited, { networkId: victim.networkId, password }).catch(
        (error: UpgradeRefused) => error,
      );
      statuses.add((refusal as UpgradeRefused).status);
    }
    expect([...statuses]).toEqual([401, 429]);
    expect(await victim.call('Heartbeat', {})).toHaveProperty('currentTime');
  });
});

describe("another one's objects", () => {
  test("stops, meter values and starts for another one's transaction leave it alone and are answered", async () => {
    const [owner, attacker] = [await booted(), await booted()];
    const transactionId = await charge(owner, await newToken(csms), { meterStart: 1000 });
    await meterValues(attacker, transactionId, 999_999);
    await stopTransaction(attacker, transactionId, { meterStop: 1 });
    expect(await onlyTransaction(csms, owner)).toMatchObject({ active: true });
    await stopTransaction(owner, transactionId, { meterStop: 1500 });
    expect(await onlyTransaction(csms, owner)).toMatchObject({ active: false, energyWh: 500, disputed: false });
    expect((await transactionsOf(csms, attacker)).filter(({ active }) => active)).toEqual([]);
  });

  test('a stop with the tag of a stranger is recorded and flagged; the energy stays the owner’s', async () => {
    const chargePoint = await booted();
    const [owner, stranger] = [await newToken(csms), await newToken(csms)];
    const transactionId = await charge(chargePoint, owner, { meterStart: 0 });
    await stopTransaction(chargePoint, transactionId, { idTag: stranger, meterStop: 700 });
    const transaction = await onlyTransaction(csms, chargePoint);
    expect(transaction).toMatchObject({ active: false, energyWh: 700, idToken: owner });
    expect(transaction.flags.map(({ code }) => code)).toContain('stopped-by-other-token');
  });

  test('a captured StartTransaction that is played again starts nothing', async () => {
    const chargePoint = await booted();
    const start = { timestamp: now(), meterStart: 7 };
    const idTag = await newToken(csms);
    const { transactionId } = await startTransaction(chargePoint, idTag, start);
    await stopTransaction(chargePoint, transactionId, { meterStop: 10 });
    const again = await connect(csms, { networkId: chargePoint.networkId });
    expect((await startTransaction(again, idTag, start)).transactionId).toBe(transactionId);
    expect(await onlyTransaction(csms, again)).toMatchObject({ active: false });
  });

  test('an answer to a CALL that went to another charge point is not taken', async () => {
    const [asked, attacker] = [await booted(), await booted()];
    let release = () => {};
    asked.onCall('ClearCache', () => new Promise((resolve) => (release = () => resolve({ status: 'Accepted' }))));
    const pending = command(csms, asked, 'ClearCache');
    const { msgId } = await asked.nextCall('ClearCache');
    attacker.sendRaw(JSON.stringify([3, msgId, { status: 'Rejected' }]));
    await attacker.call('Heartbeat', {});
    release();
    expect(await pending).toMatchObject({ status: 'answered', response: { status: 'Accepted' } });
  });
});

describe('secrets', () => {
  test('a password is in no log line, no answer of the API, no logged message and no file', async () => {
    const secrets = { first: 'Zebra-first-secret-1', second: 'Zebra-second-secret-2', guess: 'Zebra-guessed-secret-3' };
    const { networkId } = await register(csms, { password: secrets.first });
    await connect(csms, { networkId, password: secrets.guess }).catch(() => undefined);
    const chargePoint = await connect(csms, { networkId, password: secrets.first });
    await boot(chargePoint);
    await commandIsAnswered(
      csms,
      chargePoint,
      'ChangeConfiguration',
      { key: 'AuthorizationKey', value: secrets.second },
      { status: 'Accepted' },
    );
    const shown = [
      csms.logLines.join('\n'),
      ...(await Promise.all(
        [
          `/device-manager/charge-points/${networkId}`,
          `/device-manager/charge-points/${networkId}/commands`,
          `/device-manager/charge-points/${networkId}/configuration`,
          '/device-manager/refused-connections',
          `/message-manager/messages?client=${networkId}`,
          `/message-manager/messages/export?client=${networkId}`,
        ].map(async (path) => JSON.stringify((await csms.api.request('GET', path)).body)),
      )),
      ...(await fileContents(csms.dataDir)),
    ];
    for (const secret of Object.values(secrets)) {
      const forms = [
        secret,
        Buffer.from(secret).toString('base64'),
        Buffer.from(secret).toString('hex'),
        Buffer.from(`${networkId}:${secret}`).toString('base64'),
      ];
      for (const form of forms) {
        expect(
          shown.findIndex((text) => text.includes(form)),
          `${form} is shown`,
        ).toBe(-1);
      }
    }
  });

  test('the admin key is readable by its owner alone, and in no log line', async () => {
    const file = join(csms.dataDir, 'admin.key');
    expect((await stat(file)).mode & 0o077).toBe(0);
    const key = (await readFile(file, 'utf8')).trim();
    expect(csms.logLines.some((line) => line.includes(key))).toBe(false);
  });
});

async function fileContents(folder: string): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return Promise.all(
    names.map(async ({ parentPath, name }) => (await readFile(join(parentPath, name))).toString('latin1')),
  );
}

describe('poison in strings', () => {
  test.each([
    ['a script', '"><img src=x onerror=alert(1)>'],
    ['SQL', "'; DROP TABLE messages; --"],
    ['a formula', '=cmd|"/c calc"!A1'],
    ['line breaks and ANSI', 'a\r\nb\u001b[31mred\u001b[2J'],
    ['right to left', '\u202egnp.exe'],
    ['a null character', 'a\u0000b'],
    ['a lone surrogate', 'a\ud800b'],
    ['a prototype', '__proto__'],
  ])('%s is kept as it is and breaks nothing', async (_what, poison) => {
    const chargePoint = await newChargePoint(csms);
    const answer = await chargePoint.callAs('boot', 'BootNotification', {
      chargePointVendor: poison,
      chargePointModel: poison,
      firmwareVersion: poison,
    });
    expect(answer).toMatchObject({ status: 'Accepted' });
    const status = { connectorId: 1, errorCode: 'NoError', status: 'Available', info: poison, vendorErrorCode: poison };
    expect(await chargePoint.callAs('status', 'StatusNotification', status)).toEqual({});
    await chargePoint
      .callAs('start', 'StartTransaction', { connectorId: 1, idTag: poison, meterStart: 0, timestamp: now() })
      .catch((error: Error) => expect(error.name).toBe('CallError'));
    await until('the connector is shown', () => connectorOf(csms, chargePoint, 1));
    expect((await messagesOf(csms, chargePoint)).length).toBeGreaterThanOrEqual(3);
    await transactionsOf(csms, chargePoint);
    await csms.api.get('/session/id-tokens/unknown');
    expect((await csms.api.request('GET', `/message-manager/messages?q=${encodeURIComponent('a')}`)).status).toBe(200);
    for (const line of csms.logLines) expect(() => JSON.parse(line), line).not.toThrow();
  });

  test('10,000 mutated frames: no crash, the socket or the next one is served', async () => {
    const frame = JSON.stringify([
      2,
      'id-0',
      'StartTransaction',
      { connectorId: 1, idTag: 'TAG', meterStart: 0, timestamp: now() },
    ]);
    let seed = 42;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    const mutate = () => {
      const at = random(frame.length);
      const inserted = ['"', '{', ']', '\\', '\u0000', '-1', '1e999', 'null', ',', ''][random(10)] ?? '';
      return frame.slice(0, at) + inserted + frame.slice(at + random(4));
    };
    let chargePoint = await booted();
    for (let batch = 0; batch < 20; batch++) {
      if (chargePoint.socket.readyState !== chargePoint.socket.OPEN)
        chargePoint = await connect(csms, { networkId: chargePoint.networkId });
      for (let each = 0; each < 500; each++) chargePoint.sendRaw(mutate());
      await chargePoint.call('Heartbeat', {}).catch(() => chargePoint.drop());
    }
    await boot(await connect(csms, { networkId: chargePoint.networkId }));
    expect(await transactionsOf(csms, chargePoint)).toBeInstanceOf(Array);
  }, 60_000);

  test('an error inside tells the charge point nothing of ours', async () => {
    const chargePoint = await booted();
    chargePoint.sendRaw(JSON.stringify([2, 'weird', 'Authorize', { idTag: { $gt: '' } }]));
    await chargePoint.call('Heartbeat', {});
    const answers = chargePoint.transcript.filter(({ from, text }) => from === 'csms' && text.includes('"weird"'));
    for (const { text } of answers) {
      expect(text).not.toMatch(/sqlite|select |insert |\.ts:|node_modules|at .*\(/i);
      if (JSON.parse(text)[0] === 4) expect(JSON.parse(text)[4]).toEqual({});
    }
  });
});

describe('attacks on frames', () => {
  /** The TCP socket below, for bytes that `ws` would not send. */
  const wireOf = (chargePoint: { socket: object }) => (chargePoint.socket as { _socket: Socket })._socket;

  async function closedWithin(
    chargePoint: Awaited<ReturnType<typeof booted>>,
    codes: number[],
    ms = 5000,
  ): Promise<void> {
    const started = performance.now();
    const { code } = await chargePoint.closed;
    expect(codes).toContain(code);
    expect(performance.now() - started).toBeLessThan(ms);
  }

  test('a frame that claims 100 MiB is refused at its header', async () => {
    const [chargePoint, other] = [await booted(), await booted()];
    const header = Buffer.alloc(14);
    header.writeUInt16BE(0x81ff, 0);
    header.writeBigUInt64BE(100n * 1024n * 1024n, 2);
    wireOf(chargePoint).write(header);
    await closedWithin(chargePoint, [1009]);
    expect(await other.call('Heartbeat', {})).toHaveProperty('currentTime');
  });

  test('a compression bomb is refused before it is inflated', async () => {
    const chargePoint = await newChargePoint(csms, { compression: true });
    await boot(chargePoint);
    const before = process.memoryUsage().rss;
    chargePoint.socket.send(
      `[2,"bomb","DataTransfer",{"vendorId":"v","data":"${' '.repeat(32 * 1024 * 1024)}"}]`,
      () => undefined,
    );
    await closedWithin(chargePoint, [1009]);
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
  });

  test('an endless message of one-byte fragments is refused', async () => {
    const [chargePoint, other] = [await booted(), await booted()];
    const wire = wireOf(chargePoint);
    const fragment = Buffer.from([0x00, 0x81, 0, 0, 0, 0, 0x5b]);
    wire.write(Buffer.from([0x01, 0x81, 0, 0, 0, 0, 0x5b]));
    wire.on('error', () => undefined);
    wire.write(Buffer.concat(Array(200_000).fill(fragment)));
    await closedWithin(chargePoint, [1002, 1006, 1008, 1009]);
    expect(await other.call('Heartbeat', {})).toHaveProperty('currentTime');
  });

  test('a binary frame ends at most its own socket', async () => {
    const [chargePoint, other] = [await booted(), await booted()];
    chargePoint.socket.send(Buffer.from([1, 2, 3]), { binary: true });
    expect(await other.call('Heartbeat', {})).toHaveProperty('currentTime');
  });
});

test('headers without end are refused', async () => {
  const answer = await rawRequest(`GET /ocpp/BIG HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`);
  expect(answer.split('\r\n')[0]).toMatch(/ 4\d\d /);
});

test('slow headers: all are dropped within 15 s, while charge points connect', async () => {
  await booted();
  await until('all are dropped', () => slowHeaders.lasted.length === slowHeaders.count, { timeoutMs: 20_000 });
  expect(Math.max(...slowHeaders.lasted)).toBeLessThan(15_000);
}, 25_000);
