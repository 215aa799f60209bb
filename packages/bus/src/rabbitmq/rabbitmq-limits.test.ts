import { type RabbitmqServer, startRabbitmqVhost, until, whyNoRabbitmq } from '@ocpp-csms/testing';
import { connect } from 'amqplib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { BusError, ConnectedBus } from '../bus.ts';
import { sampleEnvelope } from '../contract.ts';
import { createBus } from '../create-bus.ts';
import { createMemoryParking } from '../memory/memory-parking.ts';

const reason = await whyNoRabbitmq();
const groups = { MessagesIn: ['log'], MessagesSent: [], Events: [] };

describe.skipIf(reason)(`RabbitMQ${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let server: RabbitmqServer;
  const buses: ConnectedBus[] = [];
  const lines: string[] = [];
  beforeAll(async () => {
    server = await startRabbitmqVhost();
  }, 60_000);
  afterAll(() => server.remove(), 60_000);
  afterEach(async () => {
    await Promise.all(buses.splice(0).map((bus) => bus.stop({ timeoutMs: 200 })));
    lines.length = 0;
  });

  async function open(name: string, { partitions = 2, maxBytes = 1e6, url = server.url } = {}): Promise<ConnectedBus> {
    const note = (details: object, line: string) => void lines.push(`${line} ${JSON.stringify(details)}`);
    const bus = await createBus(
      { driver: 'rabbitmq', rabbitmq: { url, name, maxBytes } },
      { node: 'node-1', partitions, groups, parking: createMemoryParking(), log: { warn: note, error: note } },
    );
    buses.push(bus);
    return bus;
  }

  test('full: refuses what is new and keeps what is there, until it is handled', async () => {
    const bus = await open('full', { partitions: 1, maxBytes: 20_000 });
    let seq = 0;
    const publishOne = () => bus.publish('MessagesIn', sampleEnvelope('cp1', ++seq));
    const stored: number[] = [];
    const refused = await until('it is refused', () =>
      publishOne().then(
        () => void stored.push(seq),
        (error: BusError) => error,
      ),
    );
    expect(refused).toMatchObject({ code: 'Full', message: expect.stringContaining('maxMegabytes') });
    const seen: (number | undefined)[] = [];
    await bus.consume('MessagesIn', 'log', async (batch) => void seen.push(...batch.map((envelope) => envelope.seq)));
    await until('all came', () => seen.length >= stored.length);
    expect(seen).toEqual(stored);
    await until('there is room again', () => publishOne().then(() => true));
  });

  test('what can not be read is set aside in a queue of its own; the rest comes', async () => {
    const bus = await open('dead', { partitions: 1 });
    const seen: unknown[] = [];
    await bus.consume('MessagesIn', 'log', async (batch) => void seen.push(...batch));
    const connection = await connect(server.url);
    const channel = await connection.createChannel();
    channel.publish('dead.MessagesIn', '0', Buffer.from('no JSON'));
    await bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
    await until('it came', () => seen.length === 1);
    const message = await until('it is set aside', () => channel.get('dead.dead', { noAck: true }));
    expect(message.content.toString()).toBe('no JSON');
    expect(lines.filter((line) => line.includes('is no envelope'))).toHaveLength(1);
    await connection.close();
  });

  test('refuses another number of partitions, and takes another size limit with a warning', async () => {
    await open('numbers');
    await expect(open('numbers', { partitions: 4 })).rejects.toThrow('bus.partitions is 4 here and 2 on RabbitMQ');
    const bus = await open('numbers', { maxBytes: 2e6 });
    expect(lines.filter((line) => line.includes('other arguments'))).toHaveLength(1);
    await bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
  });

  test('says where nobody is, or that the password is wrong, without it', async () => {
    await expect(open('x', { url: 'amqp://user:geheim@127.0.0.1:1/x' })).rejects.toThrow(
      /^(?!.*geheim).*127\.0\.0\.1:1\/x .*rabbitmq\.url/,
    );
    const wrong = server.url.replace('guest:guest', 'guest:geheim');
    await expect(open('x', { url: wrong })).rejects.toThrow(/^(?!.*geheim).*ACCESS.REFUSED/i);
  });
});
