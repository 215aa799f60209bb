import { setTimeout as sleep } from 'node:timers/promises';
import type { Subscription } from '@ocpp-csms/bus';
import type { App } from '@ocpp-csms/http';
import { databaseOptions, openDatabase } from '@ocpp-csms/storage';
import { registerRoutes } from './api.ts';
import { consumeEvents, consumeMessages } from './consumers.ts';
import { createHousekeeping } from './housekeeping.ts';
import { migrations } from './migrations/index.ts';
import { createParts, type DeviceManagerOptions, type Parts } from './parts.ts';
import type { DeviceSchema } from './schema.ts';
import { createTimers, type Timers } from './timers.ts';
import { publishEvent } from './transact.ts';

export type { DeviceManagerOptions } from './parts.ts';

export interface DeviceManager {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** To be mounted below `/device-manager`. */
  routes: (app: App) => Promise<void>;
  /** Why it cannot work now, or nothing. */
  readiness(): Promise<string | undefined>;
  chargePointCount(): Promise<number>;
}

const flushMs = 5000;
const refillMs = 2000;
/** So many ticks from one look for what other instances have left to the next. */
const takeOverTicks = 15;
const housekeepingMs = 600_000;
const stopMs = 3000;
/** The start waits so long for the auth records: enough for ten thousand. */
const fillFirstMs = 500;

/** The charge points: who they are, how they are, and what they are told. Rejects when the database can't be opened. */
export async function createDeviceManager(options: DeviceManagerOptions): Promise<DeviceManager> {
  const { directory, log, settings } = options;
  const where = databaseOptions(settings, directory);
  const database = await openDatabase<DeviceSchema>({ name: 'device-manager', ...where, migrations, log });
  const parts = createParts(options, database);
  const timers = createTimers(log);
  let events: Subscription | undefined;
  let messages: Subscription[] = [];

  return {
    async start() {
      events = await consumeEvents(parts);
      await resume(timers, parts);
      messages = await consumeMessages(parts);
      await parts.eventReaders.start();
      startTimers(timers, parts);
    },
    async stop() {
      await timers.stop();
      await parts.eventReaders.stop();
      await stopBackground(parts);
      await Promise.all(messages.map((subscription) => subscription.close()));
      await events?.close();
      await parts.lastSeen
        .flush()
        .catch((error: unknown) =>
          log.warn({ reason: String(error) }, 'When charge points were seen last could not be written'),
        );
      await database.close();
    },
    routes: (app) => registerRoutes(app, { ...parts, read: database.read, connections: options.cache.connections }),
    async readiness() {
      try {
        await database.probe();
        await options.cache.auth.isComplete();
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
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

/** Takes up what an earlier run has left. */
async function resume(timers: Timers, { commands, queue, templateJobs, mirror, log }: Parts): Promise<void> {
  const inDoubt = await commands.settleAfterCrash();
  if (inDoubt > 0) {
    log.warn(
      { commands: inDoubt },
      'Commands were under way when the service ended; whether they arrived is unknown, and they are not sent again',
    );
  }
  await queue.load();
  await templateJobs.load();
  const filled = timers.once('Filling the cache of auth records', mirror.reconcile);
  // With a cache that is complete csms-server need not ask. Where there are very many it asks in the meantime.
  await Promise.race([filled, sleep(fillFirstMs, undefined, { ref: false })]);
}

function startTimers(timers: Timers, parts: Parts): void {
  const { commands, queue, templateJobs, lastSeen, mirror, settings } = parts;
  timers.every(parts.tickMs, 'Looking after commands', async () => {
    await commands.endOverdue();
    await queue.tick();
    await templateJobs.tick();
  });
  // An instance that does not come back leaves what waits to the others.
  timers.every(parts.tickMs * takeOverTicks, 'Looking for what other instances have left', async () => {
    await queue.load();
    await templateJobs.load();
  });
  timers.every(flushMs, 'Writing when charge points were seen', lastSeen.flush);
  timers.every(parts.tickMs, 'Telling of connectors that flap', () => tellHeldChanges(parts));
  timers.every(settings.deviceManager.reconcileSeconds * 1000, 'Comparing the auth records', async () => {
    await lastSeen.noteConnected();
    await mirror.reconcile();
  });
  timers.every(refillMs, 'Filling the emptied cache of auth records', mirror.refillWhenEmptied);
  timers.every(housekeepingMs, 'Deleting what is old', createHousekeeping(parts));
}

async function tellHeldChanges({ flapGuard, newId, clock, nodeName, bus, log }: Parts): Promise<void> {
  for (const { networkId, data } of flapGuard.due()) {
    const messageTime = clock.now().toISOString();
    await publishEvent(
      { id: newId(), serverNode: nodeName, client: networkId, messageTime, event: 'StatusChanged', data },
      { bus, log },
    );
  }
}

/** Nothing new is begun; who waits for a charge point goes on without it. */
async function stopBackground({
  queue,
  templateJobs,
  configurationReader,
  commandWaiters,
  reports,
}: Parts): Promise<void> {
  const background = [queue, templateJobs, configurationReader];
  const stopped = Promise.all(background.map((part) => part.stop(stopMs)));
  commandWaiters.stop();
  reports.stop();
  await stopped;
}
