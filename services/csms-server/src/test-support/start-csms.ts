import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import {
  type Bus,
  BusError,
  createIdSource,
  createMemoryBus,
  createMemoryParking,
  type DomainEvent,
  type Envelope,
  type Topic,
} from '@ocpp-csms/bus';
import { type AuthRecord, type Cache, createMemoryCache, digestPassword } from '@ocpp-csms/cache';
import { defaultSettings, type Settings } from '@ocpp-csms/config';
import type { OcppVersion } from '@ocpp-csms/ocpp';
import { createLog, createMetrics, systemClock } from '@ocpp-csms/runtime';
import { connectChargePoint, type TestChargePoint, type TestChargePointOptions, until } from '@ocpp-csms/testing';
import { type CsmsServer, createCsmsServer } from '../service.ts';

export const node = 'node-1';
export const password = 'sixteen-or-more!';

export interface TestCsms {
  csms: CsmsServer;
  bus: Bus;
  cache: Cache;
  port: number;
  url: string;
  /** What the session group saw of MessagesIn. */
  heard: Envelope[];
  /** What was on MessagesSent. */
  sent: Envelope[];
  events: DomainEvent[];
  logLines: { level: string; msg: string }[];
  settings: Settings;
  /** Decides on CALLs: what it returns is sent as the answer; undefined: nothing is. */
  decide: (envelope: Envelope) => unknown;
  /** Whether storing fails, how many messages of charge points the bus refuses, and how many were under way at most. */
  storing: { fails: boolean; refuses: number; underWay: number; mostUnderWay: number };
  register(record?: Partial<AuthRecord>): Promise<AuthRecord>;
  connect<V extends OcppVersion = 'ocpp1.6'>(options?: Partial<TestChargePointOptions<V>>): Promise<TestChargePoint<V>>;
  /** An upgrade request written by hand; resolves with what came back until the socket ended or `ms` passed. */
  raw(lines: string, ms?: number): Promise<string>;
  /** The next event of this kind after those seen by earlier calls. */
  event(name: string): Promise<DomainEvent>;
  send(envelope: Partial<Envelope> & { action: string; payload: unknown }): Promise<string>;
  stop(): Promise<void>;
}

export interface TestCsmsOptions {
  csmsServer?: Partial<Settings['csmsServer']>;
  auth?: Partial<Settings['auth']>;
  http?: Partial<Settings['http']>;
  bus?: Partial<Settings['bus']>;
  isComplete?: boolean;
  /** Instead of the memory of the process. Closed by whoever made it. */
  cache?: Cache;
  /** Sees the cache before csms-server does. */
  watchCache?: (cache: Cache) => void;
  /** Instead of time-ordered ids. */
  newId?: () => string;
}

let count = 0;

