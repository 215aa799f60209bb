import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ConnectedBus, createIdSource } from '@ocpp-csms/bus';
import type { Cache } from '@ocpp-csms/cache';
import type { Settings } from '@ocpp-csms/config';
import { type ApiKeys, createApiKeys } from '@ocpp-csms/http';
import { createParkingStore } from '@ocpp-csms/parking';
import {
  type Clock,
  createMetrics,
  type Log,
  type Metrics,
  nodeName,
  noTracer,
  systemClock,
  type Tracer,
} from '@ocpp-csms/runtime';
import { databaseOptions } from '@ocpp-csms/storage';
import { withLiveEvents } from './live-events.ts';
import { measuredBus } from './measured-bus.ts';
import { openBus } from './open-bus.ts';
import { openCache } from './open-cache.ts';
import type { ServiceName } from './services.ts';
import { tracedBus } from './traced-bus.ts';
import { openTracing } from './tracing.ts';

export interface InfrastructureOptions {
  /** `all`: the four services in one process. */
  service: ServiceName | 'all';
  settings: Settings;
  log: Log;
  clock?: Clock;
  /** Groups beside those of the services, on Events. */
  moreEventGroups?: readonly string[];
}

/** What all services are made from, the same for every shape of the system. */
export interface Infrastructure {
  settings: Settings;
  log: Log;
  clock: Clock;
  bus: ConnectedBus;
  cache: Cache;
  keys: ApiKeys;
  metrics: Metrics;
  tracer: Tracer;
  nodeName: string;
  newId(): string;
  /** The data folder, which exists. */
  directory: string;
  /** Ends the bus, then what it needs. Services are to be stopped before. */
  close(): Promise<void>;
}

const busStopMs = 5000;

/** Rejects with a sentence that says what to do when the broker, the cache or the data folder cannot be had. */
export async function openInfrastructure(options: InfrastructureOptions): Promise<Infrastructure> {
  const { service, settings, log, clock = systemClock } = options;
  const directory = resolve(settings.data.dir);
  await mkdir(directory, { recursive: true });
  const parking = createParkingStore(databaseOptions(settings, directory));
  const metrics = createMetrics();
  const { tracer, ...tracing } = await openTracing({
    ...options,
    name: service === 'all' ? 'ocpp-csms' : service,
    node: nodeName(settings),
  });
  const measured = measuredBus(await openBus({ ...options, directory, parking, clock }), metrics);
  const bus = withLiveEvents(tracer === noTracer ? measured : tracedBus(measured, tracer));
  const cache = await openCache({ service, settings, bus, clock, log });
  const keys = await createApiKeys({ dataDir: directory, configured: settings.http.apiKeys });
  return {
    settings,
    log,
    clock,
    bus,
    cache,
    keys,
    metrics,
    tracer,
    nodeName: nodeName(settings),
    newId: createIdSource(),
    directory,
    async close() {
      await bus.stop({ timeoutMs: busStopMs });
      await parking.close();
      await cache.close();
      await tracing.close();
    },
  };
}
