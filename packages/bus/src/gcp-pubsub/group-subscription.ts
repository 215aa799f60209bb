import { Duration, type Message, type PubSub, type Subscription } from '@google-cloud/pubsub';
import type { OpenPartition, PartitionReceiver } from '../broker/transport.ts';
import type { BusLog } from '../options.ts';
import { wordsOf } from './status.ts';

export interface GroupSubscriptionOptions {
  client: PubSub;
  name: string;
  partitions: number;
  /** Finds or makes the subscription on the server. */
  ensure(): Promise<void>;
  log: BusLog | undefined;
  /** The stream of messages ended and is opened again by the library. */
  stumbled(): void;
}

const FLOW_MESSAGES = 2000;
const FLOW_BYTES = 64 * 1024 * 1024;
/** As long as handlers and their retries may take; a message that is not acknowledged by then comes again. */
const LONGEST_LEASE = Duration.from({ hours: 24 });
/** So long the messages of a process that was killed or paused stay with it. The shortest that Pub/Sub takes is 10 s. */
const ACK_DEADLINE = Duration.from({ seconds: 15 });
const CLOSE_WITHIN = Duration.from({ seconds: 2 });
/** One stream is enough for 10 MB/s. Between attempts to open it anew the library would wait up to a minute. */
export const STREAMING = { maxStreams: 1, retryMaxBackoff: Duration.from({ seconds: 2 }) };
const ACK_DELAY_MS = 20;

/**
 * What Pub/Sub delivers of one group of one topic, shared out to the partitions. The ordering key is the partition;
 * Pub/Sub gives the messages of a key to one process at a time, as long as any of them is not acknowledged.
 */
export class GroupSubscription {
  readonly #options: GroupSubscriptionOptions;
  readonly #partitions = new Map<number, PartitionMessages>();
  #subscription: Subscription | undefined;
  #starting: Promise<void> | undefined;

  constructor(options: GroupSubscriptionOptions) {
    this.#options = options;
  }

  async open(partition: number, receiver: PartitionReceiver): Promise<OpenPartition> {
    this.#starting ??= this.#start();
    try {
      await this.#starting;
    } catch (error) {
      this.#starting = undefined;
      throw error;
    }
    const messages = this.#messagesOf(partition);
    messages.use(receiver);
    return { close: () => this.#closed(partition, receiver) };
  }

  async close(): Promise<void> {
    const subscription = this.#subscription;
    this.#subscription = undefined;
    this.#starting = undefined;
    this.#partitions.clear();
    if (!subscription) return;
    subscription.removeAllListeners('close');
    // Gives back what is not acknowledged, so that the next consumer need not wait for the lease to end.
    await subscription.close().catch(() => {});
  }

  async #start(): Promise<void> {
    const { client, name, ensure, log } = this.#options;
    await ensure();
    const subscription = client.subscription(name, {
      flowControl: { maxMessages: FLOW_MESSAGES, maxBytes: FLOW_BYTES },
      maxExtensionTime: LONGEST_LEASE,
      maxAckDeadline: ACK_DEADLINE,
      batching: { maxMilliseconds: ACK_DELAY_MS },
      streamingOptions: STREAMING,
      closeOptions: { behavior: 'NACK', timeout: CLOSE_WITHIN },
    });
    this.#subscription = subscription;
    subscription.on('message', (message: Message) => this.#arrived(message));
    subscription.on('error', (error: Error) => {
      log?.error(
        { subscription: name, reason: wordsOf(error) },
        `Pub/Sub delivers nothing any more of ${name}; it is opened again`,
      );
      this.#lost(subscription, wordsOf(error));
    });
    subscription.on('debug', this.#options.stumbled);
    subscription.on('close', () => this.#lost(subscription, 'Pub/Sub ended the delivery'));
  }

  #arrived(message: Message): void {
    const partition = Number(message.orderingKey);
    // What another program published without a partition still goes to the group, which says what is wrong with it.
    const known = Number.isInteger(partition) && partition >= 0 ? partition % this.#options.partitions : 0;
    this.#messagesOf(known).add(message);
  }

  #messagesOf(partition: number): PartitionMessages {
    const known = this.#partitions.get(partition);
    if (known) return known;
    const messages = new PartitionMessages();
    this.#partitions.set(partition, messages);
    return messages;
  }

  #lost(subscription: Subscription, reason: string): void {
    if (this.#subscription !== subscription) return;
    const receivers = [...this.#partitions.values()].flatMap(({ receiver }) => (receiver ? [receiver] : []));
    void this.close();
    for (const receiver of receivers) receiver.lost(reason);
  }

  async #closed(partition: number, receiver: PartitionReceiver): Promise<void> {
    const messages = this.#partitions.get(partition);
    if (messages?.receiver !== receiver) return;
    messages.release();
    if ([...this.#partitions.values()].every((other) => other.receiver === undefined)) await this.close();
  }
}

/** What was delivered of one partition and is not acknowledged, in order; it waits until somebody opens the partition. */
class PartitionMessages {
  receiver: PartitionReceiver | undefined;
  /** By Pub/Sub's id. */
  readonly #messages = new Map<string, Message>();
  /** Of these, how many the receiver has; they are the first. */
  readonly #handed = new Set<string>();

  use(receiver: PartitionReceiver): void {
    this.receiver = receiver;
    this.#hand();
  }

  add(message: Message): void {
    // A repeat of what is here already, since its lease ran out meanwhile: the newer one can be acknowledged.
    this.#messages.set(message.id, message);
    this.#hand();
  }

  /** The receiver is gone: what it did not acknowledge is for the next one. */
  release(): void {
    this.receiver = undefined;
    this.#handed.clear();
  }

  #hand(): void {
    const { receiver } = this;
    if (!receiver || this.#handed.size >= receiver.maxUnacknowledged) return;
    for (const [id, message] of this.#messages) {
      if (this.#handed.has(id)) continue;
      if (this.#handed.size >= receiver.maxUnacknowledged) return;
      this.#handed.add(id);
      receiver.deliver(message.data, () => this.#acknowledge(id, receiver));
    }
  }

  #acknowledge(id: string, receiver: PartitionReceiver): void {
    if (this.receiver !== receiver) return;
    this.#messages.get(id)?.ack();
    this.#messages.delete(id);
    this.#handed.delete(id);
    this.#hand();
  }
}
