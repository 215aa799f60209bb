import { readFile } from 'node:fs/promises';
import { type Bus, createMemoryBus, type Envelope } from '@ocpp-csms/bus';
import { defaultSettings, type Settings } from '@ocpp-csms/config';
import { createApiKeys, createHttp, type Http } from '@ocpp-csms/http';
import { type Clock, createLog, type Log } from '@ocpp-csms/runtime';
import { createTestPlace, type TestPlace } from '@ocpp-csms/storage/test-support';
import { onTestFinished } from 'vitest';
import type { LoggedMessage } from '../message.ts';
import { createMessageManager, type MessageManager } from '../service.ts';
import { parkingInMemory } from './parking.ts';

export interface TestSystem {
  bus: Bus;
  http: Http;
  manager: MessageManager;
  /** Where its log is. */
  place: TestPlace;
  log: Log;
  clock: Clock & { set(time: string): void };
  key: string;
  /** Of the REST server, which listens from the first call on. */
  port(): Promise<number>;
  /** GET under `/message-manager`. */
  get<Body>(path: string): Promise<{ status: number; body: Body }>;
  call(method: 'POST' | 'DELETE', path: string): Promise<{ status: number; body: unknown }>;
  list(query: string): Promise<ListBody>;
  /** Publishes on MessagesIn or, from us, on MessagesSent. */
  say(...envelopes: Envelope[]): Promise<void>;
}

export interface ListBody {
  items: LoggedMessage[];
  nextCursor?: string;
  scannedTo?: string;
}

export interface TestSystemOptions {
  retentionDays?: number;
  maxMegabytes?: number;
  /** Of an earlier test system, to start again over its data. */
  place?: TestPlace;
  /** Changes the settings before the start. */
  configure?(settings: Settings): void;
}

/** message-manager alone over a real database of the engine that is tested, with the in-process bus and the REST server. */
export async function startSystem(options: TestSystemOptions = {}): Promise<TestSystem> {
  const place = options.place ?? (await newPlace());
  const { directory } = place;
  const settings = defaultSettings();
  Object.assign(settings, place.settings);
  settings.http.port = 0;
  settings.http.host = '127.0.0.1';
  settings.http.requestsPerMinute = 1_000_000;
  settings.messageManager.retentionDays = options.retentionDays ?? 0;
  settings.messageManager.maxMegabytes = options.maxMegabytes ?? 0;
  settings.log = { ...settings.log, level: 'silent', dir: '', pretty: 'never' };
  options.configure?.(settings);
  const log = createLog({ service: 'test', settings: settings.log });
  const clock = settableClock();
  const bus = createMemoryBus({
    groups: { MessagesIn: ['message-manager', 'other'], MessagesSent: ['message-manager'], Events: [] },
    parking: parkingInMemory(),
    maxInFlightBytes: 256 * 1024 * 1024,
    attempts: 2,
    deadlineMs: 10_000,
    log,
  });
  const other = await bus.consume('MessagesIn', 'other', async (batch) => {
    if (batch.some(({ client }) => client === 'refused-by-other')) throw new Error('other cannot read this');
  });
  const manager = await createMessageManager({ settings, bus, log, clock, directory });
  const keys = await createApiKeys({ dataDir: directory, configured: [], log });
  const key = (await readFile(keys.adminKeyFile, 'utf8')).trim();
  const http = await createHttp({ settings, log, version: '0.0.0', keys });
  http.app.register(manager.routes, { prefix: '/message-manager' });
  await manager.start();
  await http.app.ready();
  let listening: Promise<{ port: number }> | undefined;
  onTestFinished(async () => {
    await http.close();
    await bus.stop({ timeoutMs: 1000 });
    await other.close();
    await manager.stop();
  });

  const request = async (method: 'GET' | 'POST' | 'DELETE', path: string) => {
    const headers = { authorization: `Bearer ${key}` };
    const response = await http.app.inject({ method, url: `/message-manager${path}`, headers });
    return {
      status: response.statusCode,
      body: response.body === '' ? undefined : (JSON.parse(response.body) as never),
    };
  };
  const get = async <Body>(path: string) => (await request('GET', path)) as { status: number; body: Body };
  return {
    bus,
    http,
    manager,
    place,
    log,
    clock,
    key,
    port: () => {
      listening ??= http.listen();
      return listening.then(({ port }) => port);
    },
    get,
    call: request,
    list: async (query) => (await get<ListBody>(`/messages?${query}`)).body,
    say: async (...envelopes) => {
      await Promise.all(
        envelopes.map((envelope) =>
          bus.publish(envelope.origin === 'client' ? 'MessagesIn' : 'MessagesSent', envelope),
        ),
      );
    },
  };
}

async function newPlace(): Promise<TestPlace> {
  const place = await createTestPlace();
  onTestFinished(() => place.remove());
  return place;
}

function settableClock() {
  let now = new Date('2026-01-02T03:04:05.000Z');
  return {
    now: () => now,
    set: (time: string) => {
      now = new Date(time);
    },
  };
}
