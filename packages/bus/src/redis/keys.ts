import type { Address, Place } from '../broker/transport.ts';
import type { Topic } from '../bus.ts';

/** The names of everything on Redis (docs/operations/redis.md). */
export class Keys {
  readonly #name: string;

  /** `name`: bus.name. */
  constructor(name: string) {
    this.#name = name;
  }

  get partitions(): string {
    return `${this.#name}:partitions`;
  }

  stream({ topic, partition }: Pick<Place, 'topic' | 'partition'>): string {
    return `${this.#name}:${topic}:${partition}`;
  }

  /** How far a publisher is in a stream. */
  publisher(stream: string, publisher: string): string {
    return `${stream}:from:${publisher}`;
  }

  table(key: string): string {
    return `${this.#name}:${key}`;
  }

  /** The channels of those who answer at an address. */
  answering({ kind, name }: Address): string {
    return `${this.#name}:answering:${kind}:${name}`;
  }

  question({ kind, name }: Address, instance: string): string {
    return `${this.#name}:question:${instance}:${kind}:${name}`;
  }

  replies(instance: string): string {
    return `${this.#name}:replies:${instance}`;
  }

  live(channel: string): string {
    return `${this.#name}:live:${channel}`;
  }
}

export const topics: readonly Topic[] = ['MessagesIn', 'MessagesSent', 'Events'];
