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
import { JsonCopier } from '../copy-json.ts';
import { Deadlines } from '../delivery/deadlines.ts';
import { groupOptionsOf, kindOf } from '../delivery/group-options.ts';
import { GroupQueue } from '../delivery/group-queue.ts';
import { LaneScheduler } from '../delivery/lane-scheduler.ts';
import { createParked } from '../delivery/parked-messages.ts';
import { reasonOf, stopped } from '../delivery/reasons.ts';
import { settledWithin, sleep } from '../delivery/waiting.ts';
import type { DomainEvent, Envelope } from '../envelope.ts';
import type { BusOptions } from '../options.ts';
import { Calls } from './calls.ts';
import { type Load, Publication } from './publication.ts';

export interface MemoryBusOptions extends BusOptions {
  /** Bytes that a message counts for; absent: estimated while it is copied. */
  sizeOf?: (content: Envelope | DomainEvent) => number;
}

const MEBIBYTE = 1024 * 1024;
const SEND_TIMEOUT_MS = 5000;
const REQUEST_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 10_000;
const STOP_POLL_MS = 5;

/**
 * The bus of one process. `publish` resolves when every group has handled the message, or parked it: "durable" is
 * what the groups' own stores make of it. Nothing survives the process; whoever was not answered asks again.
 */
export function createMemoryBus(options: MemoryBusOptions): ConnectedBus {
  return new MemoryBus(options);
}

type Queues = { readonly [T in Topic]: readonly GroupQueue<TopicContents[T]>[] };

class MemoryBus implements ConnectedBus {
  readonly parked: Parked;
  readonly #options: MemoryBusOptions;
  readonly #maxBytes: number;
  readonly #maxMessages: number;
  readonly #deadlineMs: number;
  readonly #load: Load = { messages: 0, bytes: 0 };
  readonly #copier = new JsonCopier();
  readonly #deadlines = new Deadlines(() => this.#watch());
  readonly #nodes = new Calls('node', this.#deadlines, this.#copier);
  readonly #subjects = new Calls('subject', this.#deadlines, this.#copier);
  readonly #listeners = new Map<string, Set<(content: unknown) => void>>();
  readonly #queues: Queues;
  readonly #scheduler = new LaneScheduler();
  #stopped = false;

  constructor(options: MemoryBusOptions) {
    this.#options = options;
    this.#maxBytes = options.maxInFlightBytes ?? 64 * MEBIBYTE;
    this.#maxMessages = options.maxInFlightMessages ?? 100_000;
    this.#deadlineMs = options.deadlineMs ?? 10_000;
    this.#queues = {
      MessagesIn: this.#createQueues('MessagesIn'),
      MessagesSent: this.#createQueues('MessagesSent'),
      Events: this.#createQueues('Events'),
    };
    this.parked = createParked(options.parking, (message) => this.#handAgain(message));
  }

