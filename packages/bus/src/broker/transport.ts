import type { BusHealth, Topic } from '../bus.ts';

/**
 * What a broker has to be able to do. `createBrokerBus` makes a `Bus` of it: batches, order, retries, parking, bounds
 * and deadlines are there, so a transport only carries bytes. It has no queue of its own that is not bounded by what
 * the bus gives it, it reconnects for ever, and it never logs what is secret.
 */
export interface Transport {
  /** For log lines and errors: `NATS`, `Redis`. */
  readonly name: string;

  /**
   * Who consumes which partition of a group. `'native'`: the broker itself gives each partition to one consumer at a
   * time (RabbitMQ single active consumer, Pub/Sub ordering keys); every process then opens every partition. Otherwise
   * a small store with compare-and-set, in which the members of a group share the partitions out (`membership.ts`).
   */
  readonly assignment: 'native' | AssignmentStore;

  /**
   * Connects, and creates or verifies what has to be on the broker for every group of the settings. Rejects, in
   * bounded time and with words for the operator, when that is not possible.
   */
  start(events: TransportEvents): Promise<void>;

  /** Ends everything, in bounded time. Nothing is published, delivered or answered afterwards. Never rejects. */
  stop(): Promise<void>;

  /**
   * Resolves once the broker has the message durably for every group. Messages of a partition are published in the
   * order of the calls, and many at once. Rejects with
   * - `TryAgainError`: the connection was lost, or the broker cannot now. The bus sends everything that is unconfirmed
   *   again, in the old order (so a message may arrive twice: drop what has an `id` that was stored shortly before);
   * - `BusError`('Full' | 'Refused'): the broker does not want it, and why.
   * Must settle at once when the connection is lost, and not later than `expiresAt`.
   */
  publish(message: OutgoingMessage): Promise<void>;

  /**
   * Begins to consume one partition of a group, and resolves when that is so. Messages are handed over in the order in
   * which they were published, beginning with those that an earlier consumer did not acknowledge. At most
   * `maxUnacknowledged` are handed over and not yet acknowledged. Rejects when it is not possible now; the bus tries again.
   */
  open(place: Place, receiver: PartitionReceiver): Promise<OpenPartition>;

  /**
   * Brings a question to one of those who answer at this address (at a `node` there is one; of several for a `subject`
   * one is chosen). Rejects with `BusError`('NobodyThere' | 'Timeout'). The answer's bytes say themselves whether it was refused.
   */
  ask(address: Address, question: Buffer, options: { timeoutMs: number }): Promise<Uint8Array>;
  /** Resolves when questions can arrive. `responder` never rejects. */
  answer(address: Address, responder: (question: Uint8Array) => Promise<Buffer>): Promise<Closing>;

  /** To whoever listens now. Dropped when the broker is away. Never throws. */
  broadcast(channel: string, content: Buffer): void;
  /** Resolves when broadcasts can arrive. The bus listens at most once to a channel. */
  listen(channel: string, listener: (content: Uint8Array) => void): Promise<Closing>;

  health(): BusHealth;
}

export interface TransportEvents {
  /** The connection is back, and works: what is unconfirmed is sent again, and lost partitions are opened again. */
  connected(): void;
}

/** Which part of which group's messages. */
export interface Place {
  topic: Topic;
  group: string;
  /** From 0 to `partitions` - 1. */
  partition: number;
}

export interface OutgoingMessage {
  topic: Topic;
  partition: number;
  /** Of the envelope or event. */
  id: string;
  /** The networkId; at most 48 characters in OCPP, but any text here. */
  client: string;
  /** The action or event: for headers and attributes that other programs may filter by. */
  kind: string;
  /** JSON of the envelope or event. */
  body: Buffer;
  /** Milliseconds of `performance.now()`: afterwards nobody waits for it any more. */
  expiresAt: number;
}

/** Takes what a partition delivers. */
export interface PartitionReceiver {
  /** Of messages that may be handed over without being acknowledged. */
  readonly maxUnacknowledged: number;
  /**
   * Milliseconds of `performance.now()` until which no other process consumes this partition; grows while the lease is
   * renewed. A transport must not ask the broker for messages beyond it: they would go to a process that has
   * lost the partition (paused, cut off). `Infinity` with native assignment.
   */
  leaseEndsAt(): number;
  /**
   * `acknowledge` is called when the message is handled or parked, in any order, and not at all when the partition was
   * lost or closed before. It must not throw, and need not wait: an acknowledgement that gets lost means a redelivery.
   */
  deliver(body: Uint8Array, acknowledge: () => void): void;
  /**
   * The transport can no longer say that everything arrives here, in order (connection lost, consumer deleted). Nothing
   * is delivered or acknowledged afterwards, and the bus opens the partition anew. `close` is still called.
   */
  lost(reason: string): void;
}

export interface OpenPartition {
  /**
   * Ends the consuming, with nothing of it under way any more when it resolves. What was delivered and not acknowledged must come
   * again to whoever opens the partition next. Never rejects.
   */
  close(): Promise<void>;
}

/**
 * `node`: who has this name (`Bus.send`); `subject`: one of those who serve it (`Bus.request`); `group`: for the bus's own
 * questions. Names are any text: a transport encodes them.
 */
export interface Address {
  kind: 'node' | 'subject' | 'group';
  name: string;
}

export interface Closing {
  /** Never rejects. */
  close(): Promise<void>;
}

/** Small texts under keys (`[A-Za-z0-9/-]+`) with compare-and-set. Linearizable: a write that succeeded is seen by every later read. */
export interface AssignmentStore {
  read(key: string): Promise<{ value: string; revision: string } | undefined>;
  /** Writes only if the key still has this revision (undefined: is not there). Resolves with whether. Rejects when the store is away. */
  write(key: string, value: string, revision: string | undefined): Promise<boolean>;
}

/** The broker cannot do it now; later it may. */
export class TryAgainError extends Error {
  override readonly name = 'TryAgainError';
}
