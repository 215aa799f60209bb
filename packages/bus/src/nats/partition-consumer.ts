import { type ConsumerInfo, type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { createInbox, type Msg, type NatsConnection, nanos, type Subscription } from '@nats-io/transport-node';
import type { OpenPartition, PartitionReceiver } from '../broker/transport.ts';
import { reasonOf } from '../delivery/reasons.ts';
import { sleep } from '../delivery/waiting.ts';
import type { BusLog } from '../options.ts';
import { type DeliveryNumbers, readDelivery } from './delivery-numbers.ts';
import { ACK_WAIT_MS } from './topology.ts';
import { ackSubject, unacknowledgedOf } from './unacknowledged.ts';

export interface PartitionConsumerOptions {
  connection: NatsConnection;
  stream: string;
  consumer: string;
  receiver: PartitionReceiver;
  log: BusLog | undefined;
  /** Called once, when it is closed or lost. */
  ended(consumer: PartitionConsumer): void;
}

/** One request for messages. */
interface Pull {
  /** How many messages it may still bring. */
  left: number;
  timer: NodeJS.Timeout;
  subscription: Subscription;
}

interface Arrived {
  streamSequence: number;
  data: Uint8Array;
  /** Where its acknowledgement goes. */
  reply: string;
}

/** Of a pull. Shorter than any lease, so that nothing is sent to a process that has lost the partition. */
const PULL_MS = 5000;
/** Below this a pull is not worth it. */
const SHORTEST_PULL_MS = 100;
/** The server says when the time of a pull is over. When it has not so long afterwards, it is asked whether the consumer is there. */
const PULL_GRACE_MS = 1000;
const PAUSE_MS = 100;
/** Between two looks whether there is room for more of what was delivered before. */
const ROOM_MS = 20;
const ACK = Buffer.from('+ACK');

/**
 * Pulls one partition of one group from its durable consumer.
 *
 * What an earlier process had and did not acknowledge would come again only after `ack_wait`, behind newer messages. So
 * whoever opens the partition first takes that from the stream (`unacknowledged.ts`). Consumer sequences have no gaps: a
 * gap means that something was delivered elsewhere.
 */
export class PartitionConsumer implements OpenPartition {
  readonly #options: PartitionConsumerOptions;
  /** Stream sequences of what was delivered here and is not acknowledged. */
  readonly #unacknowledged = new Set<number>();
  readonly #pulls = new Set<Pull>();
  #lastSequence = 0;
  #laterTimer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(options: PartitionConsumerOptions) {
    this.#options = options;
  }

  /** Rejects when the consumer is not there, or the server does not answer. */
  async open(): Promise<void> {
    const { connection, stream, consumer } = this.#options;
    const manager = await jetstreamManager(connection, { checkAPI: false });
    const info = await this.#withSettings(manager, await manager.consumers.info(stream, consumer));
    if (this.#ended) return;
    this.#lastSequence = info.delivered.consumer_seq;
    void this.#begin(manager, info);
  }

  /** Never rejects. */
  async #begin(manager: JetStreamManager, info: ConsumerInfo): Promise<void> {
    const { stream, consumer, receiver } = this.#options;
    try {
      for await (const { seq, data } of unacknowledgedOf(manager, info)) {
        while (!this.#ended && this.#unacknowledged.size >= receiver.maxUnacknowledged) await sleep(ROOM_MS);
        if (this.#ended) return;
        this.#unacknowledged.add(seq);
        this.#deliver({ streamSequence: seq, data, reply: ackSubject(stream, consumer, seq) });
      }
      this.#pull();
    } catch (error) {
      this.lost(reasonOf(error));
    }
  }

  async close(): Promise<void> {
    if (this.#end()) {
      try {
        // What was acknowledged, and that nothing is pulled any more, has arrived when this is answered.
        await this.#options.connection.flush();
      } catch {
        // The connection is lost, and with it the pulls.
      }
    }
  }

  /** The connection is gone, or the order cannot be kept. */
  lost(reason: string): void {
    if (this.#end()) this.#options.receiver.lost(reason);
  }

  #end(): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    clearTimeout(this.#laterTimer);
    for (const pull of this.#pulls) this.#forget(pull);
    this.#options.ended(this);
    return true;
  }

  /** Those of an earlier version, or of other settings, are brought up to date. */
  async #withSettings(manager: JetStreamManager, info: ConsumerInfo): Promise<ConsumerInfo> {
    const { stream, consumer, receiver } = this.#options;
    const settings = { ack_wait: nanos(ACK_WAIT_MS), max_ack_pending: receiver.maxUnacknowledged };
    const { ack_wait, max_ack_pending } = info.config;
    if (ack_wait === settings.ack_wait && max_ack_pending === settings.max_ack_pending) return info;
    return manager.consumers.update(stream, consumer, settings);
  }

  #receive(pull: Pull, message: Msg): void {
    if (this.#ended) return;
    const { headers, reply } = message;
    if (headers && headers.code > 0) this.#statusOf(pull, headers.code, headers.description);
    else if (reply !== undefined) this.#arrived(pull, readDelivery(reply), { data: message.data, reply });
  }

  #statusOf(pull: Pull, code: number, description: string): void {
    if (code === 100) return;
    if (code === 503) this.lost('its consumer is not on the server');
    else if (code === 409 && /deleted/i.test(description)) this.lost('its consumer was deleted');
    else if (code === 400) this.lost(description);
    else this.#pullEnded(pull);
  }

  #arrived(pull: Pull, numbers: DeliveryNumbers, message: Pick<Arrived, 'data' | 'reply'>): void {
    if (numbers.consumerSequence !== this.#lastSequence + 1) {
      this.lost('some of its messages were delivered elsewhere');
      return;
    }
    this.#lastSequence++;
    if (--pull.left === 0) this.#forget(pull);
    const { streamSequence } = numbers;
    if (!this.#unacknowledged.has(streamSequence)) {
      this.#unacknowledged.add(streamSequence);
      this.#deliver({ streamSequence, ...message });
    }
    this.#pull();
  }

  #deliver({ streamSequence, data, reply }: Arrived): void {
    this.#options.receiver.deliver(data, () => {
      this.#unacknowledged.delete(streamSequence);
      this.#acknowledge(reply);
    });
  }

  #acknowledge(reply: string): void {
    try {
      if (!this.#ended || !this.#options.connection.isClosed()) this.#options.connection.publish(reply, ACK);
    } catch {
      // The connection is being lost: it comes again.
    }
  }

  /** Keeps up to two pulls under way: while one brings messages, the next waits on the server. */
  #pull(): void {
    const { connection, stream, consumer, receiver } = this.#options;
    if (this.#ended) return;
    const most = receiver.maxUnacknowledged;
    const left = [...this.#pulls].reduce((sum, pull) => sum + pull.left, 0);
    if (this.#pulls.size >= 2 || left > most / 2) return;
    const forMs = Math.min(PULL_MS, receiver.leaseEndsAt() - performance.now());
    if (forMs < SHORTEST_PULL_MS) {
      if (this.#pulls.size === 0) this.#pullLater();
      return;
    }
    const inbox = createInbox();
    const request = JSON.stringify({ batch: most, expires: nanos(Math.floor(forMs)) });
    try {
      // A subscription for each pull: what is delivered says nothing of the pull that it belongs to.
      const pull: Pull = {
        left: most,
        timer: setTimeout(() => void this.#pullWasSilent(pull), forMs + PULL_GRACE_MS),
        subscription: connection.subscribe(inbox, { callback: (_, message) => this.#receive(pull, message) }),
      };
      this.#pulls.add(pull);
      const subject = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`;
      connection.publish(subject, Buffer.from(request), { reply: inbox });
    } catch (error) {
      this.lost(reasonOf(error));
    }
  }

  /** A pull for a consumer that was deleted is answered by nobody. */
  async #pullWasSilent(pull: Pull): Promise<void> {
    this.#forget(pull);
    try {
      const { connection, stream, consumer } = this.#options;
      const manager = await jetstreamManager(connection, { checkAPI: false });
      await manager.consumers.info(stream, consumer);
      this.#pull();
    } catch (error) {
      this.lost(reasonOf(error));
    }
  }

  #pullEnded(pull: Pull): void {
    this.#forget(pull);
    // In a turn of its own: a server that refuses pulls at once must not be asked in a circle.
    this.#pullLater();
  }

  #forget(pull: Pull): void {
    clearTimeout(pull.timer);
    this.#pulls.delete(pull);
    try {
      pull.subscription.unsubscribe();
    } catch {
      // Its connection is closed.
    }
  }

  #pullLater(): void {
    if (this.#ended || this.#laterTimer) return;
    this.#laterTimer = setTimeout(() => {
      this.#laterTimer = undefined;
      this.#pull();
    }, PAUSE_MS);
  }
}
