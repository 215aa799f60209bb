import type { Bus, Subscription } from '@ocpp-csms/bus';
import type { Settings } from '@ocpp-csms/config';
import type { App } from '@ocpp-csms/http';
import type { Clock, Log } from '@ocpp-csms/runtime';
import { registerRoutes } from './api.ts';
import { createLiveReaders } from './live-readers.ts';
import { openLogStore } from './open-log-store.ts';
import { createWake } from './wake.ts';

export interface MessageManagerOptions {
  settings: Settings;
  bus: Bus;
  log: Log;
  clock: Clock;
  /** Where `message-manager.sqlite` is, or is made, when the log is in SQLite. */
  directory: string;
}

export interface MessageManager {
  /** Begins to log, and to delete what is too old. */
  start(): Promise<void>;
  /** Finishes what is under way, then closes the store. */
  stop(): Promise<void>;
  /** Registered under `/message-manager`. */
  routes: (app: App) => Promise<void>;
  /** Why it cannot work now, in words; `undefined` when it can. */
  readiness(): Promise<string | undefined>;
}

const group = 'message-manager';
const logged = ['MessagesIn', 'MessagesSent'] as const;

/** The log of every message in both directions: what charge points said and what was written to them. */
export async function createMessageManager({ bus, ...options }: MessageManagerOptions): Promise<MessageManager> {
  const wake = createWake(bus);
  const store = await openLogStore({ ...options, onRecorded: wake.committed });
  const readers = createLiveReaders({ store, wake, log: options.log });
  const subscriptions: Subscription[] = [];

  return {
    async start() {
      await wake.start();
      // What the store rejects with is `transient`: the bus tries again until it can be logged.
      for (const topic of logged) {
        subscriptions.push(await bus.consume(topic, group, (batch) => store.record(batch)));
      }
      store.start();
    },
    async stop() {
      await readers.stop();
      await Promise.all(subscriptions.splice(0).map((subscription) => subscription.close()));
      await wake.stop();
      await store.stop();
    },
    routes: (app) => registerRoutes(app, { store, bus, readers }),
    async readiness() {
      try {
        await store.probe();
        return undefined;
      } catch (error) {
        return `The message log cannot be written: ${error instanceof Error ? error.message : String(error)}`;
      }
    },
  };
}
