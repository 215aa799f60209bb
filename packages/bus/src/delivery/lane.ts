import type { BatchHandler, ParkedMessage } from '../bus.ts';
import type { BusLog } from '../options.ts';
import { reasonOf } from './reasons.ts';

/** Where a message came from, and who wants to know its end. */
export interface Origin {
  /** It was handled, or parked, or `begin` said no. */
  handled(): void;
  /**
   * Asked before each call of the handler: whether the message may still be handled here. Not when its partition has
   * gone to another process; it then counts as done. Asked only with `LaneOptions.leased`.
   */
  begin?(): boolean;
  /** The call of the handler failed; another one begins again. */
  failed?(): void;
}

/** One message on its way to one group. */
export interface Entry<Content> {
  readonly content: Content;
  readonly client: string;
  readonly bytes: number;
  /** Absent for a parked message that is driven again. */
  readonly origin?: Origin;
  /** Told the end of a parked message that is driven again. */
  readonly driven?: { resolve(): void; reject(error: unknown): void };
}

export interface LaneOptions<Content> {
  handler: BatchHandler<Content>;
  topic: string;
  group: string;
  batchSize: number;
  attempts: number;
  /** Pauses between tries of what fails transiently; the last one goes on. */
  retryDelaysMs: readonly number[];
  park(entry: Entry<Content>, failure: Pick<ParkedMessage, 'attempts' | 'reason'>): Promise<void>;
  /** An entry is handled, or parked. */
  done(entry: Entry<Content>): void;
  /** Messages may be taken away while they wait here: their origins are asked before each call of the handler. */
  leased?: boolean;
  /** Calls `lane.run()` once the events of this turn of the loop are in. */
  schedule(lane: { run(): void }): void;
  log: BusLog | undefined;
}

const SLOW_HANDLER_MS = 30_000;

/**
 * The queue of one subscription. One batch is handled at a time, and what comes meanwhile makes the next: the order
 * is kept, and the busier it gets the larger, and cheaper, the batches.
 */
export class Lane<Content> {
  readonly #options: LaneOptions<Content>;
  #queue: Entry<Content>[] = [];
  /** The batch that is being handled. */
  #current: readonly Entry<Content>[] = [];
  #busySince: number | undefined;
  #warnedSlow = false;
  #scheduled = false;
  #interrupted = false;
  #drivenWaiting = 0;
  #wake: (() => void) | undefined;
  #idle: Promise<void> = Promise.resolve();

  constructor(options: LaneOptions<Content>) {
    this.#options = options;
  }

  get length(): number {
    return this.#queue.length + this.#current.length;
  }

  /** In order, those that are being handled included. */
  *outstanding(): Iterable<Entry<Content>> {
    yield* this.#current;
    yield* this.#queue;
  }

  push(entry: Entry<Content>): void {
    if (entry.driven) this.#drivenWaiting++;
    this.#queue.push(entry);
    this.#scheduleRun();
  }

