import { randomBytes } from 'node:crypto';
import type { Bus, Subscription } from '@ocpp-csms/bus';
import type { Cache } from '@ocpp-csms/cache';
import { consumeCalls } from '@ocpp-csms/calls';
import type { Settings } from '@ocpp-csms/config';
import type { App } from '@ocpp-csms/http';
import type { Clock, Log } from '@ocpp-csms/runtime';
import { openDatabase } from '@ocpp-csms/storage';
import { registerRoutes } from './api.ts';
import { createFlapGuard } from './availability/flap-guard.ts';
import { createCommands } from './commands/commands.ts';
import { commandActions, completionHandlers, createCompletion } from './commands/complete-command.ts';
import { createOfflineQueue } from './commands/offline-queue.ts';
import { noteSentCommands } from './commands/sent-messages.ts';
import { noteUnansweredCalls } from './commands/unanswered-calls.ts';
import { createWaiters } from './commands/waiters.ts';
import type { Signals } from './context.ts';
import { effects, handlers } from './handlers.ts';
import { createHousekeeping } from './housekeeping.ts';
import { migrations } from './migrations/index.ts';
import { createConfigurationReader } from './provisioning/read-configuration.ts';
import { createAuthMirror } from './registry/auth-mirror.ts';
import { connectionEvents, noteConnections } from './registry/connection-events.ts';
import type { RandomBytes } from './registry/credentials.ts';
import { createLastSeen } from './registry/last-seen.ts';
import type { DeviceSchema } from './schema.ts';
import { serveSubjects } from './serve.ts';
import { createTemplateJobs } from './templates/template-jobs.ts';
import { createTimers } from './timers.ts';
import { createTransact, publishEvent } from './transact.ts';

export interface DeviceManagerOptions {
  settings: Settings;
  bus: Bus;
  cache: Cache;
  log: Log;
  clock: Clock;
  newId: () => string;
  /** Folder of the database file. */
  directory: string;
  /** Names this instance on the bus. */
  nodeName: string;
  /** For salts and passwords. */
  random?: RandomBytes;
}

export interface DeviceManager {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** To be mounted below `/device-manager`. */
  routes: (app: App) => Promise<void>;
  /** Rejects with the reason when nothing can be stored or the cache is away. */
  readiness(): Promise<void>;
  chargePointCount(): Promise<number>;
}

const group = 'device-manager';
const tickMs = 2000;
const flushSeenMs = 5000;
const housekeepingMs = 600_000;
const stopMs = 3000;

