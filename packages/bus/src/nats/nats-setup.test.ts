import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { type NatsServer, noNatsServer, startNatsServer } from '@ocpp-csms/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BrokerBusOptions } from '../broker/broker-bus.ts';
import type { ConnectedBus } from '../bus.ts';
import { sampleEnvelope } from '../contract.ts';
import { sleep } from '../delivery/waiting.ts';
import type { Envelope } from '../envelope.ts';
import { createMemoryParking } from '../memory/memory-parking.ts';
import { createNatsBus } from './create-nats-bus.ts';
import type { NatsOptions } from './nats-options.ts';

const groups = { MessagesIn: ['log'], MessagesSent: [], Events: [] };

describe.skipIf(noNatsServer !== undefined)(
  `NATS${noNatsServer ? `: ${noNatsServer}` : ''}: what is on the server`,
  () => {
    let server: NatsServer;
    let connection: NatsConnection;
    let count = 0;
    let name = '';
    const buses: ConnectedBus[] = [];
    const lines: string[] = [];

    beforeAll(async () => {
      server = await startNatsServer();
      connection = await connect({ servers: server.url });
    });
    afterAll(async () => {
      await connection.close();
      await server.remove();
    });
    afterEach(async () => {
      await Promise.all(buses.splice(0).map((bus) => bus.stop({ timeoutMs: 200 })));
      lines.length = 0;
    });

    async function open(
      nats: Partial<NatsOptions> = {},
      options: Partial<BrokerBusOptions> = {},
    ): Promise<ConnectedBus> {
      const note = (details: object, line: string) => void lines.push(`${line} ${JSON.stringify(details)}`);
      const bus = await createNatsBus(
        { servers: server.url, name, replicas: 1, maxBytes: 1e6, ...nats },
        {
          groups,
          parking: createMemoryParking(),
          node: 'node-1',
          partitions: 2,
          log: { warn: note, error: note },
          ...options,
        },
      );
      buses.push(bus);
      return bus;
    }

    const fresh = () => {
      name = `setup${++count}`;
    };

    it('makes streams that keep what no group has handled, on disk, and refuse what is too much', async () => {
      fresh();
      await open();
      const manager = await jetstreamManager(connection);
      const { config } = await manager.streams.info(`${name}-MessagesIn`);
      expect(config).toMatchObject({
        subjects: [`${name}.MessagesIn.*`],
        retention: 'interest',
        storage: 'file',
        discard: 'new',
        max_bytes: 1e6,
        num_replicas: 1,
      });
      const consumers = await manager.consumers.list(`${name}-MessagesIn`).next();
      expect(consumers.map((consumer) => consumer.name).sort()).toEqual(['log-0', 'log-1']);
    });

    it('changes what may be changed in a stream that is there', async () => {
      fresh();
      await open();
      await open({ maxBytes: 2e6 });
      const { config } = await (await jetstreamManager(connection)).streams.info(`${name}-MessagesIn`);
      expect(config.max_bytes).toBe(2e6);
    });

    it('says what to do about a stream of another kind', async () => {
      fresh();
      const manager = await jetstreamManager(connection);
      await manager.streams.add({ name: `${name}-MessagesIn`, subjects: [`${name}.MessagesIn.*`], storage: 'memory' });
      await expect(open()).rejects.toThrow(
        `The NATS stream ${name}-MessagesIn has retention "limits" and must have "interest": delete the stream when it is empty (nats stream rm ${name}-MessagesIn), or choose another bus.name`,
      );
    });

    it('refuses another number of partitions', async () => {
      fresh();
      await open();
      await expect(open({}, { partitions: 3 })).rejects.toThrow('bus.partitions must be the same for all nodes');
    });

    it('warns of consumers for which messages would pile up', async () => {
      fresh();
      await open({}, { groups: { ...groups, MessagesIn: ['log', 'former'] } });
      await open();
      expect(lines.join('\n')).toContain('belong to no group in the settings');
      expect(lines.join('\n')).toContain('former-0, former-1');
    });

    it('refuses what is new when a stream is full, keeps what is old, and takes more when there is room', async () => {
      fresh();
      const bus = await open({ maxBytes: 5000 });
      const results = await Promise.allSettled(
        Array.from({ length: 30 }, (_, seq) => bus.publish('MessagesIn', sampleEnvelope('cp1', seq + 1))),
      );
      const stored = results.filter(({ status }) => status === 'fulfilled').length;
      expect(stored).toBeGreaterThan(3);
      expect(results.at(-1)).toMatchObject({ status: 'rejected', reason: { code: 'Full' } });
      const seen: Envelope[] = [];
      await bus.consume('MessagesIn', 'log', async (batch) => void seen.push(...batch));
      await until(() => seen.length === stored);
      expect(seen.map(({ seq }) => seq)).toEqual(Array.from({ length: stored }, (_, index) => index + 1));
      await untilAsync(() => bus.publish('MessagesIn', sampleEnvelope('cp1', 31)));
      await until(() => seen.length === stored + 1);
    });

    it('stores a message once that is published twice', async () => {
      fresh();
      const bus = await open();
      await bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
      await bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
      await bus.publish('MessagesIn', sampleEnvelope('cp1', 2));
      const seen: Envelope[] = [];
      await bus.consume('MessagesIn', 'log', async (batch) => void seen.push(...batch));
      await until(() => seen.length === 2);
      await sleep(50);
      expect(seen.map(({ seq }) => seq)).toEqual([1, 2]);
    });

    it('refuses a message that the server would cut the connection for', async () => {
      fresh();
      const bus = await open();
      const envelope = sampleEnvelope('cp1', 1);
      envelope.raw = 'x'.repeat(9 * 2 ** 20);
      await expect(bus.publish('MessagesIn', envelope)).rejects.toMatchObject({ code: 'Refused' });
      await bus.publish('MessagesIn', sampleEnvelope('cp1', 2));
    });

    it('leaves out, and says so, what others wrote into the stream and is no envelope', async () => {
      fresh();
      const bus = await open();
      const seen: Envelope[] = [];
      await bus.consume('MessagesIn', 'log', async (batch) => void seen.push(...batch));
      connection.publish(`${name}.MessagesIn.0`, 'hello');
      connection.publish(`${name}.MessagesIn.0`, JSON.stringify(sampleEnvelope('cp1', 1)));
      await until(() => seen.length === 1);
      expect(lines.join('\n')).toContain('is no envelope and is left out');
    });

    it('makes streams and consumers again that somebody deleted, and what is published meanwhile is not lost', async () => {
      fresh();
      const bus = await open();
      const seen: Envelope[] = [];
      await bus.consume('MessagesIn', 'log', async (batch) => void seen.push(...batch));
      await bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
      await until(() => seen.length === 1);
      await (await jetstreamManager(connection)).streams.delete(`${name}-MessagesIn`);
      // It is confirmed only when the groups have their consumers again.
      const publishing: Promise<void>[] = [];
      for (let seq = 2; seq <= 40; seq++) {
        publishing.push(bus.publish('MessagesIn', sampleEnvelope('cp1', seq)));
        await sleep(5);
      }
      await Promise.all(publishing);
      await until(() => seen.length === 40);
      expect(seen.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
      expect(lines.join('\n')).toContain('was deleted on NATS and is made again');
    });

    it('names the server, and no password, when there is none', async () => {
      fresh();
      const opening = open({ servers: 'nats://me:secret@127.0.0.1:1', connectTimeoutMs: 100 });
      await expect(opening).rejects.toThrow(
        /^NATS at 127\.0\.0\.1:1 cannot be used \(.*\): is nats-server running there/,
      );
      await expect(opening).rejects.not.toThrow('secret');
    });

    it('says when the password is wrong, and works when it is right', async () => {
      fresh();
      const guarded = await startNatsServer({ settings: ['--user', 'me', '--pass', 'p@ss'] });
      try {
        const wrong = open({ servers: `nats://me:wrong@127.0.0.1:${guarded.port}`, connectTimeoutMs: 300 });
        await expect(wrong).rejects.toThrow('(Authorization Violation): see user and password in nats.servers');
        const bus = await open({ servers: `nats://me:p%40ss@127.0.0.1:${guarded.port}` });
        await bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
        await bus.stop({ timeoutMs: 200 });
      } finally {
        await guarded.remove();
      }
    });

    it('finds the server that is there among several', async () => {
      fresh();
      const bus = await open({ servers: `nats://127.0.0.1:1, ${server.url}` });
      await bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
    });

    it('says what is wrong with the address', async () => {
      fresh();
      await expect(async () => open({ servers: 'http://me:secret@host' })).rejects.toThrow(
        'nats.servers: number 1 is not of the form nats://user:password@host:port or tls://…',
      );
    });
  },
);

function until(condition: () => boolean): Promise<void> {
  return untilAsync(async () => {
    if (!condition()) throw new Error('not yet');
  });
}

/** Again and again until it does not reject. */
async function untilAsync(attempt: () => Promise<unknown>): Promise<void> {
  const end = performance.now() + 15_000;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(10);
    }
  }
}
