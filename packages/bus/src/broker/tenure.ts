import type { Origin } from '../delivery/lane.ts';
import type { OpenPartition, PartitionReceiver } from './transport.ts';

export interface TenureOptions {
  partition: number;
  maxUnacknowledged: number;
  leaseEndsAt(): number;
  /** A message, on its way to a handler. */
  take(body: Uint8Array, origin: Origin): void;
  whenLost(tenure: Tenure, reason: string): void;
}

/** The time in which this process consumes one partition. What it is given in one tenure counts for nothing in the next. */
export class Tenure implements PartitionReceiver {
  readonly partition: number;
  readonly maxUnacknowledged: number;
  readonly leaseEndsAt: () => number;
  readonly #options: TenureOptions;
  #state: 'held' | 'closing' | 'lost' = 'held';
  /** How many messages a handler has now. */
  #inHand = 0;
  #whenIdle: (() => void) | undefined;
  #opened: Promise<OpenPartition> | undefined;

  constructor(options: TenureOptions) {
    this.#options = options;
    this.partition = options.partition;
    this.maxUnacknowledged = options.maxUnacknowledged;
    this.leaseEndsAt = options.leaseEndsAt;
  }

  open(opening: Promise<OpenPartition>): Promise<OpenPartition> {
    this.#opened = opening;
    return opening;
  }

  get isClosing(): boolean {
    return this.#state === 'closing';
  }

  deliver(body: Uint8Array, acknowledge: () => void): void {
    if (this.#state === 'held') this.#options.take(body, new Delivery(this, acknowledge));
  }

  lost(reason: string): void {
    if (this.#state === 'lost') return;
    this.#state = 'lost';
    this.#whenIdle?.();
    this.#options.whenLost(this, reason);
  }

  /** Hands out nothing more, waits for the handlers that have some of it, and ends the consuming. Never rejects. */
  async close(): Promise<void> {
    if (this.#state === 'held') this.#state = 'closing';
    if (this.#state === 'closing' && this.#inHand > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    try {
      await (await this.#opened)?.close();
    } catch {
      // It was never open.
    }
  }

  /** Whether a handler may have another message. */
  begin(): boolean {
    if (this.#state !== 'held' || !this.#isLeased()) return false;
    this.#inHand++;
    return true;
  }

  /** Whether the end of the message may be acknowledged. */
  end(): boolean {
    if (--this.#inHand === 0) this.#whenIdle?.();
    return this.#state !== 'lost' && this.#isLeased();
  }

  #isLeased(): boolean {
    if (performance.now() < this.leaseEndsAt()) return true;
    this.lost('its lease ran out: this process was paused, or cut off');
    return false;
  }
}

/** One message that was delivered in a tenure. */
class Delivery implements Origin {
  readonly #tenure: Tenure;
  readonly #acknowledge: () => void;
  #begun = false;

  constructor(tenure: Tenure, acknowledge: () => void) {
    this.#tenure = tenure;
    this.#acknowledge = acknowledge;
  }

  begin(): boolean {
    this.#begun ||= this.#tenure.begin();
    return this.#begun;
  }

  failed(): void {
    this.#begun = false;
    this.#tenure.end();
  }

  /** What never began was taken away while it waited: whoever has the partition now gets it. */
  handled(): void {
    if (this.#begun && this.#tenure.end()) this.#acknowledge();
    this.#begun = false;
  }
}
