import type { Address, Place } from '../broker/transport.ts';
import type { Topic } from '../bus.ts';

/** Streams, consumers and subjects of one installation, as docs/operations/nats.md names them. */
export class NatsNames {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  get bucket(): string {
    return `${this.#name}-assignment`;
  }

  stream(topic: Topic): string {
    return `${this.#name}-${topic}`;
  }

  /** All messages of a topic. */
  subjects(topic: Topic): string {
    return `${this.#name}.${topic}.*`;
  }

  subject(topic: Topic, partition: number): string {
    return `${this.#name}.${topic}.${partition}`;
  }

  consumer({ group, partition }: Pick<Place, 'group' | 'partition'>): string {
    return `${group.replaceAll(/[^A-Za-z0-9_-]/g, '_')}-${partition}`;
  }

  address({ kind, name }: Address): string {
    return `${this.#name}.${kind}.${tokenOf(name)}`;
  }

  channel(channel: string): string {
    return `${this.#name}.live.${tokenOf(channel)}`;
  }
}

/** Names are any text, and a token of a subject is not. */
function tokenOf(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : `=${Buffer.from(name).toString('base64url')}`;
}
