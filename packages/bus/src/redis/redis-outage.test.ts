import { noRedisServer, type RedisServer, startRedisServer, until } from '@ocpp-csms/testing';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ConnectedBus, TopicGroups } from '../bus.ts';
import { sampleEnvelope } from '../contract.ts';
import { createBus } from '../create-bus.ts';
import type { Envelope } from '../envelope.ts';
import { createMemoryParking } from '../memory/memory-parking.ts';
import type { RedisOptions } from './create-redis-bus.ts';

const groups: TopicGroups = { MessagesIn: ['log', 'session'], MessagesSent: ['log'], Events: ['log'] };
const partitions = 4;

describe.skipIf(noRedisServer)(`Redis${noRedisServer ? ` (skipped: ${noRedisServer})` : ''}`, () => {
  let server: RedisServer;
  let admin: Redis;
  let name = '';
  let count = 0;
  let lines: string[] = [];
  const buses: ConnectedBus[] = [];

  beforeAll(async () => {
    server = await startRedisServer();
    admin = new Redis(server.url);
    admin.on('error', () => {});
  });
  afterAll(async () => {
    admin.disconnect();
    await server.remove();
  });
  afterEach(async () => {
    await Promise.all(buses.splice(0).map((bus) => bus.stop({ timeoutMs: 200 })));
    lines = [];
  });

  const takeNote = (details: object, message: string) => void lines.push(`${message} ${JSON.stringify(details)}`);
  const saying = (words: string) => lines.filter((line) => line.includes(words)).length;
  const fresh = () => {
    name = `outage${++count}`;
  };

  async function open(redis: Partial<RedisOptions> = {}, leaseMs = 2000): Promise<ConnectedBus> {
    const bus = await createBus(
      { driver: 'redis', redis: { url: server.url, name, maxStreamLength: 100_000, ...redis } },
      {
        node: 'node-1',
        partitions,
        groups,
        parking: createMemoryParking(),
        deadlineMs: 15_000,
        retryDelaysMs: [10],
        leaseMs,
        log: { warn: takeNote, error: takeNote },
      },
    );
    buses.push(bus);
    return bus;
  }

  async function collect(bus: ConnectedBus, group: string): Promise<Envelope[]> {
    const seen: Envelope[] = [];
    await bus.consume('MessagesIn', group, async (batch) => void seen.push(...batch));
    return seen;
  }

  /** What each client said, in the order in which it came. */
  function byClient(seen: readonly Envelope[]): Record<string, (number | undefined)[]> {
    const found: Record<string, (number | undefined)[]> = {};
    for (const { client, seq } of seen) found[client] = [...(found[client] ?? []), seq];
    return found;
  }
  const lengths = async () =>
    (await Promise.all([0, 1, 2, 3].map((part) => admin.xlen(`${name}:MessagesIn:${part}`)))).reduce((a, b) => a + b);
  const killConnections = () => admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');

  function publishAll(bus: ConnectedBus, clients: number, from: number, to: number): Promise<void>[] {
    const publishing: Promise<void>[] = [];
    for (let seq = from; seq <= to; seq++) {
      for (let client = 0; client < clients; client++)
        publishing.push(bus.publish('MessagesIn', sampleEnvelope(`cp${client}`, seq)));
    }
    return publishing;
  }
  const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

  test('connections that break again and again: every message once and in order, though nobody knows what had arrived', async () => {
    fresh();
    const bus = await open();
    const publishing: Promise<void>[] = [];
    for (let round = 0; round < 5; round++) {
      publishing.push(...publishAll(bus, 20, round * 50 + 1, round * 50 + 50));
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
      await killConnections();
    }
    await Promise.all(publishing);
    expect(await lengths()).toBe(20 * 250);
    const seen = await collect(bus, 'log');
    await until('all came', () => seen.length >= 20 * 250);
    for (const seqs of Object.values(byClient(seen))) expect(seqs).toEqual(upTo(250));
  });

  test('killed and started again with its files, while messages are published and handled: nothing is lost', async () => {
    fresh();
    const bus = await open();
    const [log, session] = [await collect(bus, 'log'), await collect(bus, 'session')];
    const publishing = publishAll(bus, 10, 1, 100);
    await until('some came', () => log.length > 100);
    await server.stop('SIGKILL');
    publishing.push(...publishAll(bus, 10, 101, 150));
    await until('it is noticed', () => !bus.health().connected);
    expect(bus.health().reason).toContain('is away');
    await expect(bus.request('anything', {})).rejects.toMatchObject({ code: 'NobodyThere' });
    await server.start();
    await Promise.all(publishing);
    await until('all came', () => new Set(log.map(({ id }) => id)).size === 1500, { timeoutMs: 15_000 });
    await until('all came to the other group', () => new Set(session.map(({ id }) => id)).size === 1500);
    expect(saying('is away; connects again')).toBe(1);
    expect(saying('is back after')).toBe(1);
    expect(bus.health()).toEqual({ connected: true });
  });

  test('away for longer than the deadline: says so in time, and goes on when it is back', async () => {
    fresh();
    const bus = await open();
    const seen = await collect(bus, 'log');
    await server.stop();
    const from = performance.now();
    await expect(bus.publish('MessagesIn', sampleEnvelope('cp1', 1), { deadlineMs: 300 })).rejects.toMatchObject({
      code: 'Deadline',
      message: expect.stringContaining('is away'),
    });
    expect(performance.now() - from).toBeLessThan(1000);
    await server.start();
    await bus.publish('MessagesIn', sampleEnvelope('cp1', 2));
    await until('it goes on', () => seen.some(({ seq }) => seq === 2));
  });

  test('a consumer that ended with messages in its hands: another gets them, then what is new, in order', async () => {
    fresh();
    const [dying, living] = [await open(), await open()];
    let inHand = 0;
    await dying.consume('MessagesIn', 'log', (batch) => {
      inHand += batch.length;
      return new Promise(() => {});
    });
    await Promise.all(publishAll(living, 8, 1, 20));
    await until('some are in its hands', () => inHand > 0);
    await dying.stop({ timeoutMs: 50 });
    const seen = await collect(living, 'log');
    await Promise.all(publishAll(living, 8, 21, 30));
    await until('all came', () => seen.length >= 240, { timeoutMs: 15_000 });
    for (const seqs of Object.values(byClient(seen))) expect(seqs).toEqual(upTo(30));
  });

  test('deletes what all groups have handled, and nothing that the slowest has not', async () => {
    fresh();
    const bus = await open();
    const log = await collect(bus, 'log');
    await Promise.all(publishAll(bus, 10, 1, 20));
    await until('one group has all', () => log.length === 200);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await lengths()).toBe(200);
    const session = await collect(bus, 'session');
    await until('the other has all', () => session.length === 200);
    await until('they are deleted', async () => (await lengths()) === 0);
  });

  test('full: refuses what is new and keeps what is there, until it is handled', async () => {
    fresh();
    const bus = await open({ maxStreamLength: 50 });
    const outcomes = await Promise.allSettled(publishAll(bus, 1, 1, 60));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(50);
    expect(outcomes.at(-1)).toMatchObject({
      reason: { code: 'Full', message: expect.stringContaining('maxStreamLength') },
    });
    const seen = await collect(bus, 'log');
    await collect(bus, 'session');
    await until('there is room again', () => bus.publish('MessagesIn', sampleEnvelope('cp0', 61)).then(() => true));
    await until('it came', () => seen.at(-1)?.seq === 61);
    expect(seen.map(({ seq }) => seq)).toEqual([...upTo(50), 61]);
  });

  test('out of memory now and then, and without its scripts: nothing is lost, and the order stays', async () => {
    fresh();
    const bus = await open();
    const publishing: Promise<void>[] = [];
    for (let round = 0; round < 10; round++) {
      publishing.push(...publishAll(bus, 20, round * 30 + 1, round * 30 + 30));
      const [memory] = /used_memory:\d+/.exec(await admin.info('memory')) ?? [''];
      await admin.config('SET', 'maxmemory', String(Math.floor(Number(memory.split(':')[1]) / 2)));
      await new Promise((resolve) => setTimeout(resolve, 5 * (round % 3)));
      await admin.config('SET', 'maxmemory', '0');
      if (round % 3 === 0) await admin.script('FLUSH');
    }
    await Promise.all(publishing);
    const seen = await collect(bus, 'log');
    await until('all came', () => seen.length >= 20 * 300);
    for (const seqs of Object.values(byClient(seen))) expect(seqs).toEqual(upTo(300));
  });

  test('flushed with connections open: what was not handled is lost, is said to be, and everything goes on', async () => {
    fresh();
    const bus = await open();
    const seen = await collect(bus, 'log');
    await bus.receive('node-1', async () => {});
    await bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
    await until('it came', () => seen.length === 1);
    await admin.flushall();
    await bus.publish('MessagesIn', sampleEnvelope('cp1', 2));
    await until('what is new comes', () => seen.at(-1)?.seq === 2, { timeoutMs: 15_000 });
    await until('the node is found again', () => bus.send('node-1', sampleEnvelope('cp1', 3)).then(() => true));
    expect(saying('Redis was emptied')).toBe(1);
  });

  test('a copy of each envelope on the channels of old, when it is wanted', async () => {
    fresh();
    const bus = await open({ mirror: true });
    const heard: string[] = [];
    const listener = new Redis(server.url);
    listener.on('message', (channel, text) => heard.push(`${channel} ${JSON.parse(text).body.msgId}`));
    await listener.subscribe('MessagesIn', 'MessagesSent', 'MessagesOut');
    await bus.receive('node-1', async () => {});
    await bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
    await bus.publish('MessagesSent', sampleEnvelope('cp1', 2));
    await bus.send('node-1', sampleEnvelope('cp1', 3));
    await until('all were heard', () => heard.length === 3);
    expect(heard).toEqual(['MessagesIn cp1-1', 'MessagesSent cp1-2', 'MessagesOut cp1-3']);
    listener.disconnect();
  });

  test('what is no envelope is said and left out; the rest comes', async () => {
    fresh();
    const bus = await open();
    const seen = await collect(bus, 'log');
    for (let part = 0; part < partitions; part++) {
      await admin.xadd(`${name}:MessagesIn:${part}`, '*', 'envelope', 'no JSON');
      await admin.xadd(`${name}:MessagesIn:${part}`, '*', 'something', 'else');
    }
    await bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
    await until('it came', () => seen.length === 1);
    await until('it was said', () => saying('is no envelope') === 8);
  });

  test('of those who serve a subject each question goes to one', async () => {
    fresh();
    const [one, two] = [await open(), await open()];
    const served = [0, 0];
    for (const [index, bus] of [one, two].entries())
      await bus.serve('lookup', async () => {
        served[index] = (served[index] ?? 0) + 1;
        return index;
      });
    for (let question = 0; question < 20; question++) await one.request('lookup', {});
    expect(served).toEqual([10, 10]);
  });

  describe('at the start', () => {
    test('says what a power cut may cost, when it may', async () => {
      fresh();
      await admin.config('SET', 'appendfsync', 'everysec');
      await open();
      await admin.config('SET', 'appendfsync', 'always');
      expect(saying('a power cut loses')).toBe(1);
      lines = [];
      fresh();
      await open();
      expect(lines).toEqual([]);
    });

    test('refuses another number of partitions, and says which', async () => {
      fresh();
      await admin.set(`${name}:partitions`, 8);
      await expect(open()).rejects.toThrow('bus.partitions is 4 here and 8 on Redis');
    });

    test('says where nobody is, without the password', async () => {
      await expect(open({ url: 'redis://user:geheim@127.0.0.1:1' })).rejects.toThrow(
        /^(?!.*geheim).*127\.0\.0\.1:1 .*redis\.url/,
      );
    });

    test('tells of groups that hold messages back for nobody', async () => {
      fresh();
      await admin.xgroup('CREATE', `${name}:MessagesIn:0`, 'forgotten', '0', 'MKSTREAM');
      await open();
      expect(saying('forgotten')).toBe(1);
    });
  });
});
