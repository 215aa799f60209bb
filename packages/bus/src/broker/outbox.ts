import { BusError } from '../bus.ts';
import type { Deadlines, Expiring } from '../delivery/deadlines.ts';
import { reasonOf, stopped } from '../delivery/reasons.ts';
import { type OutgoingMessage, type Transport, TryAgainError } from './transport.ts';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2000;

/** A message that the broker has not confirmed yet. */
class Outgoing implements Expiring {
  readonly durationMs: number;
  readonly message: OutgoingMessage;
  readonly promise: Promise<void>;
  readonly #expired: (outgoing: Outgoing) => void;
  resolve: () => void = noop;
  reject: (error: BusError) => void = noop;

  constructor(message: OutgoingMessage, durationMs: number, expired: (outgoing: Outgoing) => void) {
    this.message = message;
    this.durationMs = durationMs;
    this.#expired = expired;
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  get expiresAt(): number {
    return this.message.expiresAt;
  }

  expire(): void {
    this.#expired(this);
  }
}

/**
 * What was published and is not confirmed. Messages go out at once, many in the air; when the broker is away, all that
 * is unconfirmed waits here and goes out again in the old order, and what is new behind it.
 */
export class Outbox {
  readonly load = { messages: 0, bytes: 0 };
  readonly #transport: Transport;
  readonly #deadlines: Deadlines;
  /** In the order of publishing. */
  readonly #unconfirmed = new Set<Outgoing>();
  #inAir = 0;
  #stalled = false;
  #pauseMs = FIRST_PAUSE_MS;
  #timer: NodeJS.Timeout | undefined;
  #whyStalled = '';
  #stopped = false;

  constructor(transport: Transport, deadlines: Deadlines) {
    this.#transport = transport;
    this.#deadlines = deadlines;
  }

  publish(message: OutgoingMessage, deadlineMs: number): Promise<void> {
    const outgoing = new Outgoing(message, deadlineMs, this.#expired);
    this.#unconfirmed.add(outgoing);
    this.load.messages++;
    this.load.bytes += message.body.length;
    this.#deadlines.add(outgoing);
    if (!this.#stalled) this.#send(outgoing);
    return outgoing.promise;
  }

  /** The connection is back: nothing is waited for any longer. */
  connected(): void {
    this.#pauseMs = FIRST_PAUSE_MS;
    if (this.#stalled) this.#resumeIn(0);
  }

  /** Gives up what is unconfirmed. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const outgoing of [...this.#unconfirmed]) this.#end(outgoing, stopped());
  }

  #send(outgoing: Outgoing): void {
    this.#inAir++;
    this.#transport.publish(outgoing.message).then(
      () => {
        this.#inAir--;
        this.#pauseMs = FIRST_PAUSE_MS;
        this.#whyStalled = '';
        this.#end(outgoing);
      },
      (error) => {
        this.#inAir--;
        if (!this.#unconfirmed.has(outgoing)) return;
        if (error instanceof TryAgainError) this.#failed(outgoing, error);
        else this.#end(outgoing, error instanceof BusError ? error : new BusError('Refused', reasonOf(error)));
      },
    );
  }

  /** One that is late is no reason to hold up the others. */
  #failed(outgoing: Outgoing, error: TryAgainError): void {
    this.#whyStalled = error.message;
    if (performance.now() >= outgoing.expiresAt) this.#expired(outgoing);
    else this.#stall();
  }

  #stall(): void {
    if (this.#stalled || this.#stopped) return;
    this.#stalled = true;
    this.#resumeIn(this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }

  #resumeIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#resume(), ms);
  }

  #resume(): void {
    if (this.#stopped) return;
    // What is still in the air may yet be refused, and would then have been overtaken.
    if (this.#inAir > 0) {
      this.#resumeIn(FIRST_PAUSE_MS);
      return;
    }
    this.#stalled = false;
    for (const outgoing of [...this.#unconfirmed]) {
      if (this.#stalled) return;
      this.#send(outgoing);
    }
  }

  readonly #expired = (outgoing: Outgoing): void => {
    this.#end(outgoing, this.#whyLate(outgoing));
  };

  #whyLate({ message, durationMs }: Outgoing): BusError {
    const { connected, reason } = this.#transport.health();
    const away = connected ? this.#whyStalled || 'it did not confirm' : (reason ?? 'it is away');
    return new BusError(
      'Deadline',
      `${message.topic}: not stored by ${this.#transport.name} within ${durationMs} ms: ${away}`,
    );
  }

  #end(outgoing: Outgoing, error?: BusError): void {
    if (!this.#unconfirmed.delete(outgoing)) return;
    this.#deadlines.remove(outgoing);
    this.load.messages--;
    this.load.bytes -= outgoing.message.body.length;
    if (!error) {
      outgoing.resolve();
      return;
    }
    // A publisher that looks away must not end the process.
    outgoing.promise.catch(noop);
    outgoing.reject(error);
  }
}

function noop(): void {}
