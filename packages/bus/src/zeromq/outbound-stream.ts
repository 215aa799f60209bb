import type { Topic } from '../bus.ts';
import { reasonOf } from '../delivery/reasons.ts';
import type { BusLog } from '../options.ts';
import type { Cursor } from './journal/cursors.ts';
import type { Journal } from './journal/journal.ts';
import type { JournalRecord } from './journal/record.ts';

/** Brings records to one peer. `after`: the index of the last one that was brought before these, -1 at first. */
export type Deliver = (records: readonly JournalRecord[], after: number) => void;

export interface OutboundStreamOptions {
  topic: Topic;
  group: string;
  /** The name of the peer. */
  peer: string;
  journal: Journal;
  /** Whether the messages of this client go to this peer. */
  has(client: string): boolean;
  cursor: Cursor;
  log: BusLog | undefined;
}

const WINDOW_MESSAGES = 2000;
const WINDOW_BYTES = 4 * 1024 * 1024;
const DELIVERY_MESSAGES = 500;
const DELIVERY_BYTES = 512 * 1024;
const READ_AGAIN_MS = 1000;

/**
 * What one peer still has to handle for one group of one topic: reads on in the journal as far as the window allows,
 * and starts again from the first message that is not handled when the peer was away.
 */
export class OutboundStream {
  readonly topic: Topic;
  readonly group: string;
  readonly peer: string;
  readonly #options: OutboundStreamOptions;
  /** Brought and not yet handled, in order. Without the bytes, each of which would keep the whole megabyte that was read with it. */
  readonly #sent = new Map<number, { position: number; bytes: number }>();
  #sentBytes = 0;
  /** Where to read on. */
  #next: Cursor;
  #last = -1;
  #deliver: Deliver | undefined;
  /** Counts the starts: what was read for an earlier one is not used. */
  #session = 0;
  #reading = false;

  constructor(options: OutboundStreamOptions) {
    this.topic = options.topic;
    this.group = options.group;
    this.peer = options.peer;
    this.#options = options;
    this.#next = options.cursor;
  }

  /** Everything before is handled. */
  get low(): Cursor {
    for (const [index, { position }] of this.#sent) return { position, index };
    return this.#next;
  }

  get isBehind(): boolean {
    return this.#sent.size > 0 || this.#next.position < this.#options.journal.end;
  }

  /** The peer is there, with nothing of this stream in its memory that could be relied on. */
  start(deliver: Deliver): void {
    this.#next = this.low;
    this.#forgetSent();
    this.#deliver = deliver;
    this.#session++;
    this.advance();
  }

  stop(): void {
    this.#next = this.low;
    this.#forgetSent();
    this.#deliver = undefined;
    this.#session++;
  }

  handled(indexes: readonly number[]): void {
    for (const index of indexes) {
      const record = this.#sent.get(index);
      if (!record) continue;
      this.#sent.delete(index);
      this.#sentBytes -= record.bytes;
    }
    this.advance();
  }

  /** There may be more to bring. */
  advance(): void {
    if (this.#reading) return;
    this.#reading = true;
    void this.#readOn();
  }

  /** Never rejects. */
  async #readOn(): Promise<void> {
    const { journal, log } = this.#options;
    while (this.#deliver && this.#isOpen && this.#next.position < journal.end) {
      const session = this.#session;
      try {
        const reading = journal.read(this.#next.position);
        const { records, next } = 'then' in reading ? await reading : reading;
        if (session === this.#session) this.#take(records, next);
      } catch (error) {
        const { topic, group, peer } = this;
        log?.error(
          { topic, group, peer, reason: reasonOf(error) },
          'The journal cannot be read; its messages wait and it is tried again',
        );
        await new Promise((resolve) => setTimeout(resolve, READ_AGAIN_MS));
      }
    }
    this.#reading = false;
  }

  get #isOpen(): boolean {
    return this.#sent.size < WINDOW_MESSAGES && this.#sentBytes < WINDOW_BYTES;
  }

  #take(records: readonly JournalRecord[], next: number): void {
    let delivery: JournalRecord[] = [];
    let bytes = 0;
    for (const record of records) {
      if (!this.#isOpen) break;
      this.#next = { position: record.end, index: record.index + 1 };
      if (record.topic !== this.topic || !this.#options.has(record.client)) continue;
      this.#sent.set(record.index, { position: record.position, bytes: record.bytes.length });
      this.#sentBytes += record.bytes.length;
      delivery.push(record);
      bytes += record.bytes.length;
      if (delivery.length < DELIVERY_MESSAGES && bytes < DELIVERY_BYTES) continue;
      this.#bring(delivery);
      delivery = [];
      bytes = 0;
    }
    if (delivery.length > 0) this.#bring(delivery);
    // The end of a damaged file lies behind its last record.
    if (records.length === 0) this.#next = { position: next, index: this.#next.index };
  }

  #bring(delivery: readonly JournalRecord[]): void {
    const after = this.#last;
    this.#last = delivery.at(-1)?.index ?? after;
    this.#deliver?.(delivery, after);
  }

  #forgetSent(): void {
    this.#sent.clear();
    this.#sentBytes = 0;
    this.#last = -1;
  }
}
