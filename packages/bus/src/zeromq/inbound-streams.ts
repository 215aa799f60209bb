import type { Entry, Origin } from '../delivery/lane.ts';
import type { DomainEvent, Envelope } from '../envelope.ts';
import { contentOf, decodeRecords, type JournalRecord } from './journal/record.ts';
import type { StreamName } from './wire.ts';

type Content = Envelope | DomainEvent;

/** What came from one publisher in one stream, as long as this process lives. */
interface Source extends StreamName {
  publisher: string;
  /** A publisher sends in the order of indexes: what is not above this was here already. */
  highest: number;
  outstanding: Set<number>;
  handled: number[];
}

export interface InboundOptions {
  /** Hands it to the group; false when the group does not want its kind. */
  push(name: StreamName, kind: string, arrival: () => Entry<Content>): boolean;
  /** Tells the publisher. */
  sendHandled(publisher: string, name: StreamName, indexes: number[]): void;
}

/**
 * Takes what publishers bring, once for each index: a repeat of what is being handled waits for the first, a repeat of
 * what was handled is acknowledged at once.
 */
export class InboundStreams {
  readonly #sources = new Map<string, Source>();
  readonly #options: InboundOptions;
  readonly #due = new Set<Source>();

  constructor(options: InboundOptions) {
    this.#options = options;
  }

  /** False when something before these is missing: then none of them is taken. Throws `CorruptRecord`. */
  accept(publisher: string, name: StreamName, after: number, buffer: Buffer): boolean {
    const source = this.#sourceOf(publisher, name);
    if (after > source.highest) return false;
    for (const record of decodeRecords(buffer, 0)) this.#take(source, record);
    return true;
  }

  /** Sends the acknowledgements that wait. */
  flush(): void {
    const due = [...this.#due];
    this.#due.clear();
    for (const source of due) {
      const { topic, group, stream, publisher } = source;
      this.#options.sendHandled(publisher, { topic, group, stream }, source.handled.splice(0));
    }
  }

  #take(source: Source, record: JournalRecord): void {
    const { index } = record;
    if (source.outstanding.has(index)) return;
    if (index <= source.highest) {
      this.#handled(source, index);
      return;
    }
    source.highest = index;
    source.outstanding.add(index);
    if (!this.#options.push(source, record.kind, () => this.#arrivalOf(source, record))) this.#handled(source, index);
  }

  #arrivalOf(source: Source, record: JournalRecord): Entry<Content> {
    const { client, index, bytes } = record;
    const origin: Origin = { handled: () => this.#handled(source, index) };
    return { content: JSON.parse(contentOf(record)), client, bytes: bytes.length, origin };
  }

  /** The handler, or the parking store, has it. Acknowledgements of one turn of the event loop go together. */
  #handled(source: Source, index: number): void {
    source.outstanding.delete(index);
    source.handled.push(index);
    if (this.#due.size === 0) setImmediate(() => this.flush());
    this.#due.add(source);
  }

  #sourceOf(publisher: string, { topic, group, stream }: StreamName): Source {
    const key = `${topic}/${group}/${publisher}`;
    const known = this.#sources.get(key);
    if (known?.stream === stream) return known;
    const source = { topic, group, stream, publisher, highest: -1, outstanding: new Set<number>(), handled: [] };
    this.#sources.set(key, source);
    return source;
  }
}
