import { afterEach, describe, expect, it } from 'vitest';
import type { Bus, BusError, ParkingStore, TopicGroups } from './bus.ts';
import type { DomainEvent, Envelope } from './envelope.ts';
import { createMemoryParking } from './memory/memory-parking.ts';

export interface ContractBusOptions {
  groups: TopicGroups;
  parking: ParkingStore;
  attempts: number;
  deadlineMs: number;
  retryDelaysMs: readonly number[];
  maxInFlightMessages?: number;
}

export interface BusUnderTest {
  /** Each call starts empty: nothing that an earlier bus left behind may be seen. */
  create(options: ContractBusOptions): Promise<Bus>;
  /** `publish` resolves when the groups have handled the message, not when they are sure to get it. */
  publishWaitsForHandling: boolean;
}

type MessageHandler = (batch: readonly Envelope[]) => Promise<void>;

const ONE_GROUP: TopicGroups = { MessagesIn: ['log'], MessagesSent: ['log'], Events: ['log'] };
const TWO_GROUPS: TopicGroups = { ...ONE_GROUP, MessagesIn: ['log', 'session'] };
const PATIENCE_MS = 5000;

/** An envelope for tests; `seq` counts the messages of a client. */
export function sampleEnvelope(client: string, seq: number, messageType = 'Heartbeat'): Envelope {
  return {
    serverNode: 'node-1',
    client,
    messageTime: '2026-01-02T03:04:05.006Z',
    body: { direction: 2, msgId: `${client}-${seq}`, messageType, messageBody: { list: [{ text: 'as published' }] } },
    id: `${client}-${String(seq).padStart(8, '0')}`,
    origin: 'client',
    seq,
  };
}

function sampleEvent(client: string, event: string): DomainEvent {
  const id = `${client}-${event}`;
  return { id, serverNode: 'node-1', client, messageTime: '2026-01-02T03:04:05.006Z', event, data: {} };
}

