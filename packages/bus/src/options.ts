import type { ParkingStore, TopicGroups } from './bus.ts';

export interface BusLog {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** What every driver is made with. */
export interface BusOptions {
  groups: TopicGroups;
  parking: ParkingStore;
  /** Above either of these `publish` rejects with 'Full'. Each group's copy counts. */
  maxInFlightBytes?: number;
  maxInFlightMessages?: number;
  /** How often a message is tried alone before it is parked. */
  attempts?: number;
  /** At most so many messages in one call of a handler. */
  batchSize?: number;
  /** Pauses between tries of what fails transiently; the last one goes on. */
  retryDelaysMs?: readonly number[];
  /** Of a `publish` that names none. */
  deadlineMs?: number;
  log?: BusLog;
  /** Milliseconds since 1970. */
  clock?: () => number;
}
