import { jetstreamManager } from '@nats-io/jetstream';
import { connect as connectNats } from '@nats-io/transport-node';
import {
  freePort,
  noNatsServer,
  noRedisServer,
  startNatsServer,
  startRabbitmqVhost,
  startRedisServer,
  whyNoRabbitmq,
} from '@ocpp-csms/testing';
import { connect as connectRabbitmq } from 'amqplib';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TopicGroups } from './bus.ts';
import { type BusDriver, createBus } from './create-bus.ts';
import { PubsubServer } from './gcp-pubsub/test-support/pubsub-server.ts';
import { inspectBroker } from './inspect-broker.ts';
import { createMemoryParking } from './memory/memory-parking.ts';

const groups: TopicGroups = {
  MessagesIn: ['message-manager', 'session', 'device-manager'],
  MessagesSent: ['message-manager'],
  Events: ['device-manager'],
};
const name = 'inspected';

/** What it says, and its warnings behind it. */
async function inspect(choice: BusDriver, partitions = 2): Promise<string> {
  const warnings: string[] = [];
  const note = (_: object, words: string) => void warnings.push(words);
  const words = await inspectBroker(choice, { groups, partitions, timeoutMs: 1000, log: { warn: note, error: note } });
  return [words, ...warnings].join('\n');
}

interface Broker {
  choice: BusDriver;
  /** Everything that somebody made on it. */
  contents(): Promise<unknown>;
  stop(): Promise<void>;
  remove(): Promise<void>;
}

async function natsBroker(): Promise<Broker> {
  const server = await startNatsServer();
  return {
    choice: { driver: 'nats', nats: { servers: server.url, name, replicas: 1, maxBytes: 1e6 } },
    async contents() {
      const connection = await connectNats({ servers: server.url });
      const streams = await (await jetstreamManager(connection)).streams.list().next();
      await connection.close();
      return streams.map(({ config }) => config.name);
    },
    stop: server.stop,
    remove: server.remove,
  };
}

async function redisBroker(): Promise<Broker> {
  const server = await startRedisServer();
  return {
    choice: { driver: 'redis', redis: { url: server.url, name, maxStreamLength: 1000 } },
    async contents() {
      const redis = new Redis(server.url);
      const keys = await redis.keys('*');
      redis.disconnect();
      return keys;
    },
    stop: server.stop,
    remove: server.remove,
  };
}

async function rabbitmqBroker(): Promise<Broker> {
  const server = await startRabbitmqVhost();
  return {
    choice: { driver: 'rabbitmq', rabbitmq: { url: server.url, name, maxBytes: 1e6 } },
    async contents() {
      const connection = await connectRabbitmq(server.url);
      const channel = await connection.createChannel();
      channel.on('error', () => {});
      const found = await channel.checkQueue(`${name}.partitions`).then(
        ({ queue }) => [queue],
        () => [],
      );
      await connection.close();
      return found;
    },
    stop: server.stop,
    remove: server.remove,
  };
}

async function pubsubBroker(): Promise<Broker> {
  const server = new PubsubServer();
  await server.start();
  return {
    choice: { driver: 'gcp-pubsub', gcpPubsub: { projectId: 'test', endpoint: server.endpoint, name } },
    contents: async () => server.subscriptionNames,
    stop: () => server.stop(),
    remove: () => server.stop(),
  };
}

const noRabbitmq = await whyNoRabbitmq();

describe.each([
  { driver: 'nats', missing: noNatsServer, start: natsBroker, says: /^NATS [\d.]+ with JetStream at 127\.0\.0\.1:\d+/ },
  { driver: 'redis', missing: noRedisServer, start: redisBroker, says: /^Redis [\d.]+ at 127\.0\.0\.1:\d+$/ },
  { driver: 'rabbitmq', missing: noRabbitmq, start: rabbitmqBroker, says: /^RabbitMQ [\d.]+ at 127\.0\.0\.1:\d+/ },
  { driver: 'gcp-pubsub', missing: undefined, start: pubsubBroker, says: /^Pub\/Sub, project test at / },
])('$driver', ({ driver, missing, start, says }) => {
  describe.skipIf(missing !== undefined)(missing ?? 'is looked at', () => {
    let broker: Broker;
    beforeAll(async () => {
      broker = await start();
    });
    afterAll(() => broker.remove());

    test('says what is there, and leaves nothing behind', async () => {
      expect(await inspect(broker.choice)).toMatch(says);
      expect(await broker.contents()).toEqual([]);
    });

    test('beside a bus that is in use', async () => {
      const bus = await createBus(broker.choice, {
        node: 'node-1',
        partitions: 2,
        groups,
        parking: createMemoryParking(),
      });
      expect(await inspect(broker.choice)).toMatch(says);
      // Subscriptions of Pub/Sub are not divided: any number of partitions will do.
      if (driver !== 'gcp-pubsub') await expect(inspect(broker.choice, 3)).rejects.toThrow('bus.partitions');
      await bus.stop({ timeoutMs: 200 });
    });

    test('says in words that it is away', async () => {
      await broker.stop();
      await expect(inspect(broker.choice)).rejects.toThrow(/can ?not be used|Pub\/Sub: /);
    });
  });
});

test.skipIf(noNatsServer !== undefined)('what may be lost is a warning', async () => {
  const server = await startNatsServer();
  const nats = { servers: server.url, name, replicas: 1, maxBytes: 1e6 };
  expect(await inspect({ driver: 'nats', nats })).toContain('a power cut can lose');
  await server.remove();
});

test.skipIf(noRedisServer !== undefined)('a Redis that keeps nothing on its disk is a warning', async () => {
  const server = await startRedisServer({ settings: ['--appendonly', 'no'] });
  const redis = { url: server.url, name, maxStreamLength: 1000 };
  expect(await inspect({ driver: 'redis', redis })).toContain('Redis keeps the messages in memory alone');
  await server.remove();
});

test('ZeroMQ: who listens, and that this node is in the list', async () => {
  const services = ['csms-server', 'message-manager', 'session', 'device-manager'];
  const peers = await Promise.all(
    services.map(async (service) => ({ service, node: 'one', address: `tcp://127.0.0.1:${await freePort()}` })),
  );
  const zeromq = (node: string): BusDriver => ({
    driver: 'zeromq',
    zeromq: { peers, self: { service: 'csms-server', node }, directory: '/nowhere', journalBytes: 1e6 },
  });
  expect(await inspect(zeromq('one'))).toBe('ZeroMQ, 4 peers, none listens now');
  await expect(inspect(zeromq('two'))).rejects.toThrow('zeromq.peers names no csms-server@two');
});

test('within the process there is nothing to look at', async () => {
  expect(await inspect({ driver: 'memory' })).toBe('within the process, no broker');
});
