import { join } from 'node:path';
import type { Settings } from '@ocpp-csms/config';
import { createCsmsServer } from '@ocpp-csms/csms-server';
import { consoleFolder, openInfrastructure, type ServiceName } from '@ocpp-csms/daemon';
import { createDeviceManager } from '@ocpp-csms/device-manager';
import { createHttp, type DemoBeside, type Http } from '@ocpp-csms/http';
import { createMessageManager } from '@ocpp-csms/message-manager';
import { type Clock, type Log, type LogLevels, systemClock, version } from '@ocpp-csms/runtime';
import { createSession } from '@ocpp-csms/session';
import { giveHints, hintsGroup } from './hints.ts';

const busStopMs = 5000;

export interface AllInOneOptions {
  settings: Settings;
  log: Log;
  /** What `/log-levels` changes. */
  levels?: LogLevels;
  /** What `/demo` starts. */
  demo?: DemoBeside;
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

/** The four services in one process: by default with the in-process bus and SQLite files. */
export async function createAllInOne({
  settings,
  log,
  levels,
  demo,
  clock = systemClock,
}: AllInOneOptions): Promise<AllInOne> {
  // On a broker a group would be there for good, and hold what nobody reads once this shape is left.
  const hasHints = settings.bus.driver === 'memory';
  const moreEventGroups = hasHints ? [hintsGroup] : [];
  const infrastructure = await openInfrastructure({ service: 'all', settings, log, clock, moreEventGroups });
  const { bus, keys, metrics } = infrastructure;
  const http = await createHttp({
    settings,
    log: log.child({ part: 'http' }),
    version,
    keys,
    metrics,
    clock,
    changesFile: join(settings.data.dir, 'changes', 'ocpp-csms.jsonl'),
    ...(settings.http.console ? { consoleFolder } : {}),
    ...(levels === undefined ? {} : { levels }),
    ...(demo === undefined ? {} : { demo }),
  });
  const partsOf = (part: ServiceName) => ({ ...infrastructure, log: log.child({ part }) });
  const messageManager = await createMessageManager(partsOf('message-manager'));
  const session = await createSession(partsOf('session'));
  const deviceManager = await createDeviceManager(partsOf('device-manager'));
  const csmsServer = createCsmsServer({ ...partsOf('csms-server'), server: http.server });

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
      if (hasHints) {
        await giveHints({
          bus,
          log,
          apiUrl: () => `http://localhost:${port}`,
          keyFile: join(settings.data.dir, 'admin.key'),
          now: () => clock.now().getTime(),
        });
      }
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
      // What is on the bus is handled before those who handle it end.
      await bus.stop({ timeoutMs: busStopMs });
      for (const service of [deviceManager, session, messageManager]) await service.stop();
      await infrastructure.close();
    },
  };
}

/** A service says in words what is wrong; the readiness check rejects with them. */
async function rejectWhenWrong(part: { readiness(): Promise<string | undefined> }): Promise<void> {
  const wrong = await part.readiness();
  if (wrong !== undefined) throw new Error(wrong);
}