/** What every driver promises (bus.ts, design.md §5). A driver's test calls this with a way to make a bus. */
export function describeBusContract(name: string, { create, publishWaitsForHandling }: BusUnderTest): void {
  describe(`${name}: the contract of the bus`, () => {
    const buses: Bus[] = [];

    async function createBus(options: Partial<ContractBusOptions> = {}): Promise<Bus> {
      const bus = await create({
        groups: ONE_GROUP,
        parking: createMemoryParking(),
        attempts: 3,
        deadlineMs: 3000,
        retryDelaysMs: [10],
        ...options,
      });
      buses.push(bus);
      return bus;
    }

    afterEach(async () => {
      await Promise.all(buses.splice(0).map((bus) => bus.stop({ timeoutMs: 200 })));
    });

    describe('publish and consume', () => {
      it('brings every message to every group', async () => {
        const bus = await createBus({ groups: TWO_GROUPS });
        const log = collector();
        const session = collector();
        await bus.consume('MessagesIn', 'log', log.handler);
        await bus.consume('MessagesIn', 'session', session.handler);
        await bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
        await until(() => log.seen.length === 1 && session.seen.length === 1);
        expect(log.seen).toEqual([sampleEnvelope('cp1', 1)]);
      });

      it('keeps 10,000 messages in flight, each client in order', async () => {
        const bus = await createBus();
        const { seen, handler } = collector();
        await bus.consume('MessagesIn', 'log', handler);
        await publishAll(bus, 100, 100);
        await until(() => seen.length === 10_000);
        expectOrder(seen);
      });

      it('keeps the order of a client with two consumers in a group, and both work', async () => {
        const bus = await createBus();
        const seen: Envelope[] = [];
        const share = [0, 0];
        const underWay = new Set<string>();
        const handlerOf = (consumer: number) => async (batch: readonly Envelope[]) => {
          const clients = new Set(batch.map(({ client }) => client));
          for (const client of clients) expect(underWay.has(client)).toBe(false);
          for (const client of clients) underWay.add(client);
          await sleep(1);
          seen.push(...batch);
          share[consumer] = (share[consumer] ?? 0) + batch.length;
          for (const client of clients) underWay.delete(client);
        };
        await bus.consume('MessagesIn', 'log', handlerOf(0));
        await bus.consume('MessagesIn', 'log', handlerOf(1));
        await publishAll(bus, 50, 40);
        await until(() => seen.length === 2000);
        expectOrder(seen);
        expect(Math.min(...share)).toBeGreaterThan(0);
      });

      it('keeps the order while consumers come and go', async () => {
        const bus = await createBus();
        const { seen, handler } = collector();
        const slow: MessageHandler = async (batch) => {
          await sleep(2);
          await handler(batch);
        };
        await bus.consume('MessagesIn', 'log', slow);
        const publishing = Promise.all([publishSlowly(bus, 'cp1', 60), publishSlowly(bus, 'cp2', 60)]);
        for (let round = 0; round < 5; round++) {
          const other = await bus.consume('MessagesIn', 'log', slow);
          await sleep(10);
          await other.close();
        }
        await publishing;
        await until(() => seen.length === 120);
        expectOrder(seen);
      });

      it('holds the messages of a group that has not subscribed yet', async () => {
        const bus = await createBus();
        const publishing = Promise.all([1, 2, 3].map((seq) => bus.publish('MessagesIn', sampleEnvelope('cp1', seq))));
        await sleep(50);
        const { seen, handler } = collector();
        await bus.consume('MessagesIn', 'log', handler);
        await publishing;
        await until(() => seen.length === 3);
        expectOrder(seen);
      });

      it('holds the messages of a group whose only consumer has closed', async () => {
        const bus = await createBus();
        const first = collector();
        const subscription = await bus.consume('MessagesIn', 'log', first.handler);
        await bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
        await until(() => first.seen.length === 1);
        await subscription.close();
        const publishing = bus.publish('MessagesIn', sampleEnvelope('cp1', 2));
        await sleep(30);
        const second = collector();
        await bus.consume('MessagesIn', 'log', second.handler);
        await publishing;
        await until(() => second.seen.length === 1);
        expect(first.seen.length).toBe(1);
      });

      it('brings only what is wanted', async () => {
        const bus = await createBus();
        const { seen, handler } = collector();
        await bus.consume('MessagesIn', 'log', handler, { only: new Set(['StartTransaction']) });
        await bus.publish('MessagesIn', sampleEnvelope('cp1', 1, 'Heartbeat'));
        await bus.publish('MessagesIn', sampleEnvelope('cp1', 2, 'StartTransaction'));
        await until(() => seen.length === 1);
        expect(seen[0]?.seq).toBe(2);
      });

      it('brings only the events that are wanted', async () => {
        const bus = await createBus();
        const seen: string[] = [];
        const handler = async (batch: readonly DomainEvent[]) => void seen.push(...batch.map(({ event }) => event));
        await bus.consume('Events', 'log', handler, { only: new Set(['TransactionStarted']) });
        await bus.publish('Events', sampleEvent('cp1', 'StatusChanged'));
        await bus.publish('Events', sampleEvent('cp1', 'TransactionStarted'));
        await until(() => seen.length === 1);
        expect(seen).toEqual(['TransactionStarted']);
      });

      it('copies: what publisher or consumers do to an object is seen by nobody else', async () => {
        const bus = await createBus({ groups: TWO_GROUPS });
        const spoil = (envelope: Envelope) => Object.assign(envelope.body.messageBody as object, { list: 'spoilt' });
        const log = collector();
        const session = collector();
        await bus.consume('MessagesIn', 'log', async (batch) => {
          for (const envelope of batch) spoil(envelope);
          await log.handler(batch);
        });
        await bus.consume('MessagesIn', 'session', async (batch) => {
          await sleep(10);
          await session.handler(batch);
        });
        const envelope = sampleEnvelope('cp1', 1);
        const publishing = bus.publish('MessagesIn', envelope);
        spoil(envelope);
        await publishing;
        await until(() => log.seen.length === 1 && session.seen.length === 1);
        expect(session.seen).toEqual([sampleEnvelope('cp1', 1)]);
      });

      it('refuses a group that the settings do not name', async () => {
        const bus = await createBus();
        await expectCode(
          bus.consume('MessagesIn', 'nobody', async () => {}),
          'NotFound',
        );
      });
    });

    describe('when handling fails', () => {
      it('tries again what was refused once, in order', async () => {
        const bus = await createBus();
        const { seen, handler } = collector();
        let calls = 0;
        await bus.consume('MessagesIn', 'log', async (batch) => {
          if (++calls === 1) throw new Error('not now');
          await handler(batch);
        });
        await Promise.all([1, 2, 3].map((seq) => bus.publish('MessagesIn', sampleEnvelope('cp1', seq))));
        await until(() => seen.length === 3);
        expectOrder(seen);
        expect(await bus.parked.count()).toBe(0);
      });

      it('parks a poisonous message alone, and the others go on', async () => {
        const bus = await createBus();
        const { seen, handler } = collector();
        await bus.consume('MessagesIn', 'log', refusing('cp1-00000002', handler));
        await Promise.all([1, 2, 3].map((seq) => bus.publish('MessagesIn', sampleEnvelope('cp1', seq))));
        await until(() => seen.length === 2);
        await untilAsync(async () => (await bus.parked.count()) === 1);
        expect(seen.map(({ seq }) => seq)).toEqual([1, 3]);
        const [parked] = await bus.parked.list({ limit: 10 });
        expect(parked).toMatchObject({
          id: 'cp1-00000002',
          topic: 'MessagesIn',
          group: 'log',
          client: 'cp1',
          attempts: 3,
          reason: 'poison',
          content: sampleEnvelope('cp1', 2),
        });
      });

      it('drives a parked message again, and keeps it parked when it is refused again', async () => {
        const bus = await createBus();
        const { seen, handler } = collector();
        let poisonous = true;
        await bus.consume('MessagesIn', 'log', async (batch) => {
          if (poisonous) throw new Error('poison');
          await handler(batch);
        });
        await bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
        await untilAsync(async () => (await bus.parked.count()) === 1);
        await expect(bus.parked.drive('log', 'cp1-00000001')).rejects.toThrow('poison');
        expect(await bus.parked.count()).toBe(1);
        poisonous = false;
        await bus.parked.drive('log', 'cp1-00000001');
        expect(seen).toEqual([sampleEnvelope('cp1', 1)]);
        expect(await bus.parked.count()).toBe(0);
      });

      it('knows no parked message of another id, and discards one that it knows', async () => {
        const bus = await createBus();
        await bus.consume('MessagesIn', 'log', () => Promise.reject(new Error('poison')));
        await bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
        await untilAsync(async () => (await bus.parked.count()) === 1);
        await expectCode(bus.parked.drive('log', 'other'), 'NotFound');
        await expectCode(bus.parked.discard('log', 'other'), 'NotFound');
        await bus.parked.discard('log', 'cp1-00000001');
        expect(await bus.parked.count()).toBe(0);
      });

      it('parks nothing while a store is away, and goes on in order when it is back', async () => {
        const bus = await createBus();
        const { seen, handler } = collector();
        let calls = 0;
        await bus.consume('MessagesIn', 'log', async (batch) => {
          if (++calls <= 8) throw Object.assign(new Error('disk full'), { transient: true });
          await handler(batch);
        });
        await Promise.all([1, 2, 3].map((seq) => bus.publish('MessagesIn', sampleEnvelope('cp1', seq))));
        await until(() => seen.length === 3);
        expectOrder(seen);
        expect(await bus.parked.count()).toBe(0);
      });

      it('does not let a failing group hold up another', async () => {
        const bus = await createBus({ groups: TWO_GROUPS, deadlineMs: 200 });
        const log = collector();
        await bus.consume('MessagesIn', 'log', log.handler);
        await bus.consume('MessagesIn', 'session', () =>
          Promise.reject(Object.assign(new Error('away'), { transient: true })),
        );
        const publishing = [1, 2].map((seq) => bus.publish('MessagesIn', sampleEnvelope('cp1', seq)));
        await until(() => log.seen.length === 2);
        await Promise.allSettled(publishing);
      });

      it('survives a handler that throws at once, and one that rejects with nothing', async () => {
        const bus = await createBus({ groups: TWO_GROUPS });
        await bus.consume('MessagesIn', 'log', () => {
          throw new Error('at once');
        });
        await bus.consume('MessagesIn', 'session', () => Promise.reject(undefined));
        await bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
        await untilAsync(async () => (await bus.parked.count()) === 2);
      });
    });

    describe('bounds', () => {
      it.runIf(publishWaitsForHandling)('rejects at the deadline and still delivers later', async () => {
        const bus = await createBus();
        await expectCode(bus.publish('MessagesIn', sampleEnvelope('cp1', 1), { deadlineMs: 50 }), 'Deadline');
        const { seen, handler } = collector();
        await bus.consume('MessagesIn', 'log', handler);
        await until(() => seen.length === 1);
        expect(bus.inFlight()).toEqual({ messages: 0, bytes: 0 });
      });

      it.runIf(publishWaitsForHandling)('refuses at once what is too much, and takes it again later', async () => {
        const bus = await createBus({ maxInFlightMessages: 2 });
        const publishing = [1, 2].map((seq) => bus.publish('MessagesIn', sampleEnvelope('cp1', seq)));
        expect(bus.inFlight().messages).toBe(2);
        expect(bus.inFlight().bytes).toBeGreaterThan(0);
        await expectCode(bus.publish('MessagesIn', sampleEnvelope('cp1', 3)), 'Full');
        await bus.consume('MessagesIn', 'log', async () => {});
        await Promise.all(publishing);
        await bus.publish('MessagesIn', sampleEnvelope('cp1', 3));
        expect(bus.inFlight()).toEqual({ messages: 0, bytes: 0 });
      });

      it('drains before it stops, then refuses everything', async () => {
        const bus = await createBus();
        const { seen, handler } = collector();
        let hasBegun = false;
        await bus.consume('MessagesIn', 'log', async (batch) => {
          hasBegun = true;
          await sleep(20);
          await handler(batch);
        });
        const publishing = bus.publish('MessagesIn', sampleEnvelope('cp1', 1));
        // What only the broker has is safe there; what a handler has is waited for.
        if (!publishWaitsForHandling) await until(() => hasBegun);
        await bus.stop({ timeoutMs: 2000 });
        await publishing;
        expect(seen.length).toBe(1);
        await expectCode(bus.publish('MessagesIn', sampleEnvelope('cp1', 2)), 'Stopped');
        await expectCode(bus.consume('MessagesIn', 'log', handler), 'Stopped');
        await expectCode(bus.send('node-1', sampleEnvelope('cp1', 2)), 'Stopped');
        await expectCode(bus.request('subject', {}), 'Stopped');
      });

      it('stops in time although a handler hangs and a store is away', async () => {
        const bus = await createBus({ groups: TWO_GROUPS });
        await bus.consume('MessagesIn', 'log', () => new Promise(() => {}));
        await bus.consume('MessagesIn', 'session', () =>
          Promise.reject(Object.assign(new Error('away'), { transient: true })),
        );
        const publishing = bus.publish('MessagesIn', sampleEnvelope('cp1', 1)).catch((error: BusError) => error.code);
        await sleep(20);
        const from = performance.now();
        await bus.stop({ timeoutMs: 100 });
        expect(performance.now() - from).toBeLessThan(1000);
        if (publishWaitsForHandling) expect(await publishing).toBe('Stopped');
      });
    });

    describe('send and receive', () => {
      it('resolves when the node took a copy of the message', async () => {
        const bus = await createBus();
        const taken: Envelope[] = [];
        await bus.receive('node-1', async (envelope) => void taken.push(envelope));
        const envelope = sampleEnvelope('cp1', 1);
        const sending = bus.send('node-1', envelope);
        Object.assign(envelope.body, { msgId: 'spoilt' });
        await sending;
        expect(taken).toEqual([sampleEnvelope('cp1', 1)]);
      });

      it('says who is not there, who refused and who did not answer', async () => {
        const bus = await createBus();
        await bus.receive('refuses', () => Promise.reject(new Error('no such connection')));
        await bus.receive('hangs', () => new Promise(() => {}));
        await expectCode(bus.send('nowhere', sampleEnvelope('cp1', 1)), 'NobodyThere');
        await expect(bus.send('refuses', sampleEnvelope('cp1', 1))).rejects.toMatchObject({
          code: 'Refused',
          message: 'no such connection',
        });
        await expectCode(bus.send('hangs', sampleEnvelope('cp1', 1), { timeoutMs: 50 }), 'Timeout');
      });

      it('sends to nobody after the node has left', async () => {
        const bus = await createBus();
        const subscription = await bus.receive('node-1', async () => {});
        await subscription.close();
        await expectCode(bus.send('node-1', sampleEnvelope('cp1', 1)), 'NobodyThere');
      });
    });

    describe('request and serve', () => {
      it('brings question and answer as copies', async () => {
        const bus = await createBus();
        const answer = { known: { id: 1 } };
        await bus.serve('lookup', async (question) => {
          Object.assign(question as object, { spoilt: true });
          return answer;
        });
        const question = { networkId: 'cp1' };
        const received = await bus.request('lookup', question);
        expect(received).toEqual({ known: { id: 1 } });
        Object.assign(received as object, { known: 'spoilt' });
        expect(answer).toEqual({ known: { id: 1 } });
        expect(question).toEqual({ networkId: 'cp1' });
      });

      it('says when nobody serves, when it is refused and when no answer comes', async () => {
        const bus = await createBus();
        await bus.serve('refuses', () => Promise.reject(new Error('because')));
        await bus.serve('hangs', () => new Promise(() => {}));
        await expectCode(bus.request('nothing', {}), 'NobodyThere');
        await expect(bus.request('refuses', {})).rejects.toMatchObject({ code: 'Refused', message: 'because' });
        await expectCode(bus.request('hangs', {}, { timeoutMs: 50 }), 'Timeout');
      });
    });

    describe('broadcast and listen', () => {
      it('reaches all who listen now, each with a copy, in order', async () => {
        const bus = await createBus();
        const heard: unknown[] = [];
        bus.broadcast('live', 'too early');
        await bus.listen('live', (content) => {
          Object.assign(content as object, { spoilt: true });
          throw new Error('a listener that fails');
        });
        const subscription = await bus.listen('live', (content) => void heard.push(content));
        bus.broadcast('live', { number: 1 });
        bus.broadcast('live', { number: 2 });
        await until(() => heard.length === 2);
        await subscription.close();
        bus.broadcast('live', { number: 3 });
        await sleep(20);
        expect(heard).toEqual([{ number: 1 }, { number: 2 }]);
      });
    });
  });
}

