import type { Envelope } from '@ocpp-csms/bus';
import type { Filter } from './filter.ts';
import type { LoggedMessage } from './message.ts';

export type Order = 'asc' | 'desc';

export interface PageRequest {
  filter: Filter;
  order: Order;
  limit: number;
  /** `next` of the page before, as it came from a caller. */
  after?: unknown;
}

export interface Page {
  items: LoggedMessage[];
  /** Where to go on, as JSON; absent at the end of the log. */
  next?: unknown;
  /** Set when the search looked through its share before the page was full: up to this time (milliseconds since 1970). */
  scannedTo?: number;
}

/** A place in the order in which messages were logged. Only the store that gave it knows what is in it. */
export type Place = number | object;

export interface TailStep {
  items: LoggedMessage[];
  /** Where the next step begins. */
  place: Place;
  /** Messages that were left out, since the reader was too far behind. */
  skipped: number;
  /** True when there is nothing more for now. */
  caughtUp: boolean;
}

/** What the store can say. What it cannot is null. */
export interface StoreStatistics {
  /** Messages. */
  rows: number | null;
  /** messageTime, ISO 8601. */
  oldest: string | null;
  newest: string | null;
  bytes: number | null;
  usedBytes: number | null;
}

/**
 * Where the log is kept. Every promise that rejects because the store is away, full or refuses this account rejects
 * with an error that has `transient: true`: nothing is lost, it is to be tried again later.
 */
export interface LogStore {
  /** Begins what goes on beside the logging: indexes, retention. */
  start(): void;
  /** Logs each message once, by its `id`; durable when it resolves. A batch of which a part was logged may be given again. */
  record(batch: readonly Envelope[]): Promise<void>;
  /** Resolves when the indexes have all that was logged: they follow some time after it, which a large import would outrun. */
  catchUp(): Promise<void>;
  /** One page, from a bounded look into the log. Throws `InvalidCursor`. */
  search(request: PageRequest): Promise<Page>;
  /** The message with this `id` of its envelope, with its answer. */
  find(id: string): Promise<LoggedMessage | undefined>;
  /** All messages of the filter as JSON Lines, without those logged after the beginning. */
  export(filter: Filter, order: Order): AsyncIterable<string>;
  /** Behind all that is in the log now. */
  newest(): Promise<Place>;
  /** Behind the message with this `id`; `undefined` when there is none. */
  placeOf(id: string): Promise<Place | undefined>;
  /** The next messages in the order in which they were logged. */
  tail(filter: Filter, after: Place): Promise<TailStep>;
  /** How long a live reader rests between two steps at least, in milliseconds. */
  readonly tailRestMs: number;
  statistics(): Promise<StoreStatistics>;
  /** Can be written now. Rejects with the reason. */
  probe(): Promise<void>;
  /** Ends what is under way and closes the store. */
  stop(): Promise<void>;
}

/** `after` is not what a page of this store gave as `next`. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
}