/** The charge points: who they are, how they are, and what they are told. */
export async function createDeviceManager(options: DeviceManagerOptions): Promise<DeviceManager> {
  const { settings, bus, cache, log, clock, newId, directory, nodeName, random = randomBytes } = options;
  const { deviceManager, csmsServer, storage } = settings;
  const database = await openDatabase<DeviceSchema>({
    name: 'device-manager',
    directory,
    migrations,
    synchronous: storage.synchronous,
    log,
  });
  const { connections } = cache;
  const replyTo = `${nodeName}/device-manager`;
  const mirror = createAuthMirror({
    database,
    auth: cache.auth,
    clock,
    log,
    heartbeatIntervalSeconds: csmsServer.heartbeatIntervalSeconds,
  });
  const lastSeen = createLastSeen({ database, connections, clock });
  const flapGuard = createFlapGuard(clock);
  const commandWaiters = createWaiters();
  const reports = createWaiters();

  const signals: Signals = {
    authChanged: () => void mirrored(),
    commandFinished(commandId) {
      commands.noteFinished(commandId);
      commandWaiters.tell(commandId);
    },
    booted(networkId) {
      queue.settled(networkId);
      templateJobs.wake(networkId);
      if (deviceManager.readConfigurationOnBoot) configurationReader.request(networkId);
    },
    jobWaiting: (networkId) => templateJobs.wake(networkId),
    reportComplete: (networkId, requestId) => reports.tell(`${networkId} ${requestId}`),
    seen: lastSeen.note,
  };
  const transact = createTransact({ database, bus, settings, clock, newId, nodeName, log, signals, flapGuard });
  const complete = createCompletion(effects);
  const timeoutMs = deviceManager.commandTimeoutSeconds * 1000;
  const commands = createCommands({
    database,
    transact,
    bus,
    connections,
    clock,
    newId,
    random,
    mirror,
    complete,
    replyTo,
    timeoutMs,
    waiters: commandWaiters,
    instance: nodeName,
    maxQueued: deviceManager.maxQueuedCommandsPerChargePoint,
    queued: (networkId) => queue.added(networkId),
  });
  const settleMs = csmsServer.settleSeconds * 1000;
  const queue = createOfflineQueue({
    database,
    transact,
    connections,
    commands,
    clock,
    log,
    instance: nodeName,
    settleMs,
  });
  const templateJobs = createTemplateJobs({ database, transact, connections, commands, clock, log, settleMs });
  const configurationReader = createConfigurationReader({ commands, connections, reports, random, timeoutMs, log });
  const housekeeping = createHousekeeping({ database, clock, settings });
  const timers = createTimers(log);
  const subscriptions: Subscription[] = [];

  async function mirrored(): Promise<void> {
    try {
      await mirror.flush();
    } catch (error) {
      log.error({ reason: String(error) }, 'The auth records could not be brought to the cache; it is tried again');
    }
  }

  async function subscribe(): Promise<void> {
    const now = () => clock.now();
    const observed = [...handlers, ...completionHandlers(complete)];
    subscriptions.push(
      await bus.receive(replyTo, (envelope) => commands.takeAnswer(envelope)),
      await consumeCalls({ bus, group, node: nodeName, handlers: observed, transact, newId, now, log }),
      await bus.consume('MessagesSent', group, (batch) => transact((context) => noteSentCommands(batch, context)), {
        only: commandActions(),
      }),
      await bus.consume(
        'Events',
        group,
        (batch) =>
          transact(async (context) => {
            await noteConnections(batch, context);
            await noteUnansweredCalls(batch, context);
          }),
        { only: connectionEvents },
      ),
      ...(await serveSubjects({ bus, database, transact, commands, mirrored, clock, settings })),
    );
  }

  function startTimers(): void {
    timers.every(tickMs, 'Looking after commands', async () => {
      await commands.endOverdue();
      await queue.tick();
      await templateJobs.tick();
    });
    timers.every(flushSeenMs, 'Telling of connectors that flap', async () => {
      for (const { networkId, data } of flapGuard.due()) {
        const event = {
          id: newId(),
          serverNode: nodeName,
          client: networkId,
          messageTime: clock.now().toISOString(),
          event: 'StatusChanged',
          data,
        };
        await publishEvent(event, { bus, log });
      }
    });
    timers.every(flushSeenMs, 'Writing when charge points were seen', lastSeen.flush);
    timers.every(deviceManager.reconcileSeconds * 1000, 'Comparing the auth records', async () => {
      await lastSeen.noteConnected();
      await mirror.reconcile();
    });
    timers.every(housekeepingMs, 'Deleting what is old', housekeeping);
  }

  return {
    async start() {
      const inDoubt = await commands.settleAfterCrash();
      if (inDoubt > 0)
        log.warn(
          { commands: inDoubt },
          'Commands were under way when the service ended; whether they arrived is unknown, and they are not sent again',
        );
      await queue.load();
      await templateJobs.load();
      // Before csms-server asks: with a cache that is complete it need not.
      await mirror
        .reconcile()
        .catch((error: unknown) =>
          log.error({ reason: String(error) }, 'The cache of auth records could not be filled; it is tried again'),
        );
      await subscribe();
      startTimers();
    },
    async stop() {
      await timers.stop();
      for (const part of [queue, templateJobs, configurationReader]) await part.stop(0);
      commandWaiters.stop();
      reports.stop();
      for (const part of [queue, templateJobs, configurationReader]) await part.stop(stopMs);
      await Promise.all(subscriptions.splice(0).map((subscription) => subscription.close()));
      await lastSeen
        .flush()
        .catch((error: unknown) =>
          log.warn({ reason: String(error) }, 'When charge points were seen last could not be written'),
        );
      await database.close();
    },
    routes: (app) =>
      registerRoutes(app, {
        read: database.read,
        transact,
        connections,
        commands,
        lastSeen,
        settings,
        clock,
        random,
        newId,
        mirrored,
        configurationReader,
      }),
    readiness: async () => {
      await database.probe();
      await cache.auth.isComplete();
    },
    async chargePointCount() {
      const { count } = await database.read
        .selectFrom('charge_point')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
  };
}