function collector(): { seen: Envelope[]; handler: MessageHandler } {
  const seen: Envelope[] = [];
  return { seen, handler: async (batch) => void seen.push(...batch) };
}

function refusing(id: string, handler: MessageHandler): MessageHandler {
  return async (batch) => {
    if (batch.some((envelope) => envelope.id === id)) throw new Error('poison');
    await handler(batch);
  };
}

async function publishAll(bus: Bus, clients: number, messages: number): Promise<void> {
  const publishing: Promise<void>[] = [];
  for (let seq = 1; seq <= messages; seq++) {
    for (let client = 0; client < clients; client++) {
      publishing.push(bus.publish('MessagesIn', sampleEnvelope(`cp${client}`, seq)));
    }
  }
  await Promise.all(publishing);
}

async function publishSlowly(bus: Bus, client: string, messages: number): Promise<void> {
  const publishing: Promise<void>[] = [];
  for (let seq = 1; seq <= messages; seq++) {
    publishing.push(bus.publish('MessagesIn', sampleEnvelope(client, seq)));
    await sleep(1);
  }
  await Promise.all(publishing);
}

function expectOrder(seen: readonly Envelope[]): void {
  const last = new Map<string, number>();
  for (const { client, seq = 0 } of seen) {
    expect(seq).toBe((last.get(client) ?? 0) + 1);
    last.set(client, seq);
  }
}

async function expectCode(promise: Promise<unknown>, code: BusError['code']): Promise<void> {
  await expect(promise).rejects.toMatchObject({ name: 'BusError', code });
}

function until(condition: () => boolean): Promise<void> {
  return untilAsync(async () => condition());
}

async function untilAsync(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${PATIENCE_MS} ms in vain`);
    await sleep(2);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
