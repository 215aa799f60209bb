/** What the queue has to know of a CALL of ours. */
export interface OutboundCall {
  msgId: string;
  /** Milliseconds, of the same clock as `now`: not to be written after this. */
  notAfter?: number;
}

export type Taken<Call> =
  /** Write it. */
  | { kind: 'write'; call: Call }
  /** Too late to write it; take the next. */
  | { kind: 'expired'; call: Call };

export type Answered<Call> =
  | { kind: 'answer'; call: Call }
  /** Its time was over, or it was answered before: nobody waits, but it is known what it answers. */
  | { kind: 'late'; call: Call }
  /** No CALL of ours had this id. */
  | { kind: 'unsolicited' };

export interface OutboundLimits {
  /** CALLs that may wait. */
  queued: number;
  /** Milliseconds that the other side has for an answer. */
  timeoutMs: number;
  /** CALLs that are remembered for an answer that comes late. */
  remembered: number;
}

/**
 * The CALLs of ours on one connection: one in flight, the others wait (J16 errata 3.4, J2.x §4.1.1). Data in, actions
 * out: no timers, no clock.
 */
export class OutboundCalls<Call extends OutboundCall> {
  readonly #limits: OutboundLimits;
  #queue: Call[] = [];
  #inFlight: Call | undefined;
  #writtenAt = 0;
  #finished: Call[] = [];
  #unanswered = 0;

  constructor(limits: OutboundLimits) {
    this.#limits = limits;
  }

  /** Timeouts in a row, while the other side was not silent. */
  get unanswered(): number {
    return this.#unanswered;
  }

  get isIdle(): boolean {
    return this.#inFlight === undefined && this.#queue.length === 0;
  }

  get isFull(): boolean {
    return this.#queue.length >= this.#limits.queued;
  }

  /** Whether it was accepted. */
  enqueue(call: Call): boolean {
    if (this.isFull) return false;
    this.#queue.push(call);
    return true;
  }

  /** The CALL whose turn it is; undefined while one is in flight or none waits. */
  take(now: number): Taken<Call> | undefined {
    if (this.#inFlight !== undefined) return undefined;
    const call = this.#queue.shift();
    if (call === undefined) return undefined;
    if (call.notAfter !== undefined && call.notAfter < now) return { kind: 'expired', call };
    this.#inFlight = call;
    this.#writtenAt = now;
    return { kind: 'write', call };
  }

  /** An answer, whether it says yes, no or error. */
  answered(msgId: string): Answered<Call> {
    const call = this.#inFlight;
    if (call?.msgId === msgId) {
      this.#inFlight = undefined;
      this.#unanswered = 0;
      this.#finish(call);
      return { kind: 'answer', call };
    }
    const late = this.#finished.findLast((finished) => finished.msgId === msgId);
    if (late === undefined) return { kind: 'unsolicited' };
    // It is slow, not deaf.
    this.#unanswered = 0;
    return { kind: 'late', call: late };
  }

  /** The CALL whose time is over, if any. `heardAt`: when the other side was last heard, of the same clock. */
  tick(now: number, heardAt: number): Call | undefined {
    const call = this.#inFlight;
    if (call === undefined || now - this.#writtenAt < this.#limits.timeoutMs) return undefined;
    if (heardAt > this.#writtenAt) this.#unanswered++;
    this.#inFlight = undefined;
    this.#finish(call);
    return call;
  }

  /** The waiting CALLs that are not to be written after all. */
  dropWhere(unwanted: (call: Call) => boolean): readonly Call[] {
    const dropped = this.#queue.filter(unwanted);
    if (dropped.length > 0) this.#queue = this.#queue.filter((call) => !dropped.includes(call));
    return dropped;
  }

  close(): { inFlight?: Call; queued: readonly Call[] } {
    const inFlight = this.#inFlight;
    const queued = this.#queue;
    this.#inFlight = undefined;
    this.#queue = [];
    this.#finished = [];
    return inFlight === undefined ? { queued } : { inFlight, queued };
  }

  #finish(call: Call): void {
    this.#finished.push(call);
    if (this.#finished.length > this.#limits.remembered) this.#finished.shift();
  }
}