  run(): void {
    this.#scheduled = false;
    if (this.#busySince !== undefined || this.#interrupted || this.#queue.length === 0) return;
    this.#busySince = performance.now();
    this.#idle = this.#handleNext();
  }

  get isEnding(): boolean {
    return this.#interrupted;
  }

  /** Resolves when the handler call under way has ended. What was not handled is there for `takeAll`. */
  async end(): Promise<void> {
    this.#interrupted = true;
    this.#wake?.();
    await this.#idle;
  }

  takeAll(): Entry<Content>[] {
    return this.#queue.splice(0);
  }

  /** Says so, once per batch, when a handler seems to hang. */
  watch(now: number): void {
    if (this.#warnedSlow || this.#busySince === undefined || now - this.#busySince < SLOW_HANDLER_MS) return;
    this.#warnedSlow = true;
    this.#warn(`has not ended a batch for ${SLOW_HANDLER_MS / 1000} s; its messages wait`);
  }

  #scheduleRun(): void {
    if (this.#scheduled || this.#busySince !== undefined) return;
    this.#scheduled = true;
    this.#options.schedule(this);
  }

  /** Never rejects. */
  async #handleNext(): Promise<void> {
    this.#current = this.#take();
    const left = await this.#deliver(this.#current);
    if (left.length > 0) this.#queue = [...left, ...this.#queue];
    this.#current = [];
    this.#busySince = undefined;
    this.#warnedSlow = false;
    if (this.#queue.length > 0) this.#scheduleRun();
  }

  #take(): Entry<Content>[] {
    if (this.#drivenWaiting > 0) return this.#takeBesideDriven();
    const queue = this.#queue;
    if (queue.length > this.#options.batchSize) return queue.splice(0, this.#options.batchSize);
    this.#queue = [];
    return queue;
  }

  /** A message that is driven again is handled alone, so that its failure is its own. */
  #takeBesideDriven(): Entry<Content>[] {
    const at = this.#queue.findIndex((entry) => entry.driven);
    if (at === 0) this.#drivenWaiting--;
    return this.#queue.splice(0, at === 0 ? 1 : Math.min(at, this.#options.batchSize));
  }

  /** Resolves with what was not handled because the lane ends. */
  async #deliver(batch: readonly Entry<Content>[]): Promise<readonly Entry<Content>[]> {
    for (let tries = 1; ; tries++) {
      const failure = await this.#attempt(batch);
      if (!failure) return this.#allDone(batch, tries);
      const driven = batch[0]?.driven;
      if (driven) return this.#driveFailed(batch, driven, failure.error);
      if (!isTransient(failure.error)) return this.#deliverEach(batch, batch.length === 1 ? failure : undefined);
      if (!(await this.#pause(tries, failure.error, batch.length))) return batch;
    }
  }

  async #deliverEach(batch: readonly Entry<Content>[], first: Failure | undefined): Promise<readonly Entry<Content>[]> {
    for (const [index, entry] of batch.entries()) {
      if (this.#interrupted || !(await this.#deliverOne(entry, first))) return batch.slice(index);
      this.#options.done(entry);
    }
    return [];
  }

  /** Whether it was handled or parked. `failure`: of a try that was made before. */
  async #deliverOne(entry: Entry<Content>, failure: Failure | undefined): Promise<boolean> {
    let refusals = failure ? 1 : 0;
    for (let tries = 1; refusals < this.#options.attempts; tries++) {
      failure = await this.#attempt([entry]);
      if (!failure) return true;
      if (!isTransient(failure.error)) refusals++;
      else if (!(await this.#pause(tries, failure.error, 1))) return false;
    }
    return this.#park(entry, { attempts: refusals, reason: reasonOf(failure?.error) });
  }

  async #park(entry: Entry<Content>, failure: Pick<ParkedMessage, 'attempts' | 'reason'>): Promise<boolean> {
    for (let tries = 1; ; tries++) {
      if (this.#begin([entry]).length === 0) return true;
      try {
        await this.#options.park(entry, failure);
        return true;
      } catch (error) {
        this.#failed([entry]);
        if (!(await this.#pause(tries, error, 1))) return false;
      }
    }
  }

  async #attempt(batch: readonly Entry<Content>[]): Promise<Failure | undefined> {
    const begun = this.#begin(batch);
    if (begun.length === 0) return undefined;
    try {
      await this.#options.handler(begun.map((entry) => entry.content));
      return undefined;
    } catch (error) {
      this.#failed(begun);
      return { error };
    }
  }

  /** Those that may still be handled here. */
  #begin(batch: readonly Entry<Content>[]): readonly Entry<Content>[] {
    if (!this.#options.leased) return batch;
    return batch.filter(({ origin }) => origin?.begin?.() ?? true);
  }

  #failed(batch: readonly Entry<Content>[]): void {
    if (!this.#options.leased) return;
    for (const { origin } of batch) origin?.failed?.();
  }

  #allDone(batch: readonly Entry<Content>[], tries: number): [] {
    for (const entry of batch) this.#options.done(entry);
    if (tries > 1) this.#warn(`handles messages again after ${tries} tries`);
    return [];
  }

  #driveFailed(batch: readonly Entry<Content>[], driven: { reject(error: unknown): void }, error: unknown): [] {
    driven.reject(error);
    for (const entry of batch) this.#options.done(entry);
    return [];
  }

  /** Whether the pause came to its end; not when the lane ends. */
  async #pause(tries: number, error: unknown, messages: number): Promise<boolean> {
    if (tries === 1) this.#warn(`cannot handle ${messages} messages now and tries again: ${reasonOf(error)}`);
    if (this.#interrupted) return false;
    const delays = this.#options.retryDelaysMs;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delays[Math.min(tries, delays.length) - 1] ?? 0);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
    return !this.#interrupted;
  }

  #warn(what: string): void {
    const { topic, group, log } = this.#options;
    log?.warn({ topic, group, waiting: this.length }, `${group} ${what}`);
  }
}

/** An error in a box: a handler may reject with `undefined`. */
interface Failure {
  error: unknown;
}

function isTransient(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'transient' in error && error.transient === true;
}
