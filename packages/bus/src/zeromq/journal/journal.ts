import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BusError } from '../../bus.ts';
import { reasonOf } from '../../delivery/reasons.ts';
import type { BusLog } from '../../options.ts';
import { writeWhole } from './cursors.ts';
import { refuseNewerFormat } from './format.ts';
import { CorruptRecord, type JournalRecord, seal } from './record.ts';
import { Segment } from './segment.ts';

export interface JournalOptions {
  directory: string;
  /** Beyond it nothing is taken. */
  maxBytes: number;
  /** Of what waits for the disk; beyond it nothing is taken. */
  maxPendingBytes: number;
  /** Whether what was taken survives a power cut; without it, the end of the process alone. */
  sync: boolean;
  log: BusLog | undefined;
  /** More can be read. */
  onCommit(): void;
  /** Who still needs what is before this position, in words. */
  whoNeeds(position: number): string;
}

/** A message as `encodeRecord` made it. */
export type NewRecord = Pick<JournalRecord, 'topic' | 'client' | 'kind' | 'bytes'>;

interface Pending {
  record: NewRecord;
  resolve(): void;
  reject(error: BusError): void;
}

export interface Reading {
  records: readonly JournalRecord[];
  /** Where to go on. */
  next: number;
}

interface Batch {
  start: number;
  end: number;
  records: readonly JournalRecord[];
}

const MEBIBYTE = 1024 * 1024;
const SEGMENTS = 32;
const MIN_SEGMENT_BYTES = MEBIBYTE / 16;
const MAX_SEGMENT_BYTES = 256 * MEBIBYTE;
/** Then it is worth another attempt, which nobody would make who is told that it cannot work. */
const FAILURE_COUNTS_MS = 5000;
const TYPICAL_RECORD_BYTES = 4096;
/** Read again without the disk by streams that keep up. */
const TAIL_BYTES = 8 * MEBIBYTE;
const MAX_BATCH_BYTES = 4 * MEBIBYTE;

/**
 * Everything that this process published and that some peer has not yet handled: one log of records for all peers, in
 * files that are deleted once all are through. What comes while the disk is busy is one write and one `fdatasync`.
 */
export class Journal {
  /** Stays the same as long as indexes go on from where they were. */
  readonly id: string;
  readonly #options: JournalOptions;
  readonly #segmentBytes: number;
  readonly #segments: Segment[];
  readonly #tail: Batch[] = [];
  #tailBytes = 0;
  #nextIndex: number;
  #end: number;
  #pending: Pending[] = [];
  #pendingBytes = 0;
  #writing: Promise<void> | undefined;
  /** After a write that failed the file may hold anything behind its end: the next record begins a file of its own. */
  #damaged = false;
  /** Why writing fails; it is logged once. */
  #failure: string | undefined;
  #failedAt = 0;
  #closed = false;

  private constructor(options: JournalOptions, id: string, segments: Segment[], nextIndex: number) {
    this.#options = options;
    this.id = id;
    this.#segments = segments;
    this.#nextIndex = nextIndex;
    this.#end = segments.at(-1)?.end ?? 0;
    this.#segmentBytes = Math.min(Math.max(options.maxBytes / SEGMENTS, MIN_SEGMENT_BYTES), MAX_SEGMENT_BYTES);
  }

  /** Goes on with what is in the folder, or begins there. Rejects with the file system's error. */
  static async open(options: JournalOptions): Promise<Journal> {
    const { directory, log } = options;
    await mkdir(directory, { recursive: true });
    await refuseNewerFormat(directory);
    const segments = await Segment.list(directory);
    const idFile = join(directory, 'id');
    const known = segments.length > 0 ? await readFile(idFile, 'utf8').catch(() => undefined) : undefined;
    const id = known ?? randomUUID();
    if (known === undefined) await writeWhole(idFile, id, true);
    if (segments.length === 0) segments.push(await Segment.create(directory, 0, 0));
    const { nextIndex = 0, cut = 0 } = (await segments.at(-1)?.scan()) ?? {};
    if (cut > 0)
      log?.warn(
        { directory, bytes: cut },
        'The journal ended in a message that was not written whole; it was never acknowledged and is cut off',
      );
    return new Journal(options, id, segments, nextIndex);
  }

  /** Of what is on the disk for sure. */
  get end(): number {
    return this.#end;
  }

  get nextIndex(): number {
    return this.#nextIndex;
  }

  /** Where the oldest file begins. */
  get oldest(): { position: number; index: number } {
    const [first] = this.#segments;
    return { position: first?.start ?? 0, index: first?.firstIndex ?? 0 };
  }

