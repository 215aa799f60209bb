import { once } from 'node:events';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { deflateRawSync } from 'node:zlib';
import { CacheUnavailable, type ConnectionEntry } from '@ocpp-csms/cache';
import { basicAuth, UpgradeRefused, until } from '@ocpp-csms/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  answerTo,
  password,
  startCsms,
  type TestCsms,
  type TestCsmsOptions,
  upgradeLines,
} from './test-support/start-csms.ts';

let csms: TestCsms;
async function start(options?: TestCsmsOptions) {
  csms = await startCsms(options);
  await csms.register();
  return csms;
}
afterEach(() => csms.stop());

const meterValues = {
  connectorId: 1,
  meterValue: [{ timestamp: '2026-01-02T03:04:05Z', sampledValue: [{ value: '1' }] }],
};
const eventsOf = (name: string) => csms.events.filter(({ event }) => event === name);

/** A client that completes the handshake and then writes bytes of its own making. */
async function rawSocket(headers: Record<string, string> = {}) {
  const socket = connect(csms.port, '127.0.0.1');
  socket.write(upgradeLines('/ocpp/CP001', { Authorization: basicAuth('CP001', password), ...headers }));
  const [data] = (await once(socket, 'data')) as [Buffer];
  expect(data.toString()).toMatch(/^HTTP\/1\.1 101/);
  // Not `once`, which rejects on an error: to be cut off is what some of these want.
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.resume();
  socket.on('error', () => {});
  return { socket, closed };
}

/** A frame as a client sends it: masked with zeros. */
function frame(firstByte: number, payload: Buffer, length = payload.length): Buffer {
  const header = Buffer.alloc(14);
  header[0] = firstByte;
  header[1] = 0x80 | 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
}

describe('one socket for each charge point', () => {
  test('field faults 2 and 4: the authenticated newcomer wins, the old socket is cut off, messages go to the new one', async () => {
    await start();
    const old = await csms.connect();
    const young = await csms.connect();
    await old.closed;
    expect(csms.csms.connections()).toBe(1);
    await until(
      'both are told',
      () => eventsOf('ChargePointConnected').length === 2 && eventsOf('ChargePointDisconnected').length === 1,
    );
    const [first, second] = eventsOf('ChargePointConnected');
    expect(second?.data).toMatchObject({ takeover: true });
    expect(Number(second?.data.connection)).toBeGreaterThan(Number(first?.data.connection));
    expect(eventsOf('ChargePointDisconnected')[0]?.data.connection).toBe(first?.data.connection);
    await young.call('Heartbeat', {});
    await csms.send({ action: 'ClearCache', payload: {} });
    await young.nextCall('ClearCache');
    expect(old.received).toEqual([]);
  });

  test('field fault 3: the late close of the old socket leaves the new connection alone', async () => {
    await start();
    const old = await csms.connect();
    const young = await csms.connect();
    await old.closed;
    await csms.event('ChargePointDisconnected');
    const entry = await csms.cache.connections.get('CP001');
    expect(entry?.epoch).toBe(eventsOf('ChargePointConnected')[1]?.data.connection);
    expect(await young.call('Heartbeat', {})).toHaveProperty('currentTime');
    await young.close();
    await until('the directory is empty', async () => (await csms.cache.connections.get('CP001')) === undefined);
  });

  test('session hijack: a second socket with a wrong password does nothing to the first', async () => {
    await start();
    const first = await csms.connect();
    for (let attempt = 0; attempt < 20; attempt++) await csms.connect({ password: 'wrong' }).catch(() => {});
    expect(await first.call('Heartbeat', {})).toHaveProperty('currentTime');
    expect(eventsOf('ChargePointDisconnected')).toEqual([]);
  });

  test('many at once for one identity: exactly one is left, and it works', async () => {
    await start();
    const all = await Promise.all(Array.from({ length: 10 }, () => csms.connect()));
    await until('nine are gone', () => eventsOf('ChargePointDisconnected').length === 9);
    const open = all.filter(({ socket }) => socket.readyState === socket.OPEN);
    expect(open).toHaveLength(1);
    expect(await open[0]?.call('Heartbeat', {})).toHaveProperty('currentTime');
    const entry = await csms.cache.connections.get('CP001');
    expect(csms.heard.at(-1)?.connection).toBe(entry?.epoch);
  });
});

