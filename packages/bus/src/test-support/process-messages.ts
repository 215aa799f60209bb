import type { ParkedMessage, TopicGroups } from '../bus.ts';
import type { BusDriver } from '../create-bus.ts';

/** What a consumer process of the durable contract is started with. */
export interface ProcessOptions {
  driver: BusDriver;
  node: string;
  partitions: number;
  groups: TopicGroups;
  leaseMs: number;
  batchSize: number;
  maxUnacknowledged: number;
  /** What each call of the handler takes. */
  delayMs: number;
  /** The handler does not come back once it has had so many messages. */
  hangAfter?: number;
  /** Refused until told 'cure'. */
  poison?: string;
}

/** One message in one call of a handler. */
export interface Handling {
  id: string;
  client: string;
  seq: number;
  /** Milliseconds of the machine's monotonic clock, the same for all processes: when the call began. */
  begunAt: number;
}

export type FromProcess =
  | { kind: 'ready' }
  | { kind: 'begun'; handlings: Handling[] }
  | { kind: 'handled'; handlings: Handling[] }
  | { kind: 'parked'; message: ParkedMessage }
  | { kind: 'log'; line: string };

export type ToProcess = 'cure' | 'stop';

/** Milliseconds, comparable between the processes of one machine. */
export function machineClock(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}
