import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Bus,
  BusError,
  createIdSource,
  createMemoryBus,
  createMemoryParking,
  type DomainEvent,
  type Envelope,
} from '@ocpp-csms/bus';
import { type Cache, createMemoryCache } from '@ocpp-csms/cache';
import { defaultSettings, type Settings } from '@ocpp-csms/config';
import { createApiKeys, createHttp } from '@ocpp-csms/http';
import { type OcppVersion, redact } from '@ocpp-csms/ocpp';
import { createLog, createMetrics } from '@ocpp-csms/runtime';
import { type Database, openDatabase } from '@ocpp-csms/storage';
import { createTestPlace, emptyTables, textOfTables } from '@ocpp-csms/storage/test-support';
import { afterAll, onTestFinished } from 'vitest';
import { createDeviceManager } from '../device-manager.ts';
import { migrations } from '../migrations/index.ts';
import type { DeviceSchema } from '../schema.ts';

const node = 'csms-1';
const instance = 'dm-1';

/** How the charge point, or csms-server for it, takes a CALL. */
export type Reaction =
  | { response: object }
  | { error: { code: string; description: string } }
  /** Written to the socket, and no answer. */
  | 'silence'
  /** Taken by csms-server, and nothing is heard of it any more. */
  | 'nothing'
  | { refuse: string }
  | { drop: string };

export type OnCall = (call: { action: string; payload: Record<string, unknown>; envelope: Envelope }) => Reaction;

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface RestAnswer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the API answers
  body: any;
  headers: Record<string, unknown>;
  text: string;
}

export interface TestOptions {
  /** A second instance on the same database, bus and cache: `test.other`. Only on PostgreSQL. */
  two?: boolean;
  settings?: {
    deviceManager?: Partial<Settings['deviceManager']>;
    csmsServer?: Partial<Settings['csmsServer']>;
    auth?: Partial<Settings['auth']>;
  };
}

/**
 * For the top of a test file: gives each test a device-manager of its own, as far as it can tell. Tests with the same
 * options share one that is emptied in between, because starting one takes longer than most tests.
 */
export function testDeviceManagers(): (options?: TestOptions) => Promise<TestDeviceManager> {
  const started = new Map<string, ReturnType<typeof startShared>>();
  afterAll(async () => {
    for (const shared of started.values()) await (await shared).stop();
  });
  return async (options = {}) => {
    const key = JSON.stringify(options);
    const starting = started.get(key) ?? startShared(options);
    started.set(key, starting);
    const { test, reset } = await starting;
    onTestFinished(reset);
    return test;
  };
}

/** What no test may forget: revisions rise, and the schema is there. */
const kept = ['counter', 'migration'];

