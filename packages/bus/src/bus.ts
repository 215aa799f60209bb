import type { DomainEvent, Envelope } from './envelope.ts';

/** The durable topics and what they carry. MessagesOut is not among them: it goes to one node, by `send`. */
export interface TopicContents {
  /** Everything that charge points said. */
  MessagesIn: Envelope;
  /** What csms-server wrote to a socket, or dropped and why. */
  MessagesSent: Envelope;
  /** What happened, in domain words. */
  Events: DomainEvent;
}
export type Topic = keyof TopicContents;

/** Which groups there are for each durable topic, subscribed or not: a publish waits for all of them. */
export type TopicGroups = Readonly<Record<Topic, readonly string[]>>;

/**
 * The handler's promise is the acknowledgement of the whole batch. Messages of one client come in order and never
 * two batches with the same client at once. A batch that rejects is tried again message by message; a message that
 * is refused `attempts` times is parked. Reject with an error that has `transient: true` (a database that is away)
 * and nothing is parked: the batch is tried again, with growing pauses, until it succeeds.
 */
export type BatchHandler<Content> = (batch: readonly Content[]) => Promise<void>;

export interface ConsumeOptions {
  /** Only these actions (`body.messageType`) or events are wanted; the others count as handled at once. */
  only?: ReadonlySet<string>;
}

export interface Subscription {
  /** Stops delivering and resolves when the handler calls under way have ended. */
  close(): Promise<void>;
}

export interface ParkedMessage {
  /** The `id` of the message. */
  id: string;
  topic: Topic;
  group: string;
  client: string;
  /** ISO 8601 UTC. */
  parkedAt: string;
  attempts: number;
  /** Why the handler refused it, in its own words, without a stack. */
  reason: string;
  content: Envelope | DomainEvent;
}

/** Where a parked message stands in the list: ids first, then groups, since several groups may have parked one message. */
export function parkedPosition({ id, group }: Pick<ParkedMessage, 'id' | 'group'>): string {
  return `${id} ${group}`;
}

/** Where a driver without a dead-letter queue of its own keeps parked messages. Must be durable when it resolves. */
export interface ParkingStore {
  add(message: ParkedMessage): Promise<void>;
  /** In the order of `parkedPosition`, from the one behind `after`, which is such a position. */
  list(options: { limit: number; after?: string }): Promise<ParkedMessage[]>;
  get(group: string, id: string): Promise<ParkedMessage | undefined>;
  remove(group: string, id: string): Promise<void>;
  count(): Promise<number>;
}

export interface Parked {
  /** In the order of `parkedPosition`, from the one behind `after`, which is such a position. */
  list(options: { limit: number; after?: string }): Promise<ParkedMessage[]>;
  /** Hands the message to its group again. Resolves when handled; rejects with the handler's error and keeps it parked. Rejects with `BusError('NotFound')`. */
  drive(group: string, id: string): Promise<void>;
  /** Gives the message up for this group. It stays in the log. */
  discard(group: string, id: string): Promise<void>;
  count(): Promise<number>;
}

export type BusErrorCode =
  /** The deadline passed before every group was sure to get it. */
  | 'Deadline'
  /** Too much is in flight. */
  | 'Full'
  /** No such node or nobody serves this subject. */
  | 'NobodyThere'
  /** The receiver did not answer in time. */
  | 'Timeout'
  /** The receiver refused it; `message` says why. */
  | 'Refused'
  | 'NotFound'
  | 'Stopped';

export class BusError extends Error {
  override readonly name = 'BusError';
  readonly code: BusErrorCode;
  constructor(code: BusErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The five verbs of design.md §5. Every driver passes `contract.ts`. */
export interface Bus {
  /**
   * Resolves once every group named in the settings for this topic is sure to get it.
   * Rejects with `BusError` ('Deadline' | 'Full' | 'Stopped').
   */
  publish<T extends Topic>(topic: T, content: TopicContents[T], options?: { deadlineMs?: number }): Promise<void>;
  consume<T extends Topic>(
    topic: T,
    group: string,
    handler: BatchHandler<TopicContents[T]>,
    options?: ConsumeOptions,
  ): Promise<Subscription>;

  /** MessagesOut: to one node. Resolves when it took the message; rejects with `BusError` ('NobodyThere' | 'Refused' | 'Timeout'). */
  send(node: string, envelope: Envelope, options?: { timeoutMs?: number }): Promise<void>;
  /** Takes what is sent to this node. A handler that rejects refuses the message. */
  receive(node: string, handler: (envelope: Envelope) => Promise<void>): Promise<Subscription>;

  /** Rejects with `BusError` ('NobodyThere' | 'Refused' | 'Timeout'). */
  request(subject: string, question: unknown, options?: { timeoutMs?: number }): Promise<unknown>;
  serve(subject: string, handler: (question: unknown) => Promise<unknown>): Promise<Subscription>;

  /** Live, without memory: whoever listens now gets it. Never rejects, never waits. */
  broadcast(channel: string, content: unknown): void;
  listen(channel: string, handler: (content: unknown) => void): Promise<Subscription>;

  readonly parked: Parked;
  /** What is in flight now, for metrics and `/health/ready`. */
  inFlight(): { messages: number; bytes: number };
  /** Waits for what is in flight (bounded by `timeoutMs`), then refuses everything. */
  stop(options?: { timeoutMs?: number }): Promise<void>;
}

export interface BusHealth {
  connected: boolean;
  /** Why not, in words for the operator. */
  reason?: string;
}

/** A bus that knows whether what it runs on is there. */
export interface ConnectedBus extends Bus {
  health(): BusHealth;
}
