import { Duration, type Message, type PubSub, type Subscription, type Topic } from '@google-cloud/pubsub';
import { PendingReplies, unanswered } from '../broker/pending-replies.ts';
import type { Address, Closing } from '../broker/transport.ts';
import { BusError } from '../bus.ts';
import type { Deadlines } from '../delivery/deadlines.ts';
import { reasonOf } from '../delivery/reasons.ts';
import type { BusLog } from '../options.ts';
import { STREAMING } from './group-subscription.ts';
import { addressOf, Neighbours, type Presence } from './neighbours.ts';
import { wordsOf } from './status.ts';
import { createProcessSubscription, onceWithin, type TopologyOptions } from './topology.ts';

export interface ProcessChannelOptions extends TopologyOptions {
  client: PubSub;
  /** Unique to this process and start. */
  member: string;
  presenceMs: number;
  deadlines: Deadlines;
  log: BusLog | undefined;
  succeeded(): void;
  failed(error: unknown): void;
  /** The stream of messages ended and is opened again by the library. */
  stumbled(): void;
}

type Responder = (question: Uint8Array) => Promise<Buffer>;
type Listener = (content: Uint8Array) => void;

const TO_ALL = '*';
const CALL_TIMEOUT_MS = 5000;
const CLOSE_WITHIN = Duration.from({ seconds: 1 });
const REOPEN_MS = 1000;
/** What waits to be published for listeners, which have no memory. */
const MAX_BROADCASTS_UNDER_WAY = 1000;

/**
 * What processes say to each other over Pub/Sub: questions, answers, broadcasts. All publish on one topic; each has a
 * subscription of its own, filtered by whom a message is for. Pub/Sub does not know who listens, so everybody says so.
 */
export class ProcessChannel {
  readonly #options: ProcessChannelOptions;
  readonly #topic: Topic;
  readonly #neighbours: Neighbours;
  readonly #replies: PendingReplies<Uint8Array>;
  readonly #responders = new Map<string, Responder[]>();
  readonly #listeners = new Map<string, Listener>();
  #subscription: Subscription | undefined;
  #timer: NodeJS.Timeout | undefined;
  #broadcasts = 0;
  #turn = 0;
  #stopped = false;

