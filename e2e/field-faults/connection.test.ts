import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connectChargePoint, noAnswer, type TestChargePoint, UpgradeRefused, until } from '@ocpp-csms/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { boot, report } from '../src/charge-1.6.ts';
import { boot as boot2 } from '../src/charge-2.ts';
import { password } from '../src/registry.ts';
import {
  chargePointRecord,
  command,
  commandIsAnswered,
  connect,
  newChargePoint,
  register,
  unique,
} from '../src/scenes.ts';
import { shareCsms } from '../src/share-csms.ts';
import { startInShape } from '../src/start-in-shape.ts';

const patient = shareCsms();

async function booted(options: Parameters<typeof newChargePoint<'ocpp1.6'>>[1] = {}) {
  const chargePoint = await newChargePoint(patient, options);
  await boot(chargePoint);
  return chargePoint;
}

const beats = (chargePoint: TestChargePoint<'ocpp1.6'>) =>
  expect(chargePoint.call('Heartbeat', {})).resolves.toHaveProperty('currentTime');

describe('with short times', () => {
  const csms = shareCsms({
    settings: { csmsServer: { pingIntervalSeconds: 1, callTimeoutSeconds: 1, unansweredCallsUntilDeaf: 2 } },
  });

  test('row 1: half-open connection: a charge point that answers no ping is dropped and shown as offline', async () => {
    const chargePoint = await newChargePoint(csms, { autoPong: false });
    await boot(chargePoint);
    const started = performance.now();
    await chargePoint.closed;
    expect(performance.now() - started).toBeLessThan(6000);
    await expect.poll(async () => (await chargePointRecord(csms, chargePoint)).connection.connected).toBe(false);
  });

  test('row 5: a charge point that supports no pings stays connected while it talks', async () => {
    const chargePoint = await newChargePoint(csms, { autoPong: false });
    await boot(chargePoint);
    for (let beat = 0; beat < 8; beat++) {
      await beats(chargePoint);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  });

  test('row 5: a model noted as answering no pings stays connected while it is silent', async () => {
    const { networkId } = await register(csms, { noPing: true });
    const chargePoint = await connect(csms, { networkId, autoPong: false });
    await boot(chargePoint);
    await new Promise((resolve) => setTimeout(resolve, 4000));
    await beats(chargePoint);
  });

  test('row 6: deaf: answers no CALL any more, though it talks: closed once, so that it comes back', async () => {
    const chargePoint = await newChargePoint(csms);
    await boot(chargePoint);
    // It talks, a moment later: only CALLs after which it was heard count.
    chargePoint.onCall('ClearCache', () => {
      setTimeout(() => void chargePoint.call('Heartbeat', {}).catch(() => undefined), 300);
      return noAnswer;
    });
    const isClosed = () => chargePoint.socket.readyState === chargePoint.socket.CLOSED;
    // Two on a machine that has the time, some more on a busy one.
    for (let attempt = 0; attempt < 2 || (attempt < 8 && !isClosed()); attempt++) {
      await expect(command(csms, chargePoint, 'ClearCache')).rejects.toMatchObject({
        status: 504,
        problem: { commandStatus: 'timed-out' },
      });
    }
    expect([1001, 1012]).toContain((await chargePoint.closed).code);
    await boot(await connect(csms, { networkId: chargePoint.networkId }));
  });
});

test('row 2: two sockets with one identity: the newer one wins at once, the charge point does not loop', async () => {
  const old = await booted();
  const started = performance.now();
  const newer = await connect(patient, { networkId: old.networkId });
  await old.closed;
  expect(performance.now() - started).toBeLessThan(2000);
  await boot(newer);
});

test('row 3: the late end of the old socket does not take the new connection away', async () => {
  const old = await booted();
  const newer = await connect(patient, { networkId: old.networkId });
  await boot(newer);
  await old.drop();
  await beats(newer);
  expect(await chargePointRecord(patient, newer)).toMatchObject({ connection: { connected: true } });
  await commandIsAnswered(patient, newer, 'ClearCache', {}, { status: 'Accepted' });
});

test('row 4: commands go to the newest socket alone', async () => {
  const old = await booted();
  const newer = await connect(patient, { networkId: old.networkId });
  await boot(newer);
  await commandIsAnswered(patient, newer, 'ClearCache', {}, { status: 'Accepted' });
  expect(old.received).toEqual([]);
});

test('row 7: no subprotocol offered: the handshake is completed without the header, then closed', async () => {
  const { networkId } = await register(patient);
  const chargePoint = await connect(patient, { networkId, subprotocols: [] });
  expect(chargePoint.agreedProtocol).toBe('');
  await chargePoint.closed;
});

test('row 7: no subprotocol offered: the version set for this charge point is spoken', async () => {
  const { networkId } = await register(patient, { assumedProtocol: 'ocpp1.6' });
  const chargePoint = await connect(patient, { networkId, subprotocols: [] });
  await boot(chargePoint);
});

test('row 8: another subprotocol at each connection: the version belongs to the connection', async () => {
  const { networkId } = await register(patient);
  await boot(await connect(patient, { networkId, subprotocols: ['ocpp1.6', 'ocpp2.0.1'] }));
  const later = await connect(patient, { networkId, protocol: 'ocpp2.0.1', subprotocols: ['ocpp2.0.1', 'ocpp1.6'] });
  expect(later.agreedProtocol).toBe('ocpp2.0.1');
  await boot2(later);
});

describe('row 9: identities in the path', () => {
  test('percent-encoded: decoded once', async () => {
    const { networkId } = await register(patient, { networkId: `RDAM|${unique('C')}` });
    const chargePoint = await connect(patient, { networkId, path: networkId.replace('|', '%7C') });
    await boot(chargePoint);
    expect(await chargePointRecord(patient, { networkId })).toMatchObject({ connection: { connected: true } });
  });

  test('one trailing slash is forgiven', async () => {
    const { networkId } = await register(patient);
    await boot(await connect(patient, { networkId, path: `${networkId}/` }));
  });

  test('dashes, dots and underscores are fine', async () => {
    const { networkId } = await register(patient, { networkId: unique('Garo_CS-1.2') });
    await boot(await connect(patient, { networkId }));
  });

  test.each([
    ['a bad escape', (id: string) => `%zz${id}`],
    ['nothing', () => ''],
    ['too long', (id: string) => id.padEnd(49, 'x')],
    ['another folder', (id: string) => `../ocpp/%2e%2e/${id}`],
    ['encoded twice', (id: string) => encodeURIComponent(encodeURIComponent(`${id}|`))],
    ['another case', (id: string) => id.toLowerCase()],
    ['a colon', (id: string) => `${id}%3A`],
  ])('%s: 404 and no upgrade', async (_what, pathOf) => {
    const { networkId } = await register(patient);
    const refusal = connect(patient, { networkId, path: pathOf(networkId) });
    await expect(refusal).rejects.toMatchObject({ name: UpgradeRefused.name, status: 404 });
  });
});

test('row 10: a hex key registered as text connects as the bytes that it stands for, and as the text', async () => {
  const key = '00ff10a1b2c3d4e5f60718293a4b5c6d7e8f9000';
  const { networkId } = await register(patient, { password: key });
  await boot(await connect(patient, { networkId, password: Buffer.from(key, 'hex') }));
  await boot(await connect(patient, { networkId, password: key }));
});

test('row 11: compression is negotiated, and messages pass', async () => {
  const chargePoint = await booted({ compression: true });
  expect(chargePoint.socket.extensions).toContain('permessage-deflate');
  await beats(chargePoint);
});

test('row 11: reserved bits without negotiation: closed with 1002, and the next connection is fine', async () => {
  const chargePoint = await booted();
  const other = await booted();
  const raw = (chargePoint.socket as unknown as { _socket: import('node:net').Socket })._socket;
  // FIN + RSV1 + text, masked, two bytes.
  raw.write(Buffer.from([0xc1, 0x82, 0, 0, 0, 0, 0x5b, 0x5d]));
  expect((await chargePoint.closed).code).toBe(1002);
  await boot(await connect(patient, { networkId: chargePoint.networkId }));
  await beats(other);
});

test('row 12: everybody comes back at once: all are served', async () => {
  const records = await Promise.all(Array.from({ length: 60 }, () => register(patient)));
  const started = performance.now();
  const chargePoints = await Promise.all(records.map(({ networkId }) => connect(patient, { networkId })));
  await Promise.all(
    chargePoints.map(async (chargePoint) => {
      await boot(chargePoint);
      for (const connectorId of [2, 3, 4]) await report(chargePoint, 'Available', { connectorId });
    }),
  );
  expect(performance.now() - started).toBeLessThan(15_000);
}, 30_000);

describe('with tight budgets', () => {
  const csms = shareCsms({ settings: { csmsServer: { upgradesPerSecond: 5 } } });
  const loops = shareCsms({ settings: { auth: { reconnectsPerMinute: 5 } } });

  /** At one node, since each counts for itself, and without trying again. */
  const knockAt = (url: string) => async (networkId: string, pass: string) => {
    const chargePoint = await connectChargePoint({ url, networkId, password: pass, protocol: 'ocpp1.6' });
    onTestFinished(async () => void (await chargePoint.drop()));
    return chargePoint;
  };

  test('row 12: more upgrades than we can take: 503 with Retry-After, and later they are served', async () => {
    const records = await Promise.all(Array.from({ length: 15 }, () => register(csms)));
    const knock = knockAt(csms.wsUrl);
    const results = await Promise.allSettled(records.map(({ networkId }) => knock(networkId, password)));
    const refusals = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as UpgradeRefused] : [],
    );
    expect(refusals.length).toBeGreaterThan(0);
    expect(refusals.length).toBeLessThan(15);
    for (const refusal of refusals) {
      expect(refusal.status).toBe(503);
      expect(Number(refusal.headers['retry-after'])).toBeGreaterThan(0);
    }
    const last = results.findIndex(({ status }) => status === 'rejected');
    const chargePoint = await until('it is let in later', () => knock(records[last]!.networkId, password), {
      everyMs: 300,
    });
    await boot(chargePoint);
  });

  test('row 13: one that reconnects for ever has to wait; a stranger cannot use up its budget', async () => {
    const { networkId } = await register(loops);
    const knock = knockAt(loops.wsUrl);
    for (let attempt = 0; attempt < 8; attempt++) {
      await expect(knock(networkId, 'wrong-password-1')).rejects.toMatchObject({ status: 401 });
    }
    let refusal: UpgradeRefused | undefined;
    for (let attempt = 0; attempt < 8 && refusal === undefined; attempt++) {
      await knock(networkId, password)
        .then((chargePoint) => chargePoint.drop())
        .catch((error: UpgradeRefused) => {
          refusal = error;
          expect(attempt).toBeGreaterThanOrEqual(5);
        });
    }
    expect(refusal?.status).toBe(503);
    const { networkId: other } = await register(loops);
    await boot(await knock(other, password));
  });
});

test('row 15: the server goes away: connections are closed politely with 1001, and it is known afterwards who was Accepted', async () => {
  const csms = await startInShape();
  try {
    const { networkId } = await register(csms);
    const chargePoint = await connect(csms, { networkId });
    await boot(chargePoint);
    await csms.restart();
    expect((await chargePoint.closed).code).toBe(1001);
    const again = await connect(csms, { networkId });
    expect(await again.call('Heartbeat', {})).toHaveProperty('currentTime');
  } finally {
    await csms.stop();
  }
});

test('a TCP connection that never speaks does not keep others from connecting', async () => {
  const silent = connectTcp(patient.port, '127.0.0.1');
  await once(silent, 'connect');
  await booted();
  silent.destroy();
});