  get pending(): { messages: number; bytes: number } {
    return { messages: this.#pending.length, bytes: this.#pendingBytes };
  }

  /** Why nothing is taken now, in words for the operator. */
  get trouble(): string | undefined {
    const isRecent = performance.now() - this.#failedAt < FAILURE_COUNTS_MS;
    if (this.#failure !== undefined && isRecent) return `the journal cannot be written: ${this.#failure}`;
    return this.#fullness(TYPICAL_RECORD_BYTES)?.message;
  }

  /** Takes a record of `encodeRecord`. Resolves when it is on the disk; rejects with `BusError('Full' | 'Stopped')`. */
  append(record: NewRecord): Promise<void> {
    const refusal = this.#refusal(record.bytes.length);
    if (refusal) return Promise.reject(refusal);
    this.#pendingBytes += record.bytes.length;
    return new Promise((resolve, reject) => {
      this.#pending.push({ record, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  /** Records from `position` on, at least one while `position` is before `end`. Skips, and says so, what is damaged on the disk. */
  read(position: number): Reading | Promise<Reading> {
    for (let at = this.#tail.length - 1; at >= 0; at--) {
      const batch = this.#tail[at];
      if (batch && position >= batch.start && position < batch.end) {
        const from = batch.records.findIndex((record) => record.position >= position);
        return { records: batch.records.slice(from), next: batch.end };
      }
    }
    return this.#readFile(position);
  }

  async #readFile(position: number): Promise<Reading> {
    const segment = this.#segments.findLast(({ start }) => start <= position) ?? this.#segments[0];
    if (!segment) return { records: [], next: position };
    try {
      const records = await segment.read(Math.max(position, segment.start));
      const next = records.at(-1)?.end;
      if (next !== undefined) return { records, next };
      throw new CorruptRecord('an end before its time');
    } catch (error) {
      if (!(error instanceof CorruptRecord)) throw error;
      const lost = segment.end - position;
      const details = { file: segment.path, position, bytes: lost, reason: error.message };
      this.#options.log?.error(
        details,
        'The journal is damaged on the disk; what follows in this file is lost for the peers that had not got it',
      );
      return { records: [], next: segment.end };
    }
  }

  isReleasable(position: number): boolean {
    return this.#segments.length > 1 && (this.#segments[0]?.end ?? Infinity) <= position;
  }

  /** Nobody needs what is before `position`: files that end there are deleted. */
  async release(position: number): Promise<void> {
    while (this.isReleasable(position)) {
      const segment = this.#segments.shift();
      try {
        await segment?.remove();
      } catch (error) {
        this.#options.log?.warn(
          { file: segment?.path, reason: reasonOf(error) },
          'A file of the journal cannot be deleted; it is not needed any more',
        );
      }
    }
  }

  /** Waits for what was taken. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
    await Promise.all(this.#segments.map((segment) => segment.close()));
  }

  #refusal(bytes: number): BusError | undefined {
    if (this.#closed) return new BusError('Stopped', 'the bus was stopped');
    if (this.#pendingBytes + bytes <= this.#options.maxPendingBytes || this.#pending.length === 0) {
      return this.#fullness(bytes);
    }
    return new BusError('Full', `${this.#pendingBytes} bytes wait for the disk, no more is taken`);
  }

  #fullness(bytes: number): BusError | undefined {
    const { maxBytes, whoNeeds } = this.#options;
    const kept = this.#end - this.oldest.position + this.#pendingBytes;
    if (kept === 0 || kept + bytes <= maxBytes) return undefined;
    const who = whoNeeds(this.#segments[0]?.end ?? 0);
    return new BusError(
      'Full',
      `the journal holds ${kept} of ${maxBytes} bytes (zeromq.journalMegabytes), the oldest for ${who}; no more is taken`,
    );
  }

  /** Never rejects. */
  async #write(): Promise<void> {
    // What this turn of the event loop still brings goes along.
    await new Promise(setImmediate);
    while (this.#pending.length > 0) {
      const batch = this.#takePending();
      try {
        await this.#writeBatch(batch);
        for (const { resolve } of batch) resolve();
        this.#options.onCommit();
        this.#succeeded();
      } catch (error) {
        const reason = reasonOf(error);
        for (const { reject } of batch) reject(new BusError('Full', `the journal cannot be written: ${reason}`));
        this.#damaged = true;
        const isKnown = this.#failure !== undefined;
        this.#failure = reason;
        this.#failedAt = performance.now();
        if (isKnown) continue;
        this.#options.log?.error(
          { directory: this.#options.directory, reason },
          'The journal cannot be written; nothing is taken until it can. Is the disk full?',
        );
      }
    }
    this.#writing = undefined;
  }

  #succeeded(): void {
    if (this.#failure === undefined) return;
    this.#failure = undefined;
    this.#options.log?.warn({ directory: this.#options.directory }, 'The journal is written again');
  }

  #takePending(): Pending[] {
    let bytes = 0;
    const count = this.#pending.findIndex((pending) => {
      bytes += pending.record.bytes.length;
      return bytes > MAX_BATCH_BYTES;
    });
    return this.#pending.splice(0, count < 0 ? this.#pending.length : Math.max(count, 1));
  }

  async #writeBatch(batch: readonly Pending[]): Promise<void> {
    const start = this.#end;
    let position = start;
    const records = batch.map(({ record }, offset): JournalRecord => {
      const index = this.#nextIndex + offset;
      seal(record.bytes, index);
      const at = position;
      position += record.bytes.length;
      return { ...record, index, position: at, end: position };
    });
    const parts = records.map((record) => record.bytes);
    const bytes = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    try {
      const segment = await this.#segmentToWrite();
      await segment.write(bytes, this.#options.sync);
    } finally {
      this.#pendingBytes -= bytes.length;
    }
    this.#nextIndex += parts.length;
    this.#end = position;
    this.#remember({ start, end: position, records });
  }

  async #segmentToWrite(): Promise<Segment> {
    const last = this.#segments.at(-1);
    if (last && !this.#damaged && last.end - last.start < this.#segmentBytes) return last;
    const segment = await Segment.create(this.#options.directory, this.#end, this.#nextIndex);
    this.#damaged = false;
    if (last?.start === segment.start) {
      // Nothing was ever written to it: the new file has taken its name.
      this.#segments.pop();
      await last.close();
    }
    this.#segments.push(segment);
    return segment;
  }

  #remember(batch: Batch): void {
    this.#tail.push(batch);
    this.#tailBytes += batch.end - batch.start;
    while (this.#tailBytes > TAIL_BYTES && this.#tail.length > 1) {
      const forgotten = this.#tail.shift();
      if (forgotten) this.#tailBytes -= forgotten.end - forgotten.start;
    }
  }
}
