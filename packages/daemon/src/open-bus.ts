import { type BusDriver, type ConnectedBus, createBus, type ParkingStore, type TopicGroups } from '@ocpp-csms/bus';
import type { Settings } from '@ocpp-csms/config';
import { type Clock, type Log, nodeName } from '@ocpp-csms/runtime';
import { type ServiceName, topicGroups } from './services.ts';

export interface OpenBusOptions {
  service: ServiceName | 'all';
  settings: Settings;
  log: Log;
  clock: Clock;
  directory: string;
  parking: ParkingStore;
  moreEventGroups?: readonly string[];
}

const mebibyte = 1_048_576;

/** The bus of the settings, connected. Rejects with a sentence for the operator when that cannot be. */
export function openBus(options: OpenBusOptions): Promise<ConnectedBus> {
  const { service, settings, log, clock, parking, moreEventGroups = [] } = options;
  const groups: TopicGroups = { ...topicGroups, Events: [...topicGroups.Events, ...moreEventGroups] };
  return createBus(driverOf(options), {
    groups,
    parking,
    node: service === 'all' ? nodeName(settings) : `${service}@${nodeName(settings)}`,
    partitions: settings.bus.partitions,
    maxInFlightBytes: settings.bus.maxInFlightMegabytes * mebibyte,
    attempts: settings.bus.attemptsBeforeParking,
    deadlineMs: settings.bus.publishDeadlineSeconds * 1000,
    log: log.child({ part: 'bus' }),
    clock: () => clock.now().getTime(),
  });
}

function driverOf({ settings }: OpenBusOptions): BusDriver {
  const { bus, nats, rabbitmq, redis } = settings;
  switch (bus.driver) {
    case 'memory':
      return { driver: 'memory' };
    case 'nats':
      return {
        driver: 'nats',
        nats: {
          servers: nats.servers,
          ...(nats.credentialsFile === '' ? {} : { credentialsFile: nats.credentialsFile }),
          name: bus.name,
          replicas: nats.replicas,
          maxBytes: nats.maxMegabytes * mebibyte,
        },
      };
    case 'rabbitmq':
      return {
        driver: 'rabbitmq',
        rabbitmq: { url: rabbitmq.url, name: bus.name, maxBytes: rabbitmq.maxMegabytes * mebibyte },
      };
    case 'redis':
      return {
        driver: 'redis',
        redis: { url: redis.url, name: bus.name, maxStreamLength: redis.maxStreamLength, mirror: redis.mirror },
      };
    default:
      throw new Error(`bus.driver ${bus.driver} is not there yet`);
  }
}
