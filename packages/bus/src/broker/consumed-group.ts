import {
  type BatchHandler,
  BusError,
  type ParkedMessage,
  type Subscription,
  type Topic,
  type TopicContents,
} from '../bus.ts';
import { groupOptionsOf, kindOf } from '../delivery/group-options.ts';
import { GroupQueue } from '../delivery/group-queue.ts';
import type { Origin } from '../delivery/lane.ts';
import { reasonOf } from '../delivery/reasons.ts';
import type { BusOptions } from '../options.ts';
import { Holdings } from './holdings.ts';
import { Membership } from './membership.ts';
import type { Questions } from './questions.ts';
import type { AssignmentStore, Closing, Transport } from './transport.ts';

export interface ConsumedGroupOptions<T extends Topic> {
  topic: T;
  group: string;
  transport: Transport;
  partitions: number;
  /** Unique to this process and start. */
  member: string;
  leaseMs: number;
  maxUnacknowledged: number;
  bus: BusOptions;
  schedule(lane: { run(): void }): void;
  /** What was delivered here and has not ended. */
  load: { messages: number; bytes: number };
  questions: Questions;
  nudgeOthers(): void;
}

const DRIVE_TIMEOUT_MS = 60_000;
const EXCERPT_CHARACTERS = 200;

/** One group of one topic, as far as this process consumes it. */
export class ConsumedGroup<T extends Topic> {
  readonly queue: GroupQueue<TopicContents[T]>;
  readonly #options: ConsumedGroupOptions<T>;
  readonly #holdings: Holdings;
  #membership: Membership | undefined;
  #serving: Closing | undefined;
  /** Coming and going, one after the other. */
  #lifecycle: Promise<void> = Promise.resolve();