  constructor(options: ProcessChannelOptions) {
    this.#options = options;
    this.#neighbours = new Neighbours(3 * options.presenceMs);
    this.#replies = new PendingReplies(options.deadlines);
    this.#topic = options.client.topic(options.names.processes, {
      messageOrdering: true,
      batching: { maxMilliseconds: 1 },
      gaxOpts: onceWithin(CALL_TIMEOUT_MS),
    });
  }

  /** Rejects with `PubsubSetupError`. */
  async start(): Promise<void> {
    await this.#open();
    this.#timer = setInterval(() => void this.saySelf(), this.#options.presenceMs);
    await this.saySelf({ isNew: true });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    // It never began: the library would throw where nobody can catch it.
    if (!this.#timer) return;
    this.#replies.rejectAll(new BusError('Stopped', 'the bus was stopped'));
    await this.saySelf({ isLeaving: true });
    await this.#closeSubscription();
    const { client, names, member, timeoutMs } = this.#options;
    // What stays behind expires after a day.
    await client
      .subscription(names.process(member))
      .delete(onceWithin(timeoutMs))
      .catch(() => {});
  }

  async ask(address: Address, question: Buffer, timeoutMs: number): Promise<Uint8Array> {
    const what = `the ${address.kind} ${address.name}`;
    const nobody = () => new BusError('NobodyThere', `nobody is there for ${what}`);
    const name = addressOf(address);
    const here = this.#responderOf(name);
    const { number, promise } = this.#replies.add(timeoutMs, () => unanswered(what, timeoutMs));
    if (here) {
      void here(question).then((answer) => this.#replies.resolve(number, answer));
      return promise;
    }
    const member = this.#neighbours.whoAnswers(name);
    if (member === undefined) {
      this.#replies.reject(number, nobody());
      return promise;
    }
    this.#publish(member, { kind: 'question', address: name, number: `${number}` }, question).catch((error) => {
      this.#replies.reject(number, new BusError('Timeout', `${what} cannot be asked: ${wordsOf(error)}`));
    });
    const answer = await promise;
    if (answer === NOBODY) throw nobody();
    return answer;
  }

  async answer(address: Address, responder: Responder): Promise<Closing> {
    const name = addressOf(address);
    const own: Responder = (question) => responder(question);
    this.#responders.set(name, [...(this.#responders.get(name) ?? []), own]);
    await this.saySelf();
    return {
      close: async () => {
        const left = (this.#responders.get(name) ?? []).filter((other) => other !== own);
        if (left.length > 0) this.#responders.set(name, left);
        else this.#responders.delete(name);
        await this.saySelf();
      },
    };
  }

  broadcast(channel: string, content: Buffer): void {
    const own = this.#listeners.get(channel);
    if (own) queueMicrotask(() => own(content));
    if (!this.#neighbours.anybodyListens(channel) || this.#broadcasts >= MAX_BROADCASTS_UNDER_WAY) return;
    this.#broadcasts++;
    const orderingKey = this.#options.member;
    void this.#publish(TO_ALL, { kind: 'broadcast', channel }, content, orderingKey)
      .catch(() => this.#topic.resumePublishing(orderingKey))
      .finally(() => this.#broadcasts--);
  }

  async listen(channel: string, listener: Listener): Promise<Closing> {
    this.#listeners.set(channel, listener);
    await this.saySelf();
    return {
      close: async () => {
        this.#listeners.delete(channel);
        await this.saySelf();
      },
    };
  }

  async #open(): Promise<void> {
    const { client, member, log } = this.#options;
    const name = await createProcessSubscription(this.#options, member);
    const subscription = client.subscription(name, {
      batching: { maxMilliseconds: 10 },
      streamingOptions: STREAMING,
      closeOptions: { behavior: 'NACK', timeout: CLOSE_WITHIN },
    });
    this.#subscription = subscription;
    subscription.on('message', (message: Message) => {
      message.ack();
      this.#arrived(message);
    });
    subscription.on('error', (error: Error) => {
      log?.error(
        { subscription: name, reason: wordsOf(error) },
        'Pub/Sub brings no questions any more; the subscription is made again',
      );
    });
    subscription.on('debug', this.#options.stumbled);
    subscription.on('close', () => void this.#openAgain(subscription));
  }

  /** Never rejects. */
  async #openAgain(closed: Subscription): Promise<void> {
    if (this.#subscription !== closed) return;
    this.#subscription = undefined;
    while (!this.#stopped && !this.#subscription) {
      await new Promise((resolve) => setTimeout(resolve, REOPEN_MS));
      if (this.#stopped) return;
      await this.#open().catch((error) => this.#options.failed(error));
    }
    await this.saySelf({ isNew: true });
  }

  async #closeSubscription(): Promise<void> {
    const subscription = this.#subscription;
    this.#subscription = undefined;
    await subscription?.close().catch(() => {});
  }

  #arrived({ data, attributes }: Message): void {
    const { kind, from = '', number, address = '', channel = '' } = attributes;
    if (from === this.#options.member) return;
    try {
      if (kind === 'presence') this.#met(from, JSON.parse(data.toString()));
      else if (kind === 'question') void this.#answer(from, address, number ?? '', data);
      else if (kind === 'answer') this.#replies.resolve(Number(number), data);
      else if (kind === 'nobody') this.#replies.resolve(Number(number), NOBODY);
      else if (kind === 'broadcast') this.#listeners.get(channel)?.(data);
    } catch (error) {
      this.#options.log?.error(
        { from, kind, reason: reasonOf(error) },
        'What another process said over Pub/Sub cannot be read',
      );
    }
  }

  #met(member: string, presence: Presence): void {
    this.#neighbours.heard(member, presence);
    if (presence.isNew) void this.saySelf({}, member);
  }

  /** Never rejects. */
  async #answer(from: string, address: string, number: string, question: Uint8Array): Promise<void> {
    const responder = this.#responderOf(address);
    const kind = responder ? 'answer' : 'nobody';
    const answer = (await responder?.(question)) ?? Buffer.from('-');
    // Who asked has a time-out; an answer that is lost is told by it.
    await this.#publish(from, { kind, number }, answer).catch(() => {});
  }

  /** Several here answer in turn. */
  #responderOf(address: string): Responder | undefined {
    const responders = this.#responders.get(address);
    return responders?.[this.#turn++ % responders.length];
  }

  /** Tells the others what is answered here. Never rejects: it is said again soon. */
  async saySelf(more: Pick<Presence, 'isNew' | 'isLeaving'> = {}, to = TO_ALL): Promise<void> {
    const presence: Presence = {
      addresses: [...this.#responders.keys()],
      channels: [...this.#listeners.keys()],
      ...more,
    };
    await this.#publish(to, { kind: 'presence' }, Buffer.from(JSON.stringify(presence))).catch(() => {});
  }

  async #publish(to: string, attributes: Record<string, string>, data: Buffer, orderingKey?: string): Promise<void> {
    const message = { data, attributes: { ...attributes, to, from: this.#options.member } };
    try {
      await this.#topic.publishMessage(orderingKey === undefined ? message : { ...message, orderingKey });
      this.#options.succeeded();
    } catch (error) {
      this.#options.failed(error);
      throw error;
    }
  }
}

/** In place of an answer. */
const NOBODY: Uint8Array = Buffer.from('nobody');
