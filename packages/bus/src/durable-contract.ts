import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BrokerBusOptions } from './broker/broker-bus.ts';
import type { BusError, ConnectedBus } from './bus.ts';
import { sampleEnvelope } from './contract.ts';
import { type BusDriver, createBus } from './create-bus.ts';
import { sleep } from './delivery/waiting.ts';
import { createMemoryParking } from './memory/memory-parking.ts';
import { ConsumerProcess } from './test-support/consumer-process.ts';
import { type Handling, machineClock, type ProcessOptions } from './test-support/process-messages.ts';

/** A server of the test's own. */
export interface ServerUnderTest {
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Again, with what it kept on its disk. */
  start(): Promise<void>;
  /** Ends it and deletes its files. */
  remove(): Promise<void>;
}

export interface DurableBusUnderTest<Server extends ServerUnderTest> {
  startServer(): Promise<Server>;
  /** How to get at it. Nothing that was published under another `name` may be seen. `node` is the process that uses it. */
  driver(server: Server, names: { name: string; node: string }): BusDriver;
  /** Milliseconds without a sign of life after which a consumer is replaced, where the driver can be told. */
  leaseMs?: number;
  /** The longest that it may take until the messages of a process that was killed or paused are with another one. */
  takeOverMs?: number;
  /**
   * Whether a process that was paused begins nothing on wake that another one has already. `false` where the broker
   * itself gives partitions away and does not say so in time.
   */
  noticesPause?: boolean;
}

const GROUPS = { MessagesIn: ['log'], MessagesSent: ['log'], Events: ['log'] };
const PARTITIONS = 8;
/** Of the broker's absence: 30 s in the long form, `BUS_OUTAGE_SECONDS=30`. */
const OUTAGE_MS = Number(process.env.BUS_OUTAGE_SECONDS ?? 5) * 1000;
const MAX_UNACKNOWLEDGED = 40;

