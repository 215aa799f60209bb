import {
  type BatchHandler,
  BusError,
  type ConsumeOptions,
  type ParkedMessage,
  type Subscription,
  type Topic,
  type TopicContents,
} from '../bus.ts';
import { JsonCopier } from '../copy-json.ts';
import { groupOptionsOf, kindOf } from '../delivery/group-options.ts';
import { GroupQueue } from '../delivery/group-queue.ts';
import { LaneScheduler } from '../delivery/lane-scheduler.ts';
import type { DomainEvent, Envelope } from '../envelope.ts';
import type { BusOptions } from '../options.ts';

type Content = Envelope | DomainEvent;

/** The groups that this process consumes for, and what they have to do. */
export class Groups {
  readonly #options: BusOptions;
  readonly #copier = new JsonCopier();
  readonly #scheduler = new LaneScheduler();
  readonly #queues = new Map<string, GroupQueue<Content>>();

  /** `groups`: those of this process. */
  constructor(options: BusOptions, groups: readonly string[]) {
    this.#options = options;
    for (const [topic, named] of Object.entries(options.groups) as [Topic, readonly string[]][]) {
      for (const group of named) {
        if (groups.includes(group)) this.#queues.set(`${topic}/${group}`, this.#createQueue(topic, group));
      }
    }
  }

  queueOf(topic: Topic, group: string): GroupQueue<Content> | undefined {
    return this.#queues.get(`${topic}/${group}`);
  }

  /** `topic/group` of those that somebody has subscribed to. */
  consumed(): string[] {
    return [...this.#queues].filter(([, queue]) => queue.isSubscribed).map(([name]) => name);
  }

  subscribe<T extends Topic>(
    topic: T,
    group: string,
    handler: BatchHandler<TopicContents[T]>,
    { only }: ConsumeOptions,
  ): Subscription {
    const queue = this.queueOf(topic, group);
    if (queue) return queue.subscribe(handler as BatchHandler<Content>, only, kindOf);
    const known = this.#options.groups[topic].includes(group);
    const why = known ? 'is consumed by other processes (zeromq.peers)' : 'is not in the settings';
    throw new BusError('NotFound', `the group ${group} of ${topic} ${why}`);
  }

  /** A group that nobody consumes for will not get on by waiting. */
  get isBusy(): boolean {
    return [...this.#queues.values()].some((queue) => queue.isSubscribed && queue.length > 0);
  }

  watch(now: number): void {
    for (const queue of this.#queues.values()) queue.watch(now);
  }

  async end(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.end()));
  }

  /** Resolves when the group has handled a parked message; rejects with the handler's error. */
  async handAgain({ topic, group, client, content }: ParkedMessage): Promise<void> {
    const queue = this.queueOf(topic, group);
    if (!queue?.isSubscribed) throw new BusError('NobodyThere', `nobody consumes as ${group} in this process now`);
    const copy = this.#copier.copy(content);
    return new Promise((resolve, reject) => {
      queue.push({ content: copy, client, bytes: 0, driven: { resolve, reject } });
    });
  }

  #createQueue(topic: Topic, group: string): GroupQueue<Content> {
    return new GroupQueue(
      groupOptionsOf<Content>(this.#options, topic, group, {
        schedule: this.#scheduler.schedule,
        done: ({ origin, driven }) => {
          origin?.handled();
          driven?.resolve();
        },
      }),
    );
  }
}
