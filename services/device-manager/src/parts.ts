import { randomBytes } from 'node:crypto';
import type { Bus } from '@ocpp-csms/bus';
import type { Cache } from '@ocpp-csms/cache';
import type { Settings } from '@ocpp-csms/config';
import { type Clock, type Log, type Metrics, noTracer, type Tracer } from '@ocpp-csms/runtime';
import type { Database } from '@ocpp-csms/storage';
import { createFlapGuard, type FlapGuard } from './availability/flap-guard.ts';
import { createCommandMetrics } from './commands/command-metrics.ts';
import { type Commands, createCommands } from './commands/commands.ts';
import { type CompleteCommand, createCompletion } from './commands/complete-command.ts';
import { createOfflineQueue, type OfflineQueue } from './commands/offline-queue.ts';
import { tracedCommands } from './commands/traced-commands.ts';
import { createWaiters, type Waiters } from './commands/waiters.ts';
import type { Signals } from './context.ts';
import { createEventReaders, type EventReaders } from './events/event-readers.ts';
import { effects } from './handlers.ts';
import { type ConfigurationReader, createConfigurationReader } from './provisioning/read-configuration.ts';
import { type AuthMirror, createAuthMirror } from './registry/auth-mirror.ts';
import type { RandomBytes } from './registry/credentials.ts';
import { createLastSeen, type LastSeen } from './registry/last-seen.ts';
import type { DeviceSchema } from './schema.ts';
import { tellOthers } from './tell-others.ts';
import { createTemplateJobs, type TemplateJobs } from './templates/template-jobs.ts';
import { createTransact, type Transact } from './transact.ts';

export interface DeviceManagerOptions {
  settings: Settings;
  bus: Bus;
  cache: Cache;
  log: Log;
  clock: Clock;
  metrics: Metrics;
  tracer?: Tracer;
  newId: () => string;
  /** Folder of the database file. */
  directory: string;
  /** Names this instance on the bus. */
  nodeName: string;
  /** For salts and passwords. */
  random?: RandomBytes;
  /** How often commands, queues and templates are looked after, in milliseconds. */
  tickMs?: number;
}

/** What the service is made of. */
export interface Parts extends Required<DeviceManagerOptions> {
  database: Database<DeviceSchema>;
  transact: Transact;
  mirror: AuthMirror;
  /** As `mirror.flush`; never rejects: a cache that is away gets it later. */
  mirrored(): Promise<void>;
  lastSeen: LastSeen;
  flapGuard: FlapGuard;
  commandWaiters: Waiters;
  reports: Waiters;
  complete: CompleteCommand;
  commands: Commands;
  queue: OfflineQueue;
  templateJobs: TemplateJobs;
  configurationReader: ConfigurationReader;
  eventReaders: EventReaders;
  /** The bus node where answers to commands are taken. */
  replyTo: string;
}

export function createParts(given: DeviceManagerOptions, database: Database<DeviceSchema>): Parts {
  const options = { random: randomBytes, tickMs: 2000, tracer: noTracer, ...given };
  const { settings, bus, cache, clock, newId, nodeName, log } = options;
  const { connections, auth } = cache;
  const { commandTimeoutSeconds, maxQueuedCommandsPerChargePoint: maxQueued } = settings.deviceManager;
  const { heartbeatIntervalSeconds, settleSeconds } = settings.csmsServer;
  const base = { ...options, database, connections, instance: nodeName, replyTo: `${nodeName}/device-manager` };
  const timing = { timeoutMs: commandTimeoutSeconds * 1000, settleMs: settleSeconds * 1000 };
  const flapGuard = createFlapGuard(clock);
  const commandWaiters = createWaiters();
  const reports = createWaiters();
  const lastSeen = createLastSeen(base);
  const mirror = createAuthMirror({ database, auth, clock, log, heartbeatIntervalSeconds });
  const complete = createCompletion(effects);
  const commandMetrics = createCommandMetrics(options.metrics);

  // The parts wake each other: what is called here is there by the time somebody calls.
  const signals: Signals = {
    authChanged: () => void mirrored(),
    commandFinished(command) {
      commandMetrics.ended(command);
      commands.noteFinished(command.command_id);
      tellOthers(bus, nodeName, { command: command.command_id });
    },
    booted(networkId) {
      queue.settled(networkId);
      templateJobs.wake(networkId);
      if (settings.deviceManager.readConfigurationOnBoot) configurationReader.request(networkId);
    },
    jobWaiting: (networkId) => templateJobs.wake(networkId),
    reportComplete(networkId, requestId) {
      const report = `${networkId} ${requestId}`;
      reports.tell(report);
      tellOthers(bus, nodeName, { report });
    },
    seen: lastSeen.note,
    forgotten: lastSeen.forget,
  };
  const transact = createTransact({ database, bus, settings, clock, newId, nodeName, log, signals, flapGuard });
  const queued = (networkId: string) => queue.added(networkId);
  const untraced = createCommands({
    ...base,
    ...timing,
    transact,
    mirror,
    complete,
    waiters: commandWaiters,
    maxQueued,
    queued,
  });
  const commands = tracedCommands(untraced, options.tracer);
  const queue = createOfflineQueue({ ...base, ...timing, transact, commands });
  const templateJobs = createTemplateJobs({ ...base, ...timing, transact, commands });
  const configurationReader = createConfigurationReader({ ...base, ...timing, commands, reports });

  async function mirrored(): Promise<void> {
    try {
      await mirror.flush();
    } catch (error) {
      log.error({ reason: String(error) }, 'The auth records could not be brought to the cache; it is tried again');
    }
  }

  return {
    ...base,
    transact,
    mirror,
    mirrored,
    lastSeen,
    flapGuard,
    commandWaiters,
    reports,
    complete,
    commands,
    queue,
    templateJobs,
    configurationReader,
    eventReaders: createEventReaders(bus),
  };
}