/** What drivers promise that outlive a process: kill -9, pauses, restarts and outages of the server. Real processes, real server. */
export function describeDurableContract<Server extends ServerUnderTest>(
  driverName: string,
  { startServer, driver, leaseMs = 3000, takeOverMs = 15_000, noticesPause = true }: DurableBusUnderTest<Server>,
): void {
  describe(`${driverName}: what outlives a process`, { timeout: 60_000 + OUTAGE_MS }, () => {
    let server: Server;
    let count = 0;
    let name = '';
    const processes: ConsumerProcess[] = [];
    const buses: ConnectedBus[] = [];
    const lines: string[] = [];

    beforeAll(async () => {
      server = await startServer();
    });
    afterAll(() => server.remove());
    afterEach(async () => {
      await Promise.all(processes.splice(0).map((consumer) => consumer.kill()));
      await Promise.all(buses.splice(0).map((bus) => bus.stop({ timeoutMs: 200 })));
    });

    function fresh(): void {
      name = `durable${++count}`;
      lines.length = 0;
    }

    async function start(node: string, options: Partial<ProcessOptions> = {}): Promise<ConsumerProcess> {
      const consumer = await ConsumerProcess.start({
        driver: driver(server, { name, node }),
        node,
        partitions: PARTITIONS,
        groups: GROUPS,
        leaseMs,
        batchSize: 10,
        maxUnacknowledged: MAX_UNACKNOWLEDGED,
        delayMs: 2,
        ...options,
      });
      processes.push(consumer);
      return consumer;
    }

    async function open(options: Partial<BrokerBusOptions> = {}): Promise<ConnectedBus> {
      const node = options.node ?? 'publisher';
      const log = { warn: note, error: note };
      const bus = await createBus(driver(server, { name, node }), {
        groups: GROUPS,
        parking: createMemoryParking(),
        node,
        partitions: PARTITIONS,
        leaseMs,
        maxUnacknowledged: MAX_UNACKNOWLEDGED,
        deadlineMs: OUTAGE_MS + 30_000,
        log,
        ...options,
      });
      buses.push(bus);
      return bus;
    }

    function note(_: object, line: string): void {
      lines.push(line);
    }

    it('redelivers, in order, what a consumer had when it was killed (kill -9)', async () => {
      fresh();
      const victim = await start('victim', { hangAfter: 60 });
      const bus = await open();
      await publishAll(bus, 10, 30);
      await until('the victim has some', () => victim.begun.length > 60);
      await victim.kill();
      const killedAt = machineClock();
      const heir = await start('heir');
      await until('the heir has what the victim did not end', () => missing([victim, heir], 10, 30) === 0, takeOverMs);
      expect(Math.min(...heir.begun.map(({ begunAt }) => begunAt)) - killedAt).toBeLessThan(takeOverMs);
      expectOrder([victim, heir], 10, 30);
      // Nothing that was not ended counts as ended.
      for (const { id } of victim.begun) {
        const isEnded = victim.handled.some((handling) => handling.id === id);
        expect(isEnded || heir.handled.some((handling) => handling.id === id)).toBe(true);
      }
    });

    it('shares a group out among two processes, in order, also while they come and go', async () => {
      fresh();
      const one = await start('one');
      const bus = await open();
      const starting = start('other');
      let other: ConsumerProcess | undefined;
      starting.then(
        (started) => {
          other = started;
        },
        () => {},
      );
      const publishing: Promise<void>[] = [];
      // Until both work: how long it takes to start a process depends on what it loads.
      for (let from = performance.now(); performance.now() - from < 20_000; await sleep(15)) {
        if (publishing.length >= 60 && one.handled.length > 50 && (other?.handled.length ?? 0) > 50) break;
        publishing.push(publishAll(bus, 20, 1, publishing.length));
      }
      await Promise.all(publishing);
      const rounds = publishing.length;
      const second = await starting;
      expect(second.handled.length).toBeGreaterThan(50);
      await second.stop();
      await publishAll(bus, 20, 10, rounds);
      await until('all is handled', () => missing([one, second], 20, rounds + 10) === 0);
      expectOrder([one, second], 20, rounds + 10);
      expectNeverTwice([one, second]);
    });

    it('parks a poisonous message in one process and drives it again from another', async () => {
      fresh();
      const poison = sampleEnvelope('cp1', 2).id;
      const consumer = await start('consumer', { poison });
      const parking = createMemoryParking();
      const bus = await open({ parking });
      await publishAll(bus, 3, 3);
      await until('it is parked', () => consumer.parked.length === 1);
      await until('the others go on', () => consumer.handled.length === 8);
      const [message] = consumer.parked;
      if (!message) throw new Error('nothing was parked');
      expect(message).toMatchObject({ id: poison, group: 'log', client: 'cp1', attempts: 3, reason: 'poison' });
      // Both have one store in reality.
      await parking.add(message);
      await expect(bus.parked.drive('log', poison)).rejects.toThrow('poison');
      expect(await bus.parked.count()).toBe(1);
      consumer.cure();
      await bus.parked.drive('log', poison);
      expect(await bus.parked.count()).toBe(0);
      await until('it is handled', () => consumer.handled.some(({ id }) => id === poison));
    });

    it('gives a consumer that hangs no more than it may have, and loses nothing', async () => {
      fresh();
      const bus = await open();
      await publishAll(bus, 50, 40);
      const slow = await open({ node: 'slow', batchSize: 5 });
      await slow.consume('MessagesIn', 'log', () => new Promise(() => {}));
      await until('it has what it may have', () => slow.inFlight().messages > MAX_UNACKNOWLEDGED);
      await sleep(300);
      expect(slow.inFlight().messages).toBeLessThanOrEqual(PARTITIONS * MAX_UNACKNOWLEDGED);
      await slow.stop({ timeoutMs: 100 });
      const heir = await start('heir');
      await until('all is handled', () => missing([heir], 50, 40) === 0, takeOverMs + 10_000);
      expectOrder([heir], 50, 40);
    });

    it('loses nothing and keeps the order when the server is killed and comes back', async () => {
      fresh();
      const consumer = await start('consumer');
      const bus = await open();
      const publishing = publishSlowly(bus, 10, 100, 10);
      await until('it runs', () => consumer.handled.length > 100);
      await server.stop('SIGKILL');
      await server.start();
      await publishing;
      await until('all is handled', () => missing([consumer], 10, 100) === 0);
      expectOrder([consumer], 10, 100);
    });

    it(`sits out ${OUTAGE_MS / 1000} s without the server: bounded, honest about it, and nothing lost`, async () => {
      fresh();
      const consumer = await start('consumer');
      const bus = await open({ maxInFlightMessages: 200 });
      await publishAll(bus, 10, 5);
      await until('it runs', () => consumer.handled.length === 50);
      await server.stop('SIGTERM');
      await until('it is noticed', () => !bus.health().connected);
      expect(bus.health().reason).toBeTruthy();
      const publishing = publishAll(bus, 10, 15, 5);
      await expectCode(bus.publish('MessagesIn', sampleEnvelope('late', 1), { deadlineMs: 200 }), 'Deadline');
      const flood = Array.from({ length: 100 }, (_, seq) =>
        bus
          .publish('MessagesIn', sampleEnvelope('flood', seq), { deadlineMs: 500 })
          .catch((error: BusError) => error.code),
      );
      expect(new Set(await Promise.all(flood))).toEqual(new Set(['Full', 'Deadline']));
      await sleep(OUTAGE_MS);
      await server.start();
      await publishing;
      await until('all is handled', () => missing([consumer], 10, 20) === 0);
      expectOrder([consumer], 10, 20);
      expect(bus.health().connected).toBe(true);
      await until('questions are answered again', async () => {
        await expectCode(bus.request('nobody', {}, { timeoutMs: 1000 }), 'NobodyThere');
        return true;
      });
      expect(lines.filter((line) => line.includes('is away'))).toHaveLength(1);
      expect(lines.filter((line) => line.includes('is back'))).toHaveLength(1);
    });

    it.runIf(noticesPause)(
      'replaces a process that is paused; on wake it begins nothing that is no longer its own',
      async () => {
        fresh();
        const paused = await start('paused', { delayMs: 20 });
        const heir = await start('heir');
        const bus = await open();
        await publishAll(bus, 20, 60);
        await until('both work', () => paused.handled.length > 40 && heir.handled.length > 40);
        // With a batch in its handler and more behind it, which the heir gets meanwhile.
        paused.pause();
        const pausedAt = machineClock();
        await until('the heir has all', () => missing([paused, heir], 20, 60) === 0, takeOverMs);
        paused.resume();
        const wokenAt = machineClock();
        await publishAll(bus, 20, 20, 60);
        await until('all is handled', () => missing([paused, heir], 20, 80) === 0);
        expectOrder([paused, heir], 20, 80);
        const before = new Set(heir.begun.filter(({ begunAt }) => begunAt < wokenAt).map(({ id }) => id));
        expect(paused.begun.filter(({ id, begunAt }) => begunAt > pausedAt && before.has(id))).toEqual([]);
      },
    );
  });
}