  publish<T extends Topic>(topic: T, content: TopicContents[T], options?: { deadlineMs?: number }): Promise<void> {
    if (this.#stopped) return Promise.reject(stopped());
    const kind = kindOf(content);
    let publication: Publication | undefined;
    for (const queue of this.#queues[topic]) {
      if (!queue.wants(kind)) continue;
      if (!publication) {
        const refusal = this.#refusal(topic);
        if (refusal) return Promise.reject(refusal);
      }
      this.#copier.bytes = 0;
      let copy: TopicContents[T];
      try {
        copy = this.#copier.copy(content);
      } catch (error) {
        return Promise.reject(new BusError('Refused', `${topic}: the message cannot be copied: ${reasonOf(error)}`));
      }
      const bytes = this.#options.sizeOf?.(content) ?? this.#copier.bytes;
      publication ??= this.#createPublication(topic, options?.deadlineMs ?? this.#deadlineMs);
      publication.addGroup();
      this.#load.bytes += bytes;
      queue.push({ content: copy, client: copy.client, bytes, origin: publication });
    }
    return publication ? publication.promise : Promise.resolve();
  }

  async consume<T extends Topic>(
    topic: T,
    group: string,
    handler: BatchHandler<TopicContents[T]>,
    { only }: ConsumeOptions = {},
  ): Promise<Subscription> {
    if (this.#stopped) throw stopped();
    return this.#queueOf(topic, group).subscribe(handler, only, kindOf);
  }

  async send(node: string, envelope: Envelope, options?: { timeoutMs?: number }): Promise<void> {
    if (this.#stopped) throw stopped();
    await this.#nodes.call(node, envelope, options?.timeoutMs ?? SEND_TIMEOUT_MS);
  }

  async receive(node: string, handler: (envelope: Envelope) => Promise<void>): Promise<Subscription> {
    if (this.#stopped) throw stopped();
    if (this.#nodes.has(node)) throw new BusError('Refused', `two receive as the node ${node}: give each its own name`);
    return this.#nodes.add(node, (envelope) => handler(envelope as Envelope));
  }

  async request(subject: string, question: unknown, options?: { timeoutMs?: number }): Promise<unknown> {
    if (this.#stopped) throw stopped();
    return this.#subjects.call(subject, question, options?.timeoutMs ?? REQUEST_TIMEOUT_MS);
  }

  async serve(subject: string, handler: (question: unknown) => Promise<unknown>): Promise<Subscription> {
    if (this.#stopped) throw stopped();
    return this.#subjects.add(subject, handler);
  }

  broadcast(channel: string, content: unknown): void {
    const listeners = this.#listeners.get(channel);
    if (!listeners || this.#stopped) return;
    for (const listener of listeners) {
      try {
        const copy = this.#copier.copy(content);
        queueMicrotask(() => this.#tell(channel, listener, copy));
      } catch (error) {
        this.#options.log?.error({ channel, reason: reasonOf(error) }, 'Broadcast cannot be copied; it is dropped');
        return;
      }
    }
  }

  async listen(channel: string, listener: (content: unknown) => void): Promise<Subscription> {
    if (this.#stopped) throw stopped();
    const own = (content: unknown) => listener(content);
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(own));
    return {
      close: async () => {
        listeners.delete(own);
        if (listeners.size === 0 && this.#listeners.get(channel) === listeners) this.#listeners.delete(channel);
      },
    };
  }

  /** It is there as long as this process is. */
  health(): BusHealth {
    return this.#stopped ? { connected: false, reason: 'the bus was stopped' } : { connected: true };
  }

  inFlight(): { messages: number; bytes: number } {
    return { ...this.#load };
  }

  async stop({ timeoutMs = STOP_TIMEOUT_MS }: { timeoutMs?: number } = {}): Promise<void> {
    const until = performance.now() + timeoutMs;
    while (this.#isBusy() && performance.now() < until) await sleep(STOP_POLL_MS);
    this.#stopped = true;
    this.#nodes.stop();
    this.#subjects.stop();
    this.#listeners.clear();
    const ended = Promise.all(this.#allQueues().map((queue) => queue.end()));
    this.#deadlines.expireAll();
    await settledWithin(ended, Math.max(until - performance.now(), STOP_POLL_MS));
  }

  #createQueues<T extends Topic>(topic: T): GroupQueue<TopicContents[T]>[] {
    return this.#options.groups[topic].map((group) => {
      const options = groupOptionsOf<TopicContents[T]>(this.#options, topic, group, {
        schedule: this.#scheduler.schedule,
        done: ({ bytes, origin, driven }) => {
          this.#load.bytes -= bytes;
          origin?.handled();
          driven?.resolve();
        },
      });
      return new GroupQueue(options);
    });
  }

  #handAgain({ topic, group, client, content }: ParkedMessage): Promise<void> {
    if (this.#stopped) return Promise.reject(stopped());
    const queue = this.#queueOf(topic, group);
    if (!queue.isSubscribed) return Promise.reject(new BusError('NobodyThere', `nobody consumes as ${group} now`));
    const copy = this.#copier.copy(content) as TopicContents[typeof topic];
    return new Promise((resolve, reject) => {
      (queue as GroupQueue<typeof copy>).push({ content: copy, client, bytes: 0, driven: { resolve, reject } });
    });
  }

  #createPublication(topic: Topic, deadlineMs: number): Publication {
    return new Publication(deadlineMs, this.#load, this.#deadlines, () => this.#whyLate(topic, deadlineMs));
  }

  #whyLate(topic: Topic, deadlineMs: number): BusError {
    if (this.#stopped) return stopped();
    const behind = this.#queues[topic].filter((queue) => queue.length > 0).map((queue) => queue.name);
    return new BusError('Deadline', `${topic}: not handled within ${deadlineMs} ms by ${behind.join(', ')}`);
  }

  #refusal(topic: Topic): BusError | undefined {
    const { messages, bytes } = this.#load;
    if (messages < this.#maxMessages && bytes < this.#maxBytes) return undefined;
    return new BusError('Full', `${topic}: ${messages} messages of ${bytes} bytes are in flight, no more are taken`);
  }

  #queueOf<T extends Topic>(topic: T, group: string): GroupQueue<TopicContents[T]> {
    const queue = this.#queues[topic].find(({ name }) => name === group);
    if (!queue) throw new BusError('NotFound', `${topic} has no group ${group} in the settings`);
    return queue;
  }

  #allQueues(): readonly { length: number; isSubscribed: boolean; end(): Promise<void>; watch(now: number): void }[] {
    return [...this.#queues.MessagesIn, ...this.#queues.MessagesSent, ...this.#queues.Events];
  }

  /** A group that nobody consumes for will not get on by waiting. */
  #isBusy(): boolean {
    if (this.#nodes.size > 0 || this.#subjects.size > 0) return true;
    return this.#allQueues().some((queue) => queue.isSubscribed && queue.length > 0);
  }

  #watch(): void {
    const now = performance.now();
    for (const queue of this.#allQueues()) queue.watch(now);
  }

  #tell(channel: string, listener: (content: unknown) => void, content: unknown): void {
    try {
      listener(content);
    } catch (error) {
      this.#options.log?.error({ channel, reason: reasonOf(error) }, 'A listener failed; the others go on');
    }
  }
}
