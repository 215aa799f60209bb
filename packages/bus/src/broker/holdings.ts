import { reasonOf } from '../delivery/reasons.ts';
import { Tenure, type TenureOptions } from './tenure.ts';
import type { OpenPartition } from './transport.ts';

export interface HoldingsOptions extends Omit<TenureOptions, 'partition' | 'whenLost'> {
  open(tenure: Tenure): Promise<OpenPartition>;
  /** Nothing of this partition is under way here any more. */
  released(partition: number): void;
  warn(details: object, line: string): void;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/** The partitions of one group that this process consumes: opened as they are assigned, and again when they get lost. */
export class Holdings {
  readonly #options: HoldingsOptions;
  readonly #tenures = new Map<number, Tenure>();
  /** What of earlier tenures has not ended yet: a partition is opened behind it. */
  readonly #ending = new Map<number, Promise<void>>();
  #wanted: ReadonlySet<number> = new Set();
  #pauseMs = FIRST_PAUSE_MS;
  #timer: NodeJS.Timeout | undefined;
  #lastReason = '';

  constructor(options: HoldingsOptions) {
    this.#options = options;
  }

  /** `mine` are to be consumed here, those of them in `surplus` to be given back. */
  assigned(mine: ReadonlySet<number>, surplus: ReadonlySet<number>): void {
    this.#wanted = new Set([...mine].filter((partition) => !surplus.has(partition)));
    for (const tenure of this.#tenures.values()) {
      if (!mine.has(tenure.partition)) tenure.lost('it was assigned to another process');
      else if (surplus.has(tenure.partition)) this.#giveBack(tenure.partition, tenure);
    }
    for (const partition of surplus) if (!this.#tenures.has(partition)) this.#giveBack(partition, undefined);
    this.#openWanted();
  }

  /** The connection is back. */
  connected(): void {
    this.#pauseMs = FIRST_PAUSE_MS;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#openWanted();
  }

  loseAll(reason: string): void {
    for (const tenure of [...this.#tenures.values()]) tenure.lost(reason);
  }

  /** Resolves when nothing is under way any more. Handlers are waited for. */
  async closeAll(): Promise<void> {
    this.#wanted = new Set();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [partition, tenure] of [...this.#tenures]) {
      this.#tenures.delete(partition);
      this.#endAfter(partition, tenure.close());
    }
    await Promise.all(this.#ending.values());
  }

  #giveBack(partition: number, tenure: Tenure | undefined): void {
    if (tenure?.isClosing) return;
    const closed = tenure ? tenure.close() : Promise.resolve(this.#ending.get(partition));
    void closed.then(() => {
      if (tenure && this.#tenures.get(partition) === tenure) this.#tenures.delete(partition);
      this.#options.released(partition);
    });
  }

  #openWanted(): void {
    for (const partition of this.#wanted) {
      if (!this.#tenures.has(partition) && !this.#ending.has(partition)) this.#open(partition);
    }
  }

  #open(partition: number): void {
    const { maxUnacknowledged, leaseEndsAt, take, open } = this.#options;
    const whenLost = (lost: Tenure, reason: string) => this.#lost(lost, reason);
    const tenure = new Tenure({ partition, maxUnacknowledged, leaseEndsAt, take, whenLost });
    this.#tenures.set(partition, tenure);
    tenure.open(open(tenure)).then(
      () => {
        this.#pauseMs = FIRST_PAUSE_MS;
        this.#lastReason = '';
      },
      (error) => tenure.lost(reasonOf(error)),
    );
  }

  #lost(tenure: Tenure, reason: string): void {
    const { partition } = tenure;
    if (this.#tenures.get(partition) === tenure) this.#tenures.delete(partition);
    this.#warnOnce(partition, reason);
    this.#endAfter(partition, tenure.close());
  }

  #endAfter(partition: number, closed: Promise<void>): void {
    const ended: Promise<void> = closed.then(() => {
      if (this.#ending.get(partition) === ended) this.#ending.delete(partition);
      this.#reopenLater();
    });
    this.#ending.set(partition, ended);
  }

  #reopenLater(): void {
    if (this.#timer || this.#wanted.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#openWanted();
    }, this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }

  /** A lost connection loses all partitions at once: said once. */
  #warnOnce(partition: number, reason: string): void {
    if (reason === this.#lastReason) return;
    this.#lastReason = reason;
    this.#options.warn({ partition, reason }, 'Consuming a partition was interrupted; it is opened again');
  }
}
