import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ConnectedBus } from '../bus.ts';
import { sampleEnvelope } from '../contract.ts';
import { createBus } from '../create-bus.ts';
import { sleep } from '../delivery/waiting.ts';
import { createMemoryParking } from '../memory/memory-parking.ts';
import type { BusOptions } from '../options.ts';
import type { GcpPubsubOptions } from './gcp-pubsub-options.ts';
import { GrpcError } from './test-support/grpc-server.ts';
import { PubsubServer } from './test-support/pubsub-server.ts';

const server = new PubsubServer();
const buses: ConnectedBus[] = [];
let count = 0;
let name = '';

async function open(options: Partial<GcpPubsubOptions & BusOptions> = {}): Promise<ConnectedBus> {
  const gcpPubsub = { projectId: 'test', endpoint: server.endpoint, name, presenceMs: 100, ...options };
  const bus = await createBus(
    { driver: 'gcp-pubsub', gcpPubsub },
    {
      groups: { MessagesIn: ['log'], MessagesSent: [], Events: [] },
      parking: createMemoryParking(),
      node: 'node-1',
      partitions: 4,
      ...options,
    },
  );
  buses.push(bus);
  return bus;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error('waited 10 s in vain');
    await sleep(5);
  }
}

describe('Google Cloud Pub/Sub, its client library against a stand-in for the server', () => {
  beforeAll(() => server.start());
  afterAll(() => server.stop());
  afterEach(async () => {
    server.refusePublish = undefined;
    await Promise.all(buses.splice(0).map((bus) => bus.stop({ timeoutMs: 100 })));
  });

  function fresh(): void {
    name = `own${++count}`;
  }

  test('makes a subscription for each group, ordered, kept for good, and one for the process, which goes with it', async () => {
    fresh();
    const bus = await open({ groups: { MessagesIn: ['log', 'a group/ä'], MessagesSent: ['log'], Events: [] } });
    const own = () => server.subscriptionNames.filter((subscription) => subscription.startsWith(`${name}-`)).sort();
    expect(own()).toEqual([
      `${name}-MessagesIn-a%20group%2f%c3%a4`,
      `${name}-MessagesIn-log`,
      `${name}-MessagesSent-log`,
      expect.stringMatching(/-process-m/),
    ]);
    const { settings } = server.subscription(`${name}-MessagesIn-log`) ?? {};
    expect(settings).toMatchObject({ enableMessageOrdering: true, ackDeadlineSeconds: 60, expirationPolicy: {} });
    await bus.stop();
    expect(own()).toHaveLength(3);
    // What is there already is taken as it is.
    await open({ groups: { MessagesIn: ['log'], MessagesSent: ['log'], Events: [] } });
    expect(own()).toHaveLength(4);
  });

  test('does not start on a subscription without ordering, nor without a server, and says what to do', async () => {
    fresh();
    await open();
    Object.assign(server.subscription(`${name}-MessagesIn-log`)?.settings, { enableMessageOrdering: false });
    await expect(open()).rejects.toThrow('was made without ordering of messages, which cannot be changed: delete it');
    await expect(open({ projectId: '' })).rejects.toThrow('needs a gcpPubsub.projectId');
    const from = performance.now();
    await expect(open({ endpoint: '127.0.0.1:1', connectTimeoutMs: 1000 })).rejects.toThrow(
      /^Pub\/Sub: topic own\d+-processes: /,
    );
    expect(performance.now() - from).toBeLessThan(5000);
  });

  test('keeps the order when one call to publish fails in the middle', async () => {
    fresh();
    const bus = await open();
    const seen: (number | undefined)[] = [];
    await bus.consume('MessagesIn', 'log', async (batch) => void seen.push(...batch.map(({ seq }) => seq)));
    let calls = 0;
    server.refusePublish = (topic) => {
      if (!topic.endsWith('-MessagesIn') || ++calls % 3 !== 0) return undefined;
      return new GrpcError(14, 'The service was unable to fulfill your request');
    };
    const publishing: Promise<void>[] = [];
    for (let seq = 1; seq <= 100; seq++) {
      publishing.push(bus.publish('MessagesIn', sampleEnvelope('cp1', seq)));
      await sleep(2);
    }
    await Promise.all(publishing);
    await until(() => seen.length >= 100);
    expect(calls).toBeGreaterThan(5);
    expect(seen).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
  });

  test('refuses what is larger than Pub/Sub takes, and what Pub/Sub itself refuses', async () => {
    fresh();
    const bus = await open();
    const envelope = sampleEnvelope('cp1', 1);
    envelope.body.messageBody = 'x'.repeat(10_000_000);
    await expect(bus.publish('MessagesIn', envelope)).rejects.toMatchObject({ code: 'Refused' });
    server.refusePublish = (topic) =>
      topic.endsWith('-MessagesIn') ? new GrpcError(3, 'Request payload size exceeds the limit') : undefined;
    await expect(bus.publish('MessagesIn', sampleEnvelope('cp1', 2))).rejects.toMatchObject({ code: 'Refused' });
    server.refusePublish = undefined;
    await bus.publish('MessagesIn', sampleEnvelope('cp1', 3));
  });

  test('a delivery that comes again while it is handled is handled once', async () => {
    fresh();
    const bus = await open();
    const seen: (number | undefined)[] = [];
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await bus.consume('MessagesIn', 'log', async (batch) => {
      seen.push(...batch.map(({ seq }) => seq));
      await held;
    });
    await Promise.all([1, 2, 3].map((seq) => bus.publish('MessagesIn', sampleEnvelope('cp1', seq))));
    await until(() => seen.length > 0);
    const subscription = server.subscription(`${name}-MessagesIn-log`);
    subscription?.expireAll();
    await sleep(100);
    release();
    await until(() => subscription?.unacknowledged === 0);
    expect(seen).toEqual([1, 2, 3]);
  });

  test('a subscription that is deleted under way is made again, and that is logged as an error', async () => {
    fresh();
    const errors: string[] = [];
    const log = { warn: () => {}, error: (_: object, line: string) => void errors.push(line) };
    const bus = await open({ log });
    const seen: (number | undefined)[] = [];
    await bus.consume('MessagesIn', 'log', async (batch) => void seen.push(...batch.map(({ seq }) => seq)));
    await bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
    await until(() => seen.length === 1);
    server.delete(`projects/test/subscriptions/${name}-MessagesIn-log`);
    await until(() => server.subscription(`${name}-MessagesIn-log`) !== undefined);
    await bus.publish('MessagesIn', sampleEnvelope('cp1', 2));
    await until(() => seen.length === 2);
    expect(errors[0]).toContain(`delivers nothing any more of ${name}-MessagesIn-log`);
  });

  test('a process that ended is nobody at once; one that vanished, after three times its sign of life', async () => {
    fresh();
    const asker = await open();
    const one = await open();
    await one.serve('who', async () => 'one');
    const ask = () => asker.request('who', {}, { timeoutMs: 300 }).catch(({ code }) => code);
    await until(async () => (await ask()) === 'one');
    await one.stop();
    await until(async () => (await ask()) === 'NobodyThere');

    const two = await open();
    await two.serve('who', async () => 'two');
    await until(async () => (await ask()) === 'two');
    // Nothing comes from anybody any more.
    server.refusePublish = (topic) => (topic.endsWith('-processes') ? new GrpcError(14, 'cut off') : undefined);
    await until(async () => (await ask()) === 'NobodyThere');
    server.refusePublish = undefined;
    await until(async () => (await ask()) === 'two');
  });

  test('a broadcast reaches the processes that listen, in order', async () => {
    fresh();
    const [speaker, one, two] = [await open(), await open(), await open()];
    const heard: string[] = [];
    await one.listen('live', (content) => void heard.push(`one ${content}`));
    await two.listen('live', (content) => void heard.push(`two ${content}`));
    await until(() => {
      speaker.broadcast('live', 0);
      return new Promise((resolve) =>
        setTimeout(() => resolve(heard.includes('one 0') && heard.includes('two 0')), 30),
      );
    });
    for (let number = 1; number <= 20; number++) speaker.broadcast('live', number);
    await until(() => heard.includes('one 20') && heard.includes('two 20'));
    const numbers = heard.filter((line) => line.startsWith('one ') && line !== 'one 0');
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, at) => `one ${at + 1}`));
  });
});