  constructor(options: ConsumedGroupOptions<T>) {
    this.#options = options;
    const { topic, group, transport, load, bus, schedule } = options;
    this.queue = new GroupQueue(
      groupOptionsOf<TopicContents[T]>(bus, topic, group, {
        schedule,
        leased: true,
        done: ({ bytes, origin, driven }) => {
          load.messages--;
          load.bytes -= bytes;
          origin?.handled();
          driven?.resolve();
        },
      }),
    );
    this.#holdings = new Holdings({
      maxUnacknowledged: options.maxUnacknowledged,
      leaseEndsAt: () =>
        transport.assignment === 'native' ? Number.POSITIVE_INFINITY : (this.#membership?.endsAt ?? 0),
      take: (body, origin) => this.#take(body, origin),
      open: (tenure) => transport.open({ topic, group, partition: tenure.partition }, tenure),
      released: (partition) => this.#membership?.release(partition),
      warn: (details, line) => this.#warn(details, line),
    });
  }

  /** Throws `BusError('Refused')` when `only` differs from that of the group's other consumers here. */
  async subscribe(
    handler: BatchHandler<TopicContents[T]>,
    only: ReadonlySet<string> | undefined,
  ): Promise<Subscription> {
    await this.#lifecycle;
    const isFirst = !this.queue.isSubscribed;
    const subscription = this.queue.subscribe(handler, only, kindOf);
    if (isFirst) await this.#inTurn(() => this.#enter());
    let closing: Promise<void> | undefined;
    return {
      close: () => {
        closing ??= this.#close(subscription);
        return closing;
      },
    };
  }

  /** The connection is back. */
  connected(): void {
    const turn = this.#membership?.turn() ?? Promise.resolve();
    void turn.then(() => this.#holdings.connected());
  }

  /** Another member changed the table. */
  nudge(): void {
    void this.#membership?.turn();
  }

  /** Hands a parked message to its group, here or in the process that has its partition. Rejects as its handler does. */
  async drive(message: ParkedMessage, partition: number): Promise<void> {
    const member = await this.#memberFor(partition);
    if (member === this.#options.member) return this.#handAgain(message);
    await this.#options.questions.ask({ kind: 'group', name: this.#driveName(member) }, message, {
      timeoutMs: DRIVE_TIMEOUT_MS,
      whenNobody: `nobody consumes as ${this.queue.name} now`,
    });
  }

  /** Stops consuming. What was not handled goes to the other members, or waits on the broker. */
  leave(): Promise<void> {
    return this.#inTurn(() => this.#leave());
  }

  /** Calls no handler any more, and renews no lease. Resolves when handlers have ended: some do not come back. */
  async end(): Promise<void> {
    this.#membership?.abandon();
    await this.queue.end();
    this.#dropHeld();
  }

  /** Says so when a handler seems to hang. */
  watch(now: number): void {
    this.queue.watch(now);
  }

  get #name(): string {
    return `${this.#options.topic}/${this.#options.group}`;
  }

  /** That the broker is away is said once, and not by every group. */
  #warn(details: object, line: string): void {
    const { transport, bus } = this.#options;
    if (transport.health().connected) bus.log?.warn({ group: this.#name, ...details }, line);
  }

  #inTurn(step: () => Promise<void>): Promise<void> {
    const done = this.#lifecycle.then(step);
    this.#lifecycle = done.catch(() => {});
    return done;
  }

  async #close(subscription: Subscription): Promise<void> {
    await subscription.close();
    await this.#inTurn(async () => {
      if (!this.queue.isSubscribed) await this.#leave();
    });
  }

  async #enter(): Promise<void> {
    const { transport, member, questions } = this.#options;
    const { assignment } = transport;
    const name = this.#driveName(assignment === 'native' ? undefined : member);
    this.#serving = await questions.answer({ kind: 'group', name }, (message) =>
      this.#handAgain(message as ParkedMessage),
    );
    if (assignment === 'native') return this.#holdings.assigned(this.#allPartitions(), new Set());
    this.#membership = this.#createMembership(assignment);
    await this.#membership.join();
  }

  async #leave(): Promise<void> {
    this.#dropHeld();
    await this.#serving?.close();
    this.#serving = undefined;
    await this.#holdings.closeAll();
    await this.#membership?.leave();
    this.#membership = undefined;
    this.#dropHeld();
  }

  #dropHeld(): void {
    for (const entry of this.queue.takeHeld()) {
      entry.driven?.reject(new BusError('NobodyThere', `nobody consumes as ${this.queue.name} now`));
      this.#options.load.messages--;
      this.#options.load.bytes -= entry.bytes;
    }
  }

  #createMembership(store: AssignmentStore): Membership {
    const { member, partitions, leaseMs, nudgeOthers } = this.#options;
    return new Membership({
      store,
      key: this.#key,
      member,
      partitions,
      leaseMs,
      assigned: (mine, surplus) => this.#holdings.assigned(mine, surplus),
      lapsed: () => this.#holdings.loseAll('its lease ran out: this process was paused, or cut off'),
      nudgeOthers,
      warn: (details, line) => this.#warn(details, line),
    });
  }

  get #key(): string {
    return `assignment/${this.#name}`;
  }

  #allPartitions(): Set<number> {
    return new Set(Array.from({ length: this.#options.partitions }, (_, partition) => partition));
  }

  #take(body: Uint8Array, origin: Origin): void {
    let content: TopicContents[T];
    try {
      content = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString()) as TopicContents[T];
      if (typeof content.client !== 'string') throw new TypeError('it has no `client`');
    } catch (error) {
      this.#drop(body, origin, reasonOf(error));
      return;
    }
    if (!this.queue.wants(kindOf(content))) {
      finish(origin);
      return;
    }
    this.#options.load.messages++;
    this.#options.load.bytes += body.length;
    this.queue.push({ content, client: content.client, bytes: body.length, origin });
  }

  /** Parking needs an id and a client: what has neither was written by somebody else. */
  #drop(body: Uint8Array, origin: Origin, reason: string): void {
    const text = Buffer.from(body).toString().slice(0, EXCERPT_CHARACTERS);
    const { bus, transport } = this.#options;
    bus.log?.error(
      { group: this.#name, reason, text },
      `A message on ${transport.name} is no envelope and is left out; find out who writes there`,
    );
    finish(origin);
  }

  #handAgain({ content, client }: ParkedMessage): Promise<void> {
    const { queue } = this;
    if (!queue.isSubscribed) {
      return Promise.reject(new BusError('NobodyThere', `nobody consumes as ${queue.name} now`));
    }
    this.#options.load.messages++;
    return new Promise((resolve, reject) => {
      queue.push({ content: content as TopicContents[T], client, bytes: 0, driven: { resolve, reject } });
    });
  }

  /** Whom a message of this partition is driven by; undefined: any who consumes. */
  async #memberFor(partition: number): Promise<string | undefined> {
    const { transport, member } = this.#options;
    if (transport.assignment === 'native') return this.queue.isSubscribed ? member : undefined;
    const found = await transport.assignment.read(this.#key);
    const owner: unknown = found && JSON.parse(found.value).owners[partition];
    if (typeof owner === 'string') return owner;
    throw new BusError('NobodyThere', `nobody consumes as ${this.queue.name} now`);
  }

  #driveName(member: string | undefined): string {
    return `drive/${this.#name}${member === undefined ? '' : `/${member}`}`;
  }
}

/** Acknowledges what needs no handler. */
function finish(origin: Origin): void {
  origin.begin?.();
  origin.handled();
}
