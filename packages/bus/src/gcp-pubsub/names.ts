import type { Topic } from '../bus.ts';

/** Topics and subscriptions of one installation, as docs/operations/gcp-pubsub.md names them. */
export class PubsubNames {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  topic(topic: Topic): string {
    return `${this.#name}-${topic}`;
  }

  subscription(topic: Topic, group: string): string {
    return `${this.#name}-${topic}-${encode(group)}`;
  }

  /** What processes say to each other. */
  get processes(): string {
    return `${this.#name}-processes`;
  }

  process(member: string): string {
    return `${this.#name}-process-${encode(member)}`;
  }
}

/** Of the characters that Pub/Sub takes in a name. */
function encode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => String.fromCharCode(byte))
    .map((letter) =>
      /[A-Za-z0-9_.~-]/.test(letter) ? letter : `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`,
    )
    .join('');
}
