import type { ConfirmChannel, Message } from 'amqplib';
import { type OutgoingMessage, TryAgainError } from '../broker/transport.ts';
import { BusError } from '../bus.ts';
import { reasonOf } from '../delivery/reasons.ts';
import type { Names } from './names.ts';

export interface PublisherOptions {
  names: Names;
  /** A queue that should be there is not. */
  unroutable(): void;
}

/** Publishes to an exchange, where every group's queue of the partition gets it; confirmed when each has it on its disk. */
export class Publisher {
  readonly #options: PublisherOptions;
  #channel: ConfirmChannel | undefined;
  /** Ids that no queue was there for; the confirmation follows. */
  readonly #returned = new Set<string>();

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  up(channel: ConfirmChannel): void {
    this.#channel = channel;
    this.#returned.clear();
    channel.on('return', (message: Message) => this.#returned.add(String(message.properties.messageId)));
  }

  down(): void {
    this.#channel = undefined;
  }

  publish(message: OutgoingMessage): Promise<void> {
    const { topic, partition, id, client, kind, body } = message;
    const channel = this.#channel;
    if (channel === undefined) return Promise.reject(new TryAgainError('there is no connection'));
    return new Promise((resolve, reject) => {
      const properties = {
        persistent: true,
        mandatory: true,
        messageId: id,
        type: kind,
        contentType: 'application/json',
        headers: { client },
      };
      const settle = (error: Error | null) => {
        if (!error && !this.#returned.delete(id)) return resolve();
        reject(this.#problem(message, channel, error));
      };
      try {
        channel.publish(this.#options.names.exchange(topic), String(partition), body, properties, settle);
      } catch (error) {
        reject(new TryAgainError(reasonOf(error)));
      }
    });
  }

  #problem({ topic, partition }: OutgoingMessage, channel: ConfirmChannel, error: Error | null): Error {
    // Of a channel that is gone nobody knows what it had done.
    if (channel !== this.#channel) return new TryAgainError('the connection was lost');
    if (error) {
      if (error.message !== 'message nacked') return new TryAgainError(error.message);
      const words = `a queue of ${topic}, partition ${partition}, takes no more (rabbitmq.maxMegabytes); is every service running?`;
      return new BusError('Full', words);
    }
    this.#options.unroutable();
    return new TryAgainError(`${topic}: there is no queue for partition ${partition}`);
  }
}
