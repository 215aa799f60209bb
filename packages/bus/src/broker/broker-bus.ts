import { randomUUID } from 'node:crypto';
import {
  type BatchHandler,
  BusError,
  type BusHealth,
  type ConnectedBus,
  type ConsumeOptions,
  type Parked,
  type ParkedMessage,
  type Subscription,
  type Topic,
  type TopicContents,
} from '../bus.ts';
import { Deadlines } from '../delivery/deadlines.ts';
import { kindOf } from '../delivery/group-options.ts';
import { LaneScheduler } from '../delivery/lane-scheduler.ts';
import { createParked } from '../delivery/parked-messages.ts';
import { reasonOf, stopped } from '../delivery/reasons.ts';
import { settledWithin, sleep } from '../delivery/waiting.ts';
import type { Envelope } from '../envelope.ts';
import type { BusOptions } from '../options.ts';
import { Channels } from './channels.ts';
import { ConsumedGroup } from './consumed-group.ts';
import { Outbox } from './outbox.ts';
import { partitionOf } from './partition.ts';
import { Questions } from './questions.ts';
import type { Transport } from './transport.ts';

export interface BrokerBusOptions extends BusOptions {
  /** The name of this node, for the table of who consumes what. */
  node: string;
  /** Into how many parts the clients are divided; the same for all nodes, for good. */
  partitions: number;
  /** Of messages of one partition that are with a group at once. */
  maxUnacknowledged?: number;
  /** Milliseconds without a sign of life after which a consumer is replaced; noticed up to half of it later. */
  leaseMs?: number;
}

const MEBIBYTE = 1024 * 1024;
const SEND_TIMEOUT_MS = 5000;
const REQUEST_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 10_000;
const STOP_POLL_MS = 5;
const LEASE_MS = 8000;
const MAX_UNACKNOWLEDGED = 256;
/** Names with `$` are the bus's own. */
const NUDGE_CHANNEL = '$assignment';

/**
 * A bus over a broker. `publish` resolves when the broker has the message durably for every group; handlers
 * acknowledge to the broker. Connects first: rejects when the broker is not there, or not as it should be.
 */
export async function createBrokerBus(transport: Transport, options: BrokerBusOptions): Promise<ConnectedBus> {
  const bus = new BrokerBus(transport, options);
  await bus.start();
  return bus;
}

/** What is done with all groups, whatever their topic carries. */
type AnyGroup = Pick<ConsumedGroup<Topic>, 'connected' | 'end' | 'leave' | 'watch'>;
type Groups = { readonly [T in Topic]: readonly ConsumedGroup<T>[] };

class BrokerBus implements ConnectedBus {
  readonly parked: Parked;
  readonly #transport: Transport;
  readonly #options: BrokerBusOptions;
  readonly #maxBytes: number;
  readonly #maxMessages: number;
  readonly #deadlines = new Deadlines(() => this.#watch());
  readonly #scheduler = new LaneScheduler();
  readonly #outbox: Outbox;
  readonly #questions: Questions;
  readonly #channels: Channels;
  readonly #groups: Groups;
  readonly #received = { messages: 0, bytes: 0 };
  readonly #member: string;
  readonly #nodes = new Set<string>();
  #stopped = false;

  constructor(transport: Transport, options: BrokerBusOptions) {
    this.#transport = transport;
    this.#options = options;
    this.#maxBytes = options.maxInFlightBytes ?? 64 * MEBIBYTE;
    this.#maxMessages = options.maxInFlightMessages ?? 100_000;
    this.#member = `${options.node}-${randomUUID().slice(0, 8)}`;
    this.#outbox = new Outbox(transport, this.#deadlines);
    this.#questions = new Questions(transport);
    this.#channels = new Channels(transport, options.log);
    this.#groups = {
      MessagesIn: this.#createGroups('MessagesIn'),
      MessagesSent: this.#createGroups('MessagesSent'),
      Events: this.#createGroups('Events'),
    };
    this.parked = createParked(options.parking, (message) => this.#drive(message));
  }

  async start(): Promise<void> {
    try {
      await this.#transport.start({ connected: () => this.#connected() });
      if (this.#transport.assignment !== 'native') {
        await this.#transport.listen(NUDGE_CHANNEL, (group) => this.#nudged(Buffer.from(group).toString()));
      }
    } catch (error) {
      await this.#transport.stop();
      throw error;
    }
  }

