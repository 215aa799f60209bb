import type { Address, Place } from '../broker/transport.ts';
import type { Topic } from '../bus.ts';

export const topics: readonly Topic[] = ['MessagesIn', 'MessagesSent', 'Events'];

/** The names of everything on RabbitMQ (docs/operations/rabbitmq.md). */
export class Names {
  readonly #name: string;

  /** `name`: bus.name. */
  constructor(name: string) {
    this.#name = name;
  }

  exchange(topic: Topic): string {
    return `${this.#name}.${topic}`;
  }

  queue({ topic, group, partition }: Place): string {
    return `${this.#name}.${topic}.${group}.${partition}`;
  }

  /** Where what can't be read ends up. */
  get dead(): string {
    return `${this.#name}.dead`;
  }

  /** Holds nothing: its arguments tell the number of partitions. */
  get partitions(): string {
    return `${this.#name}.partitions`;
  }

  /** Of small texts under keys: a queue with one message. */
  register(key: string): string {
    return `${this.#name}.${key}`;
  }

  lock(key: string): string {
    return `${this.#name}.lock.${key}`;
  }

  question({ kind, name }: Address): string {
    return `${this.#name}.question.${kind}.${name}`;
  }

  get live(): string {
    return `${this.#name}.live`;
  }
}
