import type { Bus, Subscription } from '@ocpp-csms/bus';
import type { Settings } from '@ocpp-csms/config';
import type { App } from '@ocpp-csms/http';
import type { Clock, Log } from '@ocpp-csms/runtime';
import { openDatabase } from '@ocpp-csms/storage';
import { registerRoutes } from './api.ts';
import { createLiveReaders } from './live-readers.ts';
import { createLogIndex } from './log-index.ts';
import { createRecorder } from './recorder.ts';
import { createRetention } from './retention.ts';
import { type LogSchema, migrations } from './schema.ts';
import { createWake } from './wake.ts';

export interface MessageManagerOptions {
  settings: Settings;
  bus: Bus;
  log: Log;
  clock: Clock;
  /** Where `message-manager.sqlite` is, or is made. */
  directory: string;
}

export interface MessageManager {
  /** Begins to log, and to delete what is too old. */
  start(): Promise<void>;
  /** Finishes what is under way, then closes the database. */
  stop(): Promise<void>;
  /** Registered under `/message-manager`. */
  routes: (app: App) => Promise<void>;
  /** Why it cannot work now, in words; `undefined` when it can. */
  readiness(): Promise<string | undefined>;
}

const group = 'message-manager';
const logged = ['MessagesIn', 'MessagesSent'] as const;

/** The log of every message in both directions: what charge points said and what was written to them. */
export async function createMessageManager({
  settings,
  bus,
  log,
  clock,
  directory,
}: MessageManagerOptions): Promise<MessageManager> {
  const { synchronous } = settings.storage;
  const database = await openDatabase<LogSchema>({ name: 'message-manager', directory, migrations, synchronous, log });
  const wake = createWake(bus);
  const logIndex = createLogIndex({ database, log });
  const recorder = createRecorder({ database, clock, onRecorded });
  const readers = createLiveReaders({ read: database.read, wake, log });
  const { retentionDays, maxMegabytes } = settings.messageManager;
  const retention = createRetention({ database, clock, log, retentionDays, maxMegabytes });
  const subscriptions: Subscription[] = [];

  function onRecorded(): void {
    wake.committed();
    logIndex.committed();
  }

  return {
    async start() {
      await wake.start();
      // StorageUnavailable goes through to the bus, which tries again until it can be logged.
      for (const topic of logged) {
        subscriptions.push(await bus.consume(topic, group, (batch) => recorder.record(batch)));
      }
      logIndex.start();
      retention.start();
    },
    async stop() {
      await readers.stop();
      await Promise.all(subscriptions.splice(0).map((subscription) => subscription.close()));
      await wake.stop();
      await logIndex.stop();
      await retention.stop();
      await database.close();
    },
    routes: (app) => registerRoutes(app, { database, bus, readers }),
    async readiness() {
      try {
        await database.probe();
        return undefined;
      } catch (error) {
        return `The message log cannot be written: ${error instanceof Error ? error.message : String(error)}`;
      }
    },
  };
}
