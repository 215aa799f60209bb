import type { PubSub, Topic as PubsubTopic } from '@google-cloud/pubsub';
import { PendingReplies } from '../broker/pending-replies.ts';
import { type OutgoingMessage, TryAgainError } from '../broker/transport.ts';
import { BusError } from '../bus.ts';
import type { Deadlines } from '../delivery/deadlines.ts';
import { STATUS, statusOf, wordsOf } from './status.ts';
import { onceWithin } from './topology.ts';

export interface PartitionPublisherOptions {
  client: PubSub;
  /** Name of the topic. */
  topic: string;
  deadlines: Deadlines;
  /** Pub/Sub took something; or it could not, and why. */
  succeeded(): void;
  failed(error: unknown): void;
}

const BATCH_MESSAGES = 500;
const BATCH_BYTES = 1024 * 1024;
const BATCH_DELAY_MS = 4;
const CALL_TIMEOUT_MS = 10_000;
/** Pub/Sub takes 10 MB in a call, attributes and names included. */
const MAX_BODY_BYTES = 9_500_000;

/** Publishes on one topic, with the partition as ordering key: one call under way for each, and what comes meanwhile in the next. */
export class PartitionPublisher {
  readonly #options: PartitionPublisherOptions;
  readonly #topic: PubsubTopic;
  readonly #replies: PendingReplies<void>;
  /** Partitions of which a message has just failed: what was published behind it must not overtake it. */
  readonly #blocked = new Set<string>();

  constructor(options: PartitionPublisherOptions) {
    this.#options = options;
    this.#replies = new PendingReplies(options.deadlines);
    this.#topic = options.client.topic(options.topic, {
      messageOrdering: true,
      batching: { maxMessages: BATCH_MESSAGES, maxBytes: BATCH_BYTES, maxMilliseconds: BATCH_DELAY_MS },
      gaxOpts: onceWithin(CALL_TIMEOUT_MS),
    });
  }

  publish({ topic, partition, id, client, kind, body, expiresAt }: OutgoingMessage): Promise<void> {
    if (body.length > MAX_BODY_BYTES) {
      return Promise.reject(
        new BusError('Refused', `${topic}: a message of ${body.length} bytes is more than Pub/Sub takes`),
      );
    }
    const orderingKey = `${partition}`;
    if (this.#blocked.has(orderingKey)) return Promise.reject(new TryAgainError('a message before it was not taken'));
    const late = () => new TryAgainError('Pub/Sub did not confirm in time');
    const { number, promise } = this.#replies.add(expiresAt - performance.now(), late);
    // For programs that filter: Pub/Sub takes 1,024 bytes in an attribute.
    const attributes = { id: id.slice(0, 200), client: client.slice(0, 200), kind: kind.slice(0, 200) };
    this.#topic.publishMessage({ data: body, orderingKey, attributes }, (error) => {
      if (error) return this.#failed(number, orderingKey, error);
      this.#replies.resolve(number);
      this.#options.succeeded();
    });
    return promise;
  }

  stop(error: Error): void {
    this.#replies.rejectAll(error);
  }

  #failed(number: number, orderingKey: string, error: unknown): void {
    this.#options.failed(error);
    if (!this.#blocked.has(orderingKey)) {
      this.#blocked.add(orderingKey);
      setImmediate(() => {
        this.#blocked.delete(orderingKey);
        this.#topic.resumePublishing(orderingKey);
      });
    }
    const isOurs = statusOf(error) === STATUS.invalidArgument;
    this.#replies.reject(number, isOurs ? new BusError('Refused', wordsOf(error)) : new TryAgainError(wordsOf(error)));
  }
}
