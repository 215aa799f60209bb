import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createIdSource, createMemoryBus, type TopicGroups } from '@ocpp-csms/bus';
import { createMemoryCache } from '@ocpp-csms/cache';
import type { Settings } from '@ocpp-csms/config';
import { createCsmsServer } from '@ocpp-csms/csms-server';
import { createDeviceManager } from '@ocpp-csms/device-manager';
import { createApiKeys, createHttp, type Http } from '@ocpp-csms/http';
import { createMessageManager } from '@ocpp-csms/message-manager';
import { createParkingStore } from '@ocpp-csms/parking';
import { type Clock, createMetrics, type Log, nodeName, systemClock } from '@ocpp-csms/runtime';
import { createSession } from '@ocpp-csms/session';
import { databaseOptions } from '@ocpp-csms/storage';
import { giveHints, hintsGroup } from './hints.ts';
import { version } from './version.ts';

export interface AllInOneOptions {
  settings: Settings;
  log: Log;
  clock?: Clock;
}

export interface AllInOne {
  /** Starts the consumers, then the listener: nothing is accepted before it can be kept. */
  start(): Promise<{ host: string; port: number }>;
  /** Drains: no new connections, what is in flight is finished, sockets are closed with 1001, databases are closed. */
  stop(): Promise<void>;
  /** Present when this start made it: to be shown once. */
  readonly createdAdminKey: string | undefined;
  readonly adminKeyFile: string;
  chargePointCount(): Promise<number>;
  readonly http: Http;
}

const groups: TopicGroups = {
  MessagesIn: ['message-manager', 'session', 'device-manager'],
  MessagesSent: ['message-manager', 'device-manager'],
  Events: ['device-manager', hintsGroup],
};

/** The four services in one process, with the in-process bus and SQLite files. */
export async function createAllInOne({ settings, log, clock = systemClock }: AllInOneOptions): Promise<AllInOne> {
  const directory = resolve(settings.data.dir);
  await mkdir(directory, { recursive: true });
  const newId = createIdSource();
  const node = nodeName(settings);
  const parking = createParkingStore(databaseOptions(settings, directory));
  const bus = createMemoryBus({
    groups,
    parking,
    maxInFlightBytes: settings.bus.maxInFlightMegabytes * 1024 * 1024,
    attempts: settings.bus.attemptsBeforeParking,
    deadlineMs: settings.bus.publishDeadlineSeconds * 1000,
    log: log.child({ part: 'bus' }),
  });
  const cache = createMemoryCache({ clock: () => clock.now().getTime() });
  const keys = await createApiKeys({ dataDir: directory, configured: settings.http.apiKeys });
  const metrics = createMetrics();
  const http = await createHttp({ settings, log: log.child({ part: 'http' }), version, keys, metrics });

  const common = { settings, bus, clock, newId, directory };
  const messageManager = await createMessageManager({ ...common, log: log.child({ part: 'message-manager' }) });
  const session = await createSession({ ...common, log: log.child({ part: 'session' }) });
  const deviceManager = await createDeviceManager({
    ...common,
    cache,
    nodeName: node,
    log: log.child({ part: 'device-manager' }),
  });
  const csmsServer = createCsmsServer({
    settings,
    bus,
    cache,
    clock,
    newId,
    server: http.server,
    log: log.child({ part: 'csms-server' }),
  });

  metrics.gauge('connections', 'Charge points that are connected to this node', () => csmsServer.connections());
  metrics.gauge(
    'bus_in_flight_messages',
    'Messages on the bus that are not yet handled',
    () => bus.inFlight().messages,
  );
  metrics.gauge(
    'bus_in_flight_bytes',
    'Size of the messages on the bus that are not yet handled',
    () => bus.inFlight().bytes,
  );

  const parts = {
    'message-manager': messageManager,
    session,
    'device-manager': deviceManager,
    'csms-server': csmsServer,
  };
  for (const [name, part] of Object.entries(parts)) http.addReadiness(name, () => rejectWhenWrong(part));
  http.app.register(messageManager.routes, { prefix: '/message-manager' });
  http.app.register(session.routes, { prefix: '/session' });
  http.app.register(deviceManager.routes, { prefix: '/device-manager' });

  let port = settings.http.port;
  return {
    http,
    createdAdminKey: keys.createdAdminKey,
    adminKeyFile: keys.adminKeyFile,
    chargePointCount: async () => deviceManager.chargePointCount(),
    async start() {
      await giveHints({
        bus,
        log,
        apiUrl: () => `http://localhost:${port}`,
        keyFile: join(settings.data.dir, 'admin.key'),
        now: () => clock.now().getTime(),
      });
      await messageManager.start();
      await session.start();
      await deviceManager.start();
      await csmsServer.start();
      const listening = await http.listen();
      port = listening.port;
      return listening;
    },
    async stop() {
      await csmsServer.stop();
      await http.close();
      await bus.stop({ timeoutMs: 5000 });
      for (const service of [deviceManager, session, messageManager]) await service.stop();
      await parking.close();
      await cache.close();
    },
  };
}

/** A service says in words what is wrong; the readiness check rejects with them. */
async function rejectWhenWrong(part: { readiness(): Promise<string | undefined> }): Promise<void> {
  const wrong = await part.readiness();
  if (wrong !== undefined) throw new Error(wrong);
}