/** Rounds: one message of each client, then the next of each. */
async function publishAll(bus: ConnectedBus, clients: number, messages: number, from = 0): Promise<void> {
  await publishSlowly(bus, clients, messages, 0, from);
}

async function publishSlowly(
  bus: ConnectedBus,
  clients: number,
  messages: number,
  pauseMs: number,
  from = 0,
): Promise<void> {
  const publishing: Promise<void>[] = [];
  for (let seq = from + 1; seq <= from + messages; seq++) {
    for (let client = 0; client < clients; client++) {
      publishing.push(bus.publish('MessagesIn', sampleEnvelope(`cp${client}`, seq)));
    }
    if (pauseMs > 0) await sleep(pauseMs);
  }
  await Promise.all(publishing);
}

/** How many messages nobody has handled. */
function missing(consumers: readonly ConsumerProcess[], clients: number, messages: number): number {
  const ids = new Set(consumers.flatMap(({ handled }) => handled).map(({ id }) => id));
  return clients * messages - ids.size;
}

/** Leaving repetitions out, each client's messages began in order, in whichever process. */
function expectOrder(consumers: readonly ConsumerProcess[], clients: number, messages: number): void {
  const begun = consumers.flatMap((consumer) => consumer.begun).sort((one, other) => one.begunAt - other.begunAt);
  const last = new Map<string, number>();
  const wrong: Handling[] = [];
  for (const handling of begun) {
    const expected = (last.get(handling.client) ?? 0) + 1;
    if (handling.seq > expected) wrong.push(handling);
    if (handling.seq === expected) last.set(handling.client, expected);
  }
  expect(wrong).toEqual([]);
  expect([...last.values()]).toEqual(new Array(clients).fill(messages));
}

/** Where nobody was killed or cut off, nothing is handled twice. */
function expectNeverTwice(consumers: readonly ConsumerProcess[]): void {
  const ids = consumers.flatMap(({ begun }) => begun).map(({ id }) => id);
  expect(ids.length - new Set(ids).size).toBe(0);
}

async function expectCode(promise: Promise<unknown>, code: BusError['code']): Promise<void> {
  await expect(promise).rejects.toMatchObject({ name: 'BusError', code });
}

async function until(what: string, condition: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await sleep(10);
  }
}
