import { type ConsumerInfo, type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { createInbox, type Msg, type NatsConnection, nanos, type Subscription } from '@nats-io/transport-node';
import type { OpenPartition, PartitionReceiver } from '../broker/transport.ts';
import { reasonOf } from '../delivery/reasons.ts';
import { sleep } from '../delivery/waiting.ts';
import type { BusLog } from '../options.ts';
import { type DeliveryNumbers, readDelivery } from './delivery-numbers.ts';
import { ACK_WAIT_MS } from './topology.ts';

export interface PartitionConsumerOptions {
  connection: NatsConnection;
  stream: string;
  consumer: string;
  receiver: PartitionReceiver;
  /** Of this partition, for all times that it is opened. */
  history: ReclaimHistory;
  log: BusLog | undefined;
  /** Called once, when it is closed or lost. */
  ended(consumer: PartitionConsumer): void;
}

/** How often in a row what was delivered before did not come again. */
export interface ReclaimHistory {
  failures: number;
}

/** One request for messages. */
interface Pull {
  /** How many messages it may still bring. */
  left: number;
  timer: NodeJS.Timeout;
  subscription: Subscription;
}

interface Arrived {
  numbers: DeliveryNumbers;
  message: Msg;
}

/** Of a pull. Shorter than any lease, so that nothing is sent to a process that has lost the partition. */
const PULL_MS = 5000;
/** Below this a pull is not worth it. */
const SHORTEST_PULL_MS = 100;
/** The server says when the time of a pull is over. When it has not so long afterwards, it is asked whether the consumer is there. */
const PULL_GRACE_MS = 1000;
const PAUSE_MS = 100;
/** The server looks at overdue acknowledgements 100 ms after `ack_wait` was changed. */
const OVERDUE_MS = 150;
/** How long redeliveries are waited for before the server is asked again what is missing. */
const REDELIVERY_MS = 1500;
/** After so many failures the partition goes on without what does not come: a server that crashed may have forgotten it. */
const MOST_FAILURES = 3;
const ACK = Buffer.from('+ACK');

/**
 * Pulls one partition of one group from its durable consumer.
 *
 * What an earlier process had and did not acknowledge would come again only after `ack_wait`, behind newer messages.
 * So whoever opens the partition makes it overdue at once (`ack_wait` down and up again), and holds newer messages back
 * until all of it has arrived. Consumer sequences have no gaps: a gap means that something was delivered elsewhere.
 */
export class PartitionConsumer implements OpenPartition {
  readonly #options: PartitionConsumerOptions;
  /** Stream sequences of what was delivered here and is not acknowledged. */
  readonly #unacknowledged = new Set<number>();
  readonly #pulls = new Set<Pull>();
  /** Messages that came before all redeliveries; undefined once those are complete. */
  #heldBack: Arrived[] | undefined;
  #redeliveries = 0;
  #lastSequence = 0;
  #timer: NodeJS.Timeout | undefined;
  #laterTimer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(options: PartitionConsumerOptions) {
    this.#options = options;
  }

  /** Rejects when the consumer is not there, or the server does not answer. */
  async open(): Promise<void> {
    const { connection, stream, consumer } = this.#options;
    const manager = await jetstreamManager(connection, { checkAPI: false });
    const info = await this.#reclaim(manager, await manager.consumers.info(stream, consumer));
    if (this.#ended) return;
    this.#lastSequence = info.delivered.consumer_seq;
    this.#redeliveries = info.num_ack_pending;
    if (this.#redeliveries > 0) {
      this.#heldBack = [];
      this.#timer = setTimeout(() => void this.#askWhatIsMissing(manager), REDELIVERY_MS);
    }
    this.#pull();
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
    clearTimeout(this.#timer);
    clearTimeout(this.#laterTimer);
    for (const pull of this.#pulls) this.#forget(pull);
    this.#options.ended(this);
    return true;
  }

  /** Lets the server deliver again, at once and first, what nobody acknowledged. */
  async #reclaim(manager: JetStreamManager, info: ConsumerInfo): Promise<ConsumerInfo> {
    const { stream, consumer, receiver } = this.#options;
    const settings = { ack_wait: nanos(ACK_WAIT_MS), max_ack_pending: receiver.maxUnacknowledged };
    const isAsWanted =
      info.config.ack_wait === settings.ack_wait && info.config.max_ack_pending === settings.max_ack_pending;
    if (info.num_ack_pending === 0 && isAsWanted) return info;
    if (info.num_ack_pending > 0) {
      await manager.consumers.update(stream, consumer, { ...settings, ack_wait: nanos(1) });
      await sleep(OVERDUE_MS);
    }
    return manager.consumers.update(stream, consumer, settings);
  }

  #receive(pull: Pull, message: Msg): void {
    if (this.#ended) return;
    const { headers, reply } = message;
    if (headers && headers.code > 0) this.#statusOf(pull, headers.code, headers.description);
    else if (reply !== undefined) this.#arrived(pull, { numbers: readDelivery(reply), message });
  }

  #statusOf(pull: Pull, code: number, description: string): void {
    if (code === 100) return;
    if (code === 503) this.lost('its consumer is not on the server');
    else if (code === 409 && /deleted/i.test(description)) this.lost('its consumer was deleted');
    else if (code === 400) this.lost(description);
    else this.#pullEnded(pull);
  }

  #arrived(pull: Pull, arrived: Arrived): void {
    if (arrived.numbers.consumerSequence !== this.#lastSequence + 1) {
      this.lost('some of its messages were delivered elsewhere');
      return;
    }
    this.#lastSequence++;
    if (--pull.left === 0) this.#forget(pull);
    if (!this.#unacknowledged.has(arrived.numbers.streamSequence)) {
      this.#unacknowledged.add(arrived.numbers.streamSequence);
      if (this.#heldBack) this.#holdBack(arrived);
      else this.#deliver(arrived);
    }
    this.#pull();
  }

  #holdBack(arrived: Arrived): void {
    this.#heldBack?.push(arrived);
    if (arrived.numbers.deliveries > 1 && --this.#redeliveries === 0) this.#deliverHeldBack();
  }

  #deliverHeldBack(): void {
    clearTimeout(this.#timer);
    this.#options.history.failures = 0;
    const all = this.#heldBack ?? [];
    this.#heldBack = undefined;
    all.sort((one, other) => one.numbers.streamSequence - other.numbers.streamSequence);
    for (const arrived of all) this.#deliver(arrived);
  }

  #deliver({ numbers, message }: Arrived): void {
    const { reply = '' } = message;
    this.#options.receiver.deliver(message.data, () => {
      this.#unacknowledged.delete(numbers.streamSequence);
      try {
        if (!this.#ended || !this.#options.connection.isClosed()) this.#options.connection.publish(reply, ACK);
      } catch {
        // The connection is being lost: it comes again.
      }
    });
  }

  /** The earlier process may have acknowledged some meanwhile: then all that is unacknowledged is here already. */
  async #askWhatIsMissing(manager: JetStreamManager): Promise<void> {
    try {
      const { stream, consumer } = this.#options;
      const { num_ack_pending: pending } = await manager.consumers.info(stream, consumer);
      if (this.#ended || !this.#heldBack) return;
      if (this.#unacknowledged.size >= pending) this.#deliverHeldBack();
      else this.#isMissing(pending - this.#unacknowledged.size);
    } catch (error) {
      this.lost(reasonOf(error));
    }
  }

  #isMissing(count: number): void {
    const { history, stream, consumer, log } = this.#options;
    const words = `${count} messages that were delivered before did not come again`;
    if (++history.failures < MOST_FAILURES) {
      this.lost(words);
      return;
    }
    log?.error({ stream, consumer, count }, `${words}; goes on without them, and takes them when they come`);
    this.#deliverHeldBack();
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