  publish<T extends Topic>(topic: T, content: TopicContents[T], options?: { deadlineMs?: number }): Promise<void> {
    if (this.#stopped) return Promise.reject(stopped());
    if (this.#options.groups[topic].length === 0) return Promise.resolve();
    const { messages, bytes } = this.#outbox.load;
    if (messages >= this.#maxMessages || bytes >= this.#maxBytes) {
      const words = `${topic}: ${messages} messages of ${bytes} bytes are in flight, no more are taken`;
      return Promise.reject(new BusError('Full', words));
    }
    let body: Buffer;
    try {
      body = Buffer.from(JSON.stringify(content));
    } catch (error) {
      return Promise.reject(new BusError('Refused', `${topic}: the message is no JSON: ${reasonOf(error)}`));
    }
    const { client, id } = content;
    const deadlineMs = options?.deadlineMs ?? this.#options.deadlineMs ?? 10_000;
    const partition = partitionOf(client, this.#options.partitions);
    const expiresAt = performance.now() + deadlineMs;
    return this.#outbox.publish({ topic, partition, id, client, kind: kindOf(content), body, expiresAt }, deadlineMs);
  }

  async consume<T extends Topic>(
    topic: T,
    group: string,
    handler: BatchHandler<TopicContents[T]>,
    { only }: ConsumeOptions = {},
  ): Promise<Subscription> {
    if (this.#stopped) throw stopped();
    return this.#groupOf(topic, group).subscribe(handler, only);
  }

  async send(node: string, envelope: Envelope, options?: { timeoutMs?: number }): Promise<void> {
    if (this.#stopped) throw stopped();
    const timeoutMs = options?.timeoutMs ?? SEND_TIMEOUT_MS;
    await this.#questions.ask({ kind: 'node', name: node }, envelope, { timeoutMs });
  }

  async receive(node: string, handler: (envelope: Envelope) => Promise<void>): Promise<Subscription> {
    if (this.#stopped) throw stopped();
    if (this.#nodes.has(node)) throw new BusError('Refused', `two receive as the node ${node}: give each its own name`);
    this.#nodes.add(node);
    try {
      const subscription = await this.#questions.answer({ kind: 'node', name: node }, async (envelope) => {
        await handler(envelope as Envelope);
      });
      const close = () => subscription.close().finally(() => this.#nodes.delete(node));
      return { close };
    } catch (error) {
      this.#nodes.delete(node);
      throw error;
    }
  }

  async request(subject: string, question: unknown, options?: { timeoutMs?: number }): Promise<unknown> {
    if (this.#stopped) throw stopped();
    const timeoutMs = options?.timeoutMs ?? REQUEST_TIMEOUT_MS;
    return this.#questions.ask({ kind: 'subject', name: subject }, question, { timeoutMs });
  }

  async serve(subject: string, handler: (question: unknown) => Promise<unknown>): Promise<Subscription> {
    if (this.#stopped) throw stopped();
    return this.#questions.answer({ kind: 'subject', name: subject }, handler);
  }

  broadcast(channel: string, content: unknown): void {
    if (!this.#stopped) this.#channels.broadcast(channel, content);
  }

  async listen(channel: string, handler: (content: unknown) => void): Promise<Subscription> {
    if (this.#stopped) throw stopped();
    return this.#channels.listen(channel, handler);
  }

  health(): BusHealth {
    return this.#stopped ? { connected: false, reason: 'the bus was stopped' } : this.#transport.health();
  }

  /** What waits for the broker, and what the handlers here have or will have. */
  inFlight(): { messages: number; bytes: number } {
    const { load } = this.#outbox;
    return { messages: load.messages + this.#received.messages, bytes: load.bytes + this.#received.bytes };
  }

  async stop({ timeoutMs = STOP_TIMEOUT_MS }: { timeoutMs?: number } = {}): Promise<void> {
    if (this.#stopped) return;
    const until = performance.now() + timeoutMs;
    // Handlers end what they have; what waits behind it stays on the broker, for others or for the next start.
    await settledWithin(Promise.all(this.#allGroups().map((group) => group.leave())), timeoutMs);
    while (this.#isBusy() && performance.now() < until) await sleep(STOP_POLL_MS);
    this.#stopped = true;
    this.#outbox.stop();
    this.#questions.stop();
    this.#channels.stop();
    const ended = Promise.all(this.#allGroups().map((group) => group.end()));
    await settledWithin(ended, Math.max(until - performance.now(), STOP_POLL_MS));
    await this.#transport.stop();
    this.#deadlines.expireAll();
  }

  #createGroups<T extends Topic>(topic: T): ConsumedGroup<T>[] {
    const { partitions, leaseMs = LEASE_MS, maxUnacknowledged = MAX_UNACKNOWLEDGED } = this.#options;
    return this.#options.groups[topic].map(
      (group) =>
        new ConsumedGroup({
          topic,
          group,
          transport: this.#transport,
          partitions,
          member: this.#member,
          leaseMs,
          maxUnacknowledged,
          bus: this.#options,
          schedule: this.#scheduler.schedule,
          load: this.#received,
          questions: this.#questions,
          nudgeOthers: () => this.#transport.broadcast(NUDGE_CHANNEL, Buffer.from(`${this.#member} ${topic}/${group}`)),
        }),
    );
  }

  #drive(message: ParkedMessage): Promise<void> {
    if (this.#stopped) return Promise.reject(stopped());
    return this.#groupOf(message.topic, message.group).drive(
      message,
      partitionOf(message.client, this.#options.partitions),
    );
  }

  #connected(): void {
    this.#outbox.connected();
    for (const group of this.#allGroups()) group.connected();
  }

  #nudged(text: string): void {
    for (const topic of ['MessagesIn', 'MessagesSent', 'Events'] as const) {
      for (const group of this.#groups[topic]) {
        if (text.endsWith(` ${topic}/${group.queue.name}`) && !text.startsWith(`${this.#member} `)) group.nudge();
      }
    }
  }

  #groupOf<T extends Topic>(topic: T, group: string): ConsumedGroup<T> {
    const found = this.#groups[topic].find(({ queue }) => queue.name === group);
    if (!found) throw new BusError('NotFound', `${topic} has no group ${group} in the settings`);
    return found;
  }

  #allGroups(): readonly AnyGroup[] {
    return [...this.#groups.MessagesIn, ...this.#groups.MessagesSent, ...this.#groups.Events];
  }

  /** A broker that is away will not get on by waiting. */
  #isBusy(): boolean {
    if (!this.#transport.health().connected) return false;
    return this.#outbox.load.messages > 0 || this.#questions.size > 0;
  }

  #watch(): void {
    const now = performance.now();
    for (const group of this.#allGroups()) group.watch(now);
  }
}