/** device-manager over a memory bus, a memory cache and a real database, with a csms-server that answers as it is told. */
async function startShared({ settings: some = {}, two = false }: TestOptions) {
  const place = await createTestPlace();
  const { directory } = place;
  const settings = { ...defaultSettings(), ...place.settings };
  Object.assign(settings.deviceManager, { commandTimeoutSeconds: 1 }, some.deviceManager);
  Object.assign(settings.csmsServer, some.csmsServer);
  Object.assign(settings.auth, some.auth);
  settings.log = { ...settings.log, dir: '', level: 'silent' };
  const log = createLog({ service: 'test', settings: settings.log });
  const newId = createIdSource();
  let ahead = 0;
  const clock = { now: () => new Date(Date.now() + ahead) };
  const bus: Bus = createMemoryBus({
    groups: { MessagesIn: ['device-manager'], MessagesSent: ['device-manager'], Events: ['device-manager', 'test'] },
    parking: createMemoryParking(),
  });
  const cache: Cache = createMemoryCache({ clock: () => clock.now().getTime() });
  const events: DomainEvent[] = [];
  const sent: Envelope[] = [];
  const reactions = new Map<string, OnCall>();
  await bus.consume('Events', 'test', async (batch) => void events.push(...batch));
  await bus.receive(node, takeCall);

  /** What csms-server does with a CALL. */
  async function takeCall(envelope: Envelope): Promise<void> {
    const { body, client } = envelope;
    const reaction = reactions.get(client)?.({
      action: body.messageType,
      payload: body.messageBody as Record<string, unknown>,
      envelope,
    });
    if (typeof reaction === 'object' && 'refuse' in reaction) throw new BusError('Refused', reaction.refuse);
    sent.push(envelope);
    if (reaction === undefined || reaction === 'nothing') return;
    // A test may end before the charge point has answered.
    setImmediate(() => void react(envelope, reaction).catch(() => undefined));
  }

  async function react(call: Envelope, reaction: Reaction): Promise<void> {
    const written = {
      ...call,
      body: { ...call.body, messageBody: redact(call.body.messageType, call.body.messageBody) },
    };
    if (typeof reaction === 'object' && 'drop' in reaction)
      return bus.publish('MessagesSent', { ...written, dropped: reaction.drop });
    await bus.publish('MessagesSent', { ...written, messageTime: clock.now().toISOString() });
    if (typeof reaction === 'object') await answer(call, reaction);
  }

  /** The charge point answers a CALL: to everybody, and to the one who asked. */
  async function answer(call: Envelope, reaction: Exclude<Reaction, string>): Promise<void> {
    const { replyTo, ...rest } = call;
    const isError = 'error' in reaction;
    const messageBody = isError
      ? { errorCode: reaction.error.code, errorDescription: reaction.error.description, errorDetails: {} }
      : 'response' in reaction
        ? reaction.response
        : {};
    const envelope: Envelope = {
      ...rest,
      id: newId(),
      origin: 'client',
      messageTime: clock.now().toISOString(),
      body: { ...call.body, direction: isError ? 4 : 3, messageBody },
      answerTo: call.id,
      request: redact(call.body.messageType, call.body.messageBody),
    };
    await Promise.all([
      bus.publish('MessagesIn', envelope),
      replyTo ? bus.send(replyTo, envelope).catch(() => undefined) : undefined,
    ]);
  }

  async function run(nodeName = instance) {
    const manager = await createDeviceManager({
      settings,
      bus,
      cache,
      log,
      clock,
      metrics: createMetrics({ defaults: false }),
      newId,
      directory,
      nodeName,
      tickMs: 200,
    });
    const keys = await createApiKeys({ dataDir: directory, configured: [] });
    const http = await createHttp({ settings, log, version: '0', keys });
    http.app.register(manager.routes, { prefix: '/device-manager' });
    await manager.start();
    await http.app.ready();
    const key = (await readFile(join(directory, 'admin.key'), 'utf8')).trim();
    const stop = async () => {
      await http.close();
      await manager.stop();
    };
    return { manager, app: http.app, key, stop };
  }

  async function ask(
    { app, key }: Awaited<ReturnType<typeof run>>,
    method: Method,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<RestAnswer> {
    const reply = await app.inject({
      method,
      url: `/device-manager${path}`,
      headers: { authorization: `Bearer ${key}`, ...headers },
      ...(body === undefined ? {} : { payload: body }),
    });
    const isJson = String(reply.headers['content-type'] ?? '').includes('json');
    return {
      status: reply.statusCode,
      body: isJson ? JSON.parse(reply.body) : undefined,
      headers: reply.headers,
      text: reply.body,
    };
  }

  let running = await run();
  let second = two ? await run('dm-2') : undefined;
  let beside: Promise<Database<DeviceSchema>> | undefined;

  /** Forgets what the test before did. Its charge points are deleted as an operator would, and so leave the cache too. */
  async function reset(): Promise<void> {
    reactions.clear();
    ahead = 0;
    for (const { networkId, node: held, epoch } of await cache.connections.list())
      await cache.connections.release(networkId, held, epoch);
    for (const networkId of await cache.auth.networkIds()) {
      const { status } = await test.rest('DELETE', `/charge-points/${encodeURIComponent(networkId)}`);
      if (status === 404) await cache.auth.delete(networkId);
    }
    await test.withDatabase((database) => emptyTables(database, kept));
    for (const list of [events, sent]) list.length = 0;
  }

  async function stop(): Promise<void> {
    await running.stop();
    await second?.stop();
    await (await beside)?.close();
    await bus.stop({ timeoutMs: 1000 });
    await place.remove();
  }

  const test = {
    bus,
    cache,
    place,
    events,
    /** CALLs that csms-server took. */
    sent,
    settings,
    newId,
    answer,
    get manager() {
      return running.manager;
    },

    rest: (method: Method, path: string, body?: object, headers?: Record<string, string>) =>
      ask(running, method, path, body, headers),

    /** As `rest`, of the second instance. */
    restOfOther: (method: Method, path: string, body?: object, headers?: Record<string, string>) =>
      ask(second ?? running, method, path, body, headers),

    async stopOther() {
      await second?.stop();
      second = undefined;
    },

    async startOther() {
      second ??= await run('dm-2');
    },

    openApi: async () => (await running.app.inject('/openapi.json')).json() as { paths: Record<string, object> },

    async create(networkId: string, more: object = {}) {
      const { status, body, text } = await test.rest('POST', '/charge-points', { networkId, ...more });
      if (status !== 201) throw new Error(text);
      return body as { chargePointId: string; networkId: string; password?: string };
    },

    /** The charge point connects, and takes CALLs as `onCall` says. */
    async connect(
      networkId: string,
      protocol: OcppVersion = 'ocpp1.6',
      onCall: OnCall = () => ({ response: { status: 'Accepted' } }),
    ) {
      reactions.set(networkId, onCall);
      const { entry } = await cache.connections.claim({
        networkId,
        node,
        protocol,
        leaseMs: 10_000_000,
        remoteAddress: '10.0.0.1',
      });
      await test.event(networkId, 'ChargePointConnected', {
        connection: entry.epoch,
        protocol,
        remoteAddress: '10.0.0.1',
        takeover: false,
      });
      return entry;
    },

    async disconnect(networkId: string) {
      const entry = await cache.connections.get(networkId);
      if (entry) await cache.connections.release(networkId, entry.node, entry.epoch);
      await test.event(networkId, 'ChargePointDisconnected', { connection: entry?.epoch, code: 1006, reason: '' });
    },

    event: (client: string, event: string, data: Record<string, unknown>) =>
      bus.publish('Events', {
        id: newId(),
        serverNode: node,
        client,
        messageTime: clock.now().toISOString(),
        event,
        data,
      }),

    refused: (networkId: string, data: Record<string, unknown> = {}) =>
      test.event(networkId, 'ConnectionRefused', {
        status: 404,
        reason: 'unknown-charge-point',
        words: 'There is no charge point of this name',
        remoteAddress: '10.0.0.9',
        path: `/ocpp/${networkId}`,
        subprotocols: ['ocpp1.6'],
        credentials: 'none',
        count: 1,
        ...data,
      }),

    /** The charge point says something that csms-server has answered. */
    async tell(networkId: string, action: string, payload: object, more: Partial<Envelope> = {}): Promise<Envelope> {
      const id = newId();
      const envelope: Envelope = {
        serverNode: node,
        client: networkId,
        messageTime: clock.now().toISOString(),
        body: { direction: 2, msgId: `m-${id}`, messageType: action, messageBody: structuredClone(payload) },
        id,
        origin: 'client',
        connection: 1,
        protocol: 'ocpp1.6',
        ...more,
      };
      await bus.publish('MessagesIn', envelope);
      return envelope;
    },

    boot(networkId: string, payload: object = {}, more: Partial<Envelope> = {}) {
      const messageBody = { status: 'Accepted', currentTime: clock.now().toISOString(), interval: 300 };
      const request = { chargePointVendor: 'Vendor', chargePointModel: 'Model', firmwareVersion: '1.0', ...payload };
      return test.tell(networkId, 'BootNotification', request, {
        answer: { direction: 3, messageTime: clock.now().toISOString(), messageBody },
        ...more,
      });
    },

    command(networkId: string, action: string, payload: object = {}, query = '', headers: Record<string, string> = {}) {
      return test.rest('POST', `/charge-points/${networkId}/commands/${action}${query}`, payload, headers);
    },

    pass(ms: number) {
      ahead += ms;
    },

    async restart(whileDown?: () => Promise<void>) {
      await running.stop();
      await whileDown?.();
      running = await run();
    },

    /** Reads, or breaks, the database while the service is down or beside it. */
    async withDatabase<Result>(
      work: (database: Awaited<ReturnType<typeof openDatabase<DeviceSchema>>>) => Promise<Result>,
    ): Promise<Result> {
      beside ??= openDatabase<DeviceSchema>({ name: 'device-manager', ...place.options, migrations });
      return work(await beside);
    },

    /** Everything in the database, as text: to look for what must not be there. */
    databaseText: async () => {
      if (place.settings.storage.driver === 'postgresql') return test.withDatabase(textOfTables);
      const files = await Promise.all(
        ['device-manager.sqlite', 'device-manager.sqlite-wal'].map((name) =>
          readFile(join(directory, name)).catch(() => Buffer.alloc(0)),
        ),
      );
      return Buffer.concat(files).toString('latin1');
    },
  };
  return { test, reset, stop };
}

export type TestDeviceManager = Awaited<ReturnType<typeof startShared>>['test'];

/** Waits until `check` gives something; fails after two seconds. */
export async function eventually<Result>(check: () => Promise<Result | undefined | false>): Promise<Result> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const result = await check();
    if (result) return result;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('It did not happen');
}
