import { randomFillSync } from 'node:crypto';
import type { Bus, Subscription } from '@ocpp-csms/bus';
import { consumeCalls } from '@ocpp-csms/calls';
import type { Settings } from '@ocpp-csms/config';
import type { App } from '@ocpp-csms/http';
import { type Clock, type Log, nodeName, noTracer, type Tracer } from '@ocpp-csms/runtime';
import { databaseOptions, openDatabase } from '@ocpp-csms/storage';
import { registerRoutes } from './api.ts';
import { handlers } from './handler-list.ts';
import { createHousekeeping } from './housekeeping.ts';
import { migrations } from './migrations/index.ts';
import type { SessionSchema } from './schema.ts';
import { installationKey } from './storage/installation-key.ts';
import { createTransact } from './storage/transact.ts';
import { createTransactionIds } from './transactions/transaction-ids.ts';

export interface SessionOptions {
  settings: Settings;
  bus: Bus;
  log: Log;
  clock: Clock;
  tracer?: Tracer;
  newId: () => string;
  /** Folder of the database file; ':memory:' keeps nothing. */
  directory: string;
  random?: (bytes: Uint8Array) => void;
}

export interface Session {
  /** Takes messages from the bus from now on. */
  start(): Promise<void>;
  /** Finishes what is under way and closes the database. */
  stop(): Promise<void>;
  /** To be registered under `/session`. */
  routes(app: App): Promise<void>;
  /** Why it cannot work now, or nothing. */
  readiness(): Promise<string | undefined>;
}

/** Who may charge and what was charged. Opens its database at once; rejects when that cannot be had. */
export async function createSession({
  settings,
  bus,
  log,
  clock,
  tracer = noTracer,
  newId,
  directory,
  random = randomFillSync,
}: SessionOptions): Promise<Session> {
  const where = databaseOptions(settings, directory);
  const database = await openDatabase<SessionSchema>({ name: 'session', ...where, migrations, log });
  const key = await database.write((transaction) => installationKey(transaction, random));
  const { plausibleFrom, plausibleFutureMinutes } = settings.session;
  const transactionIds = createTransactionIds(key, {
    engine: database.engine,
    write: (work, options) => database.write(work, options),
  });
  const transact = createTransact(database, {
    plausibleTimes: { from: new Date(plausibleFrom), futureMinutes: plausibleFutureMinutes },
    settings: settings.session,
    transactionIds,
    clock,
    newId,
    log,
    prepare: transactionIds.prepare,
  });
  const node = nodeName(settings);
  const housekeeping = createHousekeeping({ database, bus, clock, newId, node, log, settings: settings.session });
  let subscription: Subscription | undefined;

  return {
    async start() {
      if (settings.session.acceptAllTokens) {
        log.warn('Every unknown id token is accepted (session.acceptAllTokens). Not for real operation');
      }
      const now = () => clock.now();
      subscription = await consumeCalls({ bus, group: 'session', node, handlers, transact, newId, now, log, tracer });
      housekeeping.start();
    },
    async stop() {
      await housekeeping.stop();
      await subscription?.close();
      await database.close();
    },
    routes: (app) => registerRoutes(app, { database, bus, clock, newId, node, settings, log }),
    async readiness() {
      try {
        await database.probe();
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
  };
}