/** csms-server on a free port, with the bus and the cache of one process and consumers that take note. */
export async function startCsms(options: TestCsmsOptions = {}): Promise<TestCsms> {
  const settings = settingsOf(options);
  const cache = options.cache ?? createMemoryCache();
  await cache.auth.setComplete(options.isComplete ?? true);
  options.watchCache?.(cache);
  const inner = createMemoryBus({
    groups: { MessagesIn: ['session'], MessagesSent: ['message-manager'], Events: ['device-manager'] },
    parking: createMemoryParking(),
  });
  const storing = { fails: false, refuses: 0, underWay: 0, mostUnderWay: 0 };
  const bus = failing(inner, storing);
  const server = await listening();
  const { port } = server.address() as AddressInfo;
  const logLines: { level: string; msg: string }[] = [];
  const log = createLog({
    service: 'csms-server',
    settings: { level: 'debug', dir: '', pretty: 'never', maxFileMegabytes: 1, maxFiles: 1 },
    destination: { write: (line) => void logLines.push(JSON.parse(line)) },
  });
  const metrics = createMetrics({ defaults: false });
  const newId = options.newId ?? createIdSource();
  const csms = createCsmsServer({ settings, bus, cache, log, clock: systemClock, metrics, newId, server });
  const heard: Envelope[] = [];
  const sent: Envelope[] = [];
  const events: DomainEvent[] = [];
  let revision = 0;
  let seen = 0;

  const test: TestCsms = {
    csms,
    bus,
    cache,
    port,
    url: `ws://127.0.0.1:${port}/ocpp`,
    heard,
    sent,
    events,
    logLines,
    settings,
    decide: () => undefined,
    storing,
    async register(record = {}) {
      const full: AuthRecord = {
        networkId: 'CP001',
        chargePointId: `id-${++revision}`,
        tenant: 'default',
        enabled: true,
        securityProfile: 1,
        passwordDigests: [digestPassword(password)],
        registration: 'Accepted',
        heartbeatIntervalSeconds: 300,
        strict: false,
        noPing: false,
        revision,
        ...record,
      };
      await cache.auth.put(full);
      return full;
    },
    connect: (connectOptions = {}) =>
      connectChargePoint({
        url: test.url,
        networkId: 'CP001',
        protocol: 'ocpp1.6' as never,
        password,
        timeoutMs: 5000,
        ...connectOptions,
      }),
    raw: (lines, ms = 1000) => exchange(port, lines, ms),
    event: (name) =>
      until(`event ${name}`, () => {
        const index = events.findIndex(({ event }, at) => at >= seen && event === name);
        if (index < 0) return undefined;
        seen = index + 1;
        return events[index];
      }),
    async send({ action, payload, ...rest }) {
      const id = newId();
      await bus.send(node, {
        serverNode: node,
        client: 'CP001',
        messageTime: new Date().toISOString(),
        body: { direction: 2, msgId: `m${++count}`, messageType: action, messageBody: payload },
        id,
        origin: 'server',
        ...rest,
      });
      return id;
    },
    async stop() {
      await csms.stop();
      await inner.stop({ timeoutMs: 100 });
      server.closeAllConnections();
      server.close();
    },
  };
  await bus.consume('MessagesIn', 'session', async (batch) => {
    for (const envelope of batch) {
      heard.push(envelope);
      await answer(test, envelope);
    }
  });
  await bus.consume('MessagesSent', 'message-manager', async (batch) => void sent.push(...batch));
  await bus.consume('Events', 'device-manager', async (batch) => void events.push(...batch));
  await csms.start();
  return test;
}

async function answer({ decide, bus }: TestCsms, envelope: Envelope): Promise<void> {
  if (envelope.body.direction !== 2 || envelope.answer !== undefined) return;
  const payload = decide(envelope);
  if (payload !== undefined) await bus.send(envelope.serverNode, answerTo(envelope, payload));
}

/** What the owner of a decision sends. */
export function answerTo(call: Envelope, messageBody: unknown, direction: 3 | 4 = 3): Envelope {
  const { serverNode, client, connection, protocol, body } = call;
  return {
    serverNode,
    client,
    ...(connection === undefined ? {} : { connection }),
    ...(protocol === undefined ? {} : { protocol }),
    messageTime: new Date().toISOString(),
    body: { direction, msgId: body.msgId, messageType: body.messageType, messageBody },
    id: `answer-${++count}`,
    origin: 'server',
    answerTo: call.id,
  };
}

function settingsOf({ csmsServer, auth, http, bus }: TestCsmsOptions): Settings {
  const settings = defaultSettings();
  settings.node.name = node;
  Object.assign(settings.csmsServer, { drainSeconds: 1, ...csmsServer });
  Object.assign(settings.auth, { reconnectsPerMinute: 10_000, ...auth });
  Object.assign(settings.http, http);
  Object.assign(settings.bus, bus);
  return settings;
}

/** The real bus, whose durable topics can be made to fail as they do when a disk is full. */
function failing(bus: Bus, storing: TestCsms['storing']): Bus {
  const publish: Bus['publish'] = async <T extends Topic>(...args: Parameters<typeof bus.publish<T>>) => {
    if (storing.fails) throw new BusError('Deadline', 'MessagesIn: not handled in time by session');
    if (args[0] === 'MessagesIn' && storing.refuses-- > 0) throw new BusError('Refused', 'it can not be copied');
    storing.mostUnderWay = Math.max(storing.mostUnderWay, ++storing.underWay);
    return bus.publish<T>(...args).finally(() => storing.underWay--);
  };
  return new Proxy(bus, {
    get(target, name) {
      if (name === 'publish') return publish;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

async function listening(): Promise<Server> {
  const server = createServer((_request, response) => response.writeHead(404).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function exchange(port: number, lines: string, ms: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(lines));
    let text = '';
    const timer = setTimeout(() => socket.destroy(), ms);
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    socket.on('error', reject);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(text);
    });
  });
}

/** The lines of an upgrade request. */
export function upgradeLines(path: string, headers: Record<string, string> = {}): string {
  const all = {
    Host: 'localhost',
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Protocol': 'ocpp1.6',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}
