import { type ConnectedBus, createBus, type ParkingStore, type TopicGroups } from '@ocpp-csms/bus';
import type { Settings } from '@ocpp-csms/config';
import { type Clock, type Log, nodeName } from '@ocpp-csms/runtime';
import { busDriver } from './bus-driver.ts';
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
  return createBus(busDriver(options), {
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