describe('while the place of a charge point is being claimed', () => {
  /** As with a cache in another process. */
  function duringClaim(happens: () => Promise<unknown>) {
    const { connections } = csms.cache;
    const claim = connections.claim.bind(connections);
    connections.claim = async (wanted) => {
      const claimed = await claim(wanted);
      connections.claim = claim;
      await happens();
      await new Promise((resolve) => setTimeout(resolve, 20));
      return claimed;
    };
  }
  const refusedWith503 = (error: unknown) => error instanceof UpgradeRefused && error.status === 503;

  test('its auth record is deleted or disabled: it is not let in', async () => {
    await start();
    duringClaim(() => csms.cache.auth.delete('CP001'));
    await expect(csms.connect()).rejects.toSatisfy(refusedWith503);
    await csms.register();
    duringClaim(() => csms.register({ enabled: false }));
    await expect(csms.connect()).rejects.toSatisfy(refusedWith503);
    expect(csms.csms.connections()).toBe(0);
    expect(await csms.cache.connections.list()).toEqual([]);
  });

  test('storing becomes impossible: it is not let in to be left without answers', async () => {
    await start();
    await csms.register({ networkId: 'CP002' });
    const other = await csms.connect({ networkId: 'CP002' });
    duringClaim(async () => {
      csms.storing.fails = true;
      other.sendRaw('[2,"1","Heartbeat",{}]');
      await other.closed;
    });
    await expect(csms.connect()).rejects.toSatisfy(refusedWith503);
  });

  test('its socket is reset: the process goes on', async () => {
    await start();
    const socket = connect(csms.port, '127.0.0.1');
    duringClaim(async () => socket.resetAndDestroy());
    socket.write(upgradeLines('/ocpp/CP001', { Authorization: basicAuth('CP001', password) }));
    await once(socket, 'close');
    await until('it is out of the directory', async () => (await csms.cache.connections.list()).length === 0);
    await csms.connect();
  });
});

describe('life', () => {
  test('field fault 1: half-open: two pings without an answer, and it is cut off', async () => {
    await start({ csmsServer: { pingIntervalSeconds: 1 } });
    const chargePoint = await csms.connect({ autoPong: false });
    const begun = Date.now();
    expect((await chargePoint.closed).code).toBe(1006);
    expect(Date.now() - begun).toBeLessThan(4500);
    expect((await csms.event('ChargePointDisconnected')).data.reason).toMatch(/pings/);
  });

  test('field fault 5: who answers no pings but talks is alive', async () => {
    await start({ csmsServer: { pingIntervalSeconds: 1 } });
    const chargePoint = await csms.connect({ autoPong: false });
    for (let second = 0; second < 8; second++) {
      await chargePoint.call('Heartbeat', {});
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect(csms.csms.connections()).toBe(1);
  });

  test('field fault 5: a model without pings is not pinged, and stays', async () => {
    await start({ csmsServer: { pingIntervalSeconds: 1 } });
    await csms.register({ noPing: true });
    const chargePoint = await csms.connect({ autoPong: false });
    let pings = 0;
    chargePoint.socket.on('ping', () => pings++);
    await new Promise((resolve) => setTimeout(resolve, 3500));
    expect(pings).toBe(0);
    expect(csms.csms.connections()).toBe(1);
  });
});

describe('limits', () => {
  test('field fault 32: a frame over the limit closes with 1009, with an event; others are undisturbed', async () => {
    await start({ csmsServer: { maxFrameBytes: 4096 } });
    await csms.register({ networkId: 'CP002', maxFrameBytes: 100_000 });
    csms.decide = () => ({ status: 'Accepted' });
    const other = await csms.connect({ networkId: 'CP002' });
    const chargePoint = await csms.connect();
    chargePoint.sendRaw(JSON.stringify([2, '1', 'DataTransfer', { vendorId: 'x', data: 'y'.repeat(5000) }]));
    expect((await chargePoint.closed).code).toBe(1009);
    expect((await csms.event('ChargePointDisconnected')).data.code).toBe(1009);
    other.sendRaw(JSON.stringify([2, '1', 'DataTransfer', { vendorId: 'x', data: 'y'.repeat(50_000) }]));
    expect(await other.call('Heartbeat', {})).toHaveProperty('currentTime');
  });

  test('a claim of 100 MiB is refused before it is buffered', async () => {
    await start();
    const { socket, closed } = await rawSocket();
    socket.write(frame(0x81, Buffer.from('['), 100 * 1024 * 1024));
    await closed;
    expect((await csms.event('ChargePointDisconnected')).data.code).toBe(1009);
  });

  test('endless one-byte fragments are cut off', async () => {
    await start();
    const { socket, closed } = await rawSocket();
    const piece = Buffer.from([0x00, 0x81, 0, 0, 0, 0, 0x5b]);
    socket.write(Buffer.from([0x01, 0x81, 0, 0, 0, 0, 0x5b]));
    socket.write(Buffer.concat(Array.from({ length: 10_000 }, () => piece)));
    await closed;
    expect((await csms.event('ChargePointDisconnected')).data.code).toBe(1008);
  });

  test('field fault 11: a compression bomb is cut off at the limit of what comes out', async () => {
    await start();
    const { socket, closed } = await rawSocket({ 'Sec-WebSocket-Extensions': 'permessage-deflate' });
    const bomb = deflateRawSync(Buffer.alloc(64 * 1024 * 1024, 0x20));
    const before = process.memoryUsage().rss;
    socket.write(frame(0xc1, bomb));
    await closed;
    expect((await csms.event('ChargePointDisconnected')).data.code).toBe(1009);
    expect(process.memoryUsage().rss - before).toBeLessThan(48 * 1024 * 1024);
  });

  test('field fault 11: reserved bits without an agreement close this socket and not the next', async () => {
    await start();
    const { socket, closed } = await rawSocket();
    socket.write(frame(0xc1, Buffer.from('[2,"1","Heartbeat",{}]')));
    await closed;
    expect((await csms.event('ChargePointDisconnected')).data.code).toBe(1002);
    expect(await (await csms.connect()).call('Heartbeat', {})).toHaveProperty('currentTime');
  });

  test('field fault 19: invalid UTF-8 closes with 1007', async () => {
    await start();
    const { socket, closed } = await rawSocket();
    socket.write(frame(0x81, Buffer.from([0x5b, 0xff, 0xfe])));
    await closed;
    expect((await csms.event('ChargePointDisconnected')).data.code).toBe(1007);
  });

  test('compression is agreed on and works both ways', async () => {
    await start();
    const chargePoint = await csms.connect({ compression: true });
    expect(chargePoint.socket.extensions).toContain('permessage-deflate');
    chargePoint.sendRaw(JSON.stringify([2, '1', 'DataTransfer', { vendorId: 'x', data: 'y'.repeat(20_000) }]));
    const call = await until('it arrived', () => csms.heard[0]);
    expect(JSON.stringify(call.body.messageBody)).toHaveLength(20_000 + '{"vendorId":"x","data":""}'.length);
  });

  test('a charge point that asks more than is stored is not read for a while, and every CALL is answered', async () => {
    await start({ csmsServer: { maxInboundQueue: 5 } });
    const chargePoint = await csms.connect();
    const answers = Array.from({ length: 500 }, (_, index) =>
      chargePoint.callAs(`m${index}`, 'MeterValues', meterValues),
    );
    expect(await Promise.all(answers)).toHaveLength(500);
    expect(csms.heard.map(({ body }) => body.msgId)).toEqual(Array.from({ length: 500 }, (_, index) => `m${index}`));
  });

  test('of thousands of CALLs in one packet no more than it may have are under way at once', async () => {
    await start({ csmsServer: { maxInboundQueue: 5 } });
    const { socket } = await rawSocket();
    const calls = Array.from({ length: 2000 }, (_, index) =>
      frame(0x81, Buffer.from(`[2,"p${index}","Heartbeat",{}]`)),
    );
    socket.resume();
    socket.write(Buffer.concat(calls));
    await until('all are stored', () => csms.heard.length === 2000);
    expect(csms.heard.map(({ body }) => body.msgId)).toEqual(Array.from({ length: 2000 }, (_, index) => `p${index}`));
    // The fact that it connected is one more.
    expect(csms.storing.mostUnderWay).toBeLessThanOrEqual(6);
    socket.destroy();
  });

  test('a reader that is too slow is cut off', async () => {
    await start({ csmsServer: { maxBufferedBytes: 65_536, maxInboundQueue: 10_000 } });
    const { socket, closed } = await rawSocket();
    socket.pause();
    const call = frame(0x81, Buffer.from('[2,"1","Heartbeat",{}]'));
    const flood = Buffer.concat(Array.from({ length: 5000 }, () => call));
    const isGone = () => eventsOf('ChargePointDisconnected').length > 0;
    await until(
      'it is cut off',
      () => {
        if (!isGone()) socket.write(flood);
        return isGone();
      },
      { everyMs: 50 },
    );
    expect(eventsOf('ChargePointDisconnected')[0]?.data.reason).toMatch(/slow/);
    socket.destroy();
    await closed;
  });
});

describe('shutdown', () => {
  test('upgrades get 503, what is under way is answered, sockets are closed with 1001', async () => {
    await start({ csmsServer: { drainSeconds: 3 } });
    csms.decide = () => undefined;
    const chargePoint = await csms.connect();
    const answer = chargePoint.call('DataTransfer', { vendorId: 'x' });
    const call = await until('it arrived', () => csms.heard[0]);
    const stopping = csms.csms.stop();
    expect(await csms.raw(upgradeLines('/ocpp/CP001'), 300)).toMatch(/^HTTP\/1\.1 503 .*Retry-After/s);
    expect(await csms.csms.readiness()).toMatch(/shutting down/);
    await csms.bus.send('node-1', answerTo(call, { status: 'Accepted' }));
    expect(await answer).toEqual({ status: 'Accepted' });
    expect((await chargePoint.closed).code).toBe(1001);
    await stopping;
    expect(await csms.cache.connections.list()).toEqual([]);
    expect(eventsOf('ChargePointDisconnected')[0]?.data.code).toBe(1001);
  });

  test('a charge point that does not say goodbye does not hold it up', async () => {
    await start({ csmsServer: { drainSeconds: 1 } });
    const { socket } = await rawSocket();
    socket.pause();
    const begun = Date.now();
    await csms.csms.stop();
    expect(Date.now() - begun).toBeLessThan(4000);
    socket.destroy();
  });
});

describe('the lease of a node', () => {
  test('a node that stood still for longer than its lease ends its sockets before it does anything else', async () => {
    await start({ csmsServer: { leaseSeconds: 5 } });
    const chargePoint = await csms.connect();
    const connected = await csms.event('ChargePointConnected');
    const heard = csms.heard.length;
    // What a charge point says, and what it is to be told, waits in the sockets while the process stands still.
    chargePoint.sendRaw(JSON.stringify([2, 'late', 'Heartbeat', {}]));
    const later = laterBy(6000);
    vi.spyOn(performance, 'now').mockImplementation(later);
    await expect(
      csms.send({ action: 'ClearCache', payload: {}, connection: Number(connected.data.connection) }),
    ).rejects.toThrow(/not connected/);
    vi.restoreAllMocks();
    expect((await chargePoint.closed).code).toBe(1006);
    expect((await csms.event('ChargePointDisconnected')).data.reason).toMatch(/lease/);
    expect(csms.heard.length).toBe(heard);
    expect(chargePoint.received).toEqual([]);
  });

  test('the directory heard nothing of it in time, though it asked: it ends its sockets', async () => {
    await start({ csmsServer: { leaseSeconds: 5 } });
    const chargePoint = await csms.connect();
    csms.cache.connections.renew = async () => ({ ranOut: true, replaced: [] });
    expect((await chargePoint.closed).code).toBe(1006);
    expect((await csms.event('ChargePointDisconnected')).data.reason).toMatch(/lease/);
  });

  test('a cache that is away for longer than the lease costs no connection; open ones are told when it is back', async () => {
    await start({ csmsServer: { leaseSeconds: 5 } });
    const chargePoint = await csms.connect();
    const { renew } = csms.cache.connections;
    let refused = 0;
    csms.cache.connections.renew = async () => {
      refused++;
      throw new CacheUnavailable('the cache is away');
    };
    await until('it was away for longer than the lease', () => refused >= 4, { timeoutMs: 15_000 });
    expect(await chargePoint.call('Heartbeat', {})).toHaveProperty('currentTime');
    let told: ConnectionEntry[] = [];
    csms.cache.connections.renew = async (node, leaseMs, held) => {
      told = [...(held?.() ?? [])];
      return renew(node, leaseMs, held);
    };
    await until('it renewed', () => told.length > 0);
    expect(told).toMatchObject([
      { networkId: 'CP001', node: 'node-1', protocol: 'ocpp1.6', since: expect.any(String) },
    ]);
    expect(csms.logLines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  });

  test('a charge point that went to another node while the cache was away: the old socket is ended', async () => {
    await start({ csmsServer: { leaseSeconds: 5 } });
    const chargePoint = await csms.connect();
    const entry = await csms.cache.connections.get('CP001');
    csms.cache.connections.renew = async () => ({
      ranOut: false,
      replaced: [{ ...(entry as ConnectionEntry), node: 'node-2', epoch: (entry?.epoch ?? 0) + 1 }],
    });
    expect((await chargePoint.closed).code).toBe(1006);
    expect((await csms.event('ChargePointDisconnected')).data.reason).toMatch(/newer connection/);
  });
});

describe('a cache that was away', () => {
  test('is back: what changed meanwhile is made good, once it is complete', async () => {
    let missed = () => {};
    await start({
      watchCache: (cache) => {
        cache.auth.onMissedChanges = (listener) => {
          missed = listener;
          return () => {};
        };
        cache.auth.onChange = () => () => {};
      },
    });
    await csms.register({ networkId: 'CP002' });
    const [disabled, untouched] = [await csms.connect(), await csms.connect({ networkId: 'CP002' })];
    await csms.register({ enabled: false, revision: 100 });
    await csms.cache.auth.delete('CP002');
    await csms.cache.auth.setComplete(false);
    missed();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(csms.csms.connections()).toBe(2);
    await csms.register({ networkId: 'CP002' });
    await csms.cache.auth.setComplete(true);
    expect((await disabled.closed).code).toBe(1008);
    expect(await untouched.call('Heartbeat', {})).toHaveProperty('currentTime');
  });

  test('upgrades get 503 without a line in the log for each', async () => {
    await start();
    csms.cache.connections.claim = () => Promise.reject(new CacheUnavailable('the cache is away'));
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(csms.connect()).rejects.toMatchObject({ status: 503 });
    }
    expect(csms.logLines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

/** A clock that jumps once. */
function laterBy(ms: number): () => number {
  const now = performance.now.bind(performance);
  return () => now() + ms;
}
