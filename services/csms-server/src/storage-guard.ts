import type { Log } from '@ocpp-csms/runtime';

/** Longest pause between attempts, in seconds. */
const longestPauseSeconds = 60;

/** Connections that are let in, in a pause's time, to find out whether storing works again. */
const trialConnections = 10;

export interface StorageGuardOptions {
  retrySeconds: number;
  log: Log;
  /** Storing failed: closes the sockets. Also when an attempt failed. */
  onUnavailable(): void;
}

/**
 * Charge points that are offline queue; charge points that get errors discard (design.md §6). So when storing fails,
 * nothing is answered until it works again: after a pause a few connections are let in, and what comes of their
 * first message decides.
 */
export class StorageGuard {
  readonly #options: StorageGuardOptions;
  #state: 'available' | 'unavailable' | 'trial' = 'available';
  #reason = '';
  #until = 0;
  #pauseSeconds: number;
  #admitted = 0;

  constructor(options: StorageGuardOptions) {
    this.#options = options;
    this.#pauseSeconds = options.retrySeconds;
  }

  /** Nothing is to be published, and nothing answered. */
  get isUnavailable(): boolean {
    return this.#state === 'unavailable';
  }

  /** In words, while it is known that storing fails. */
  get problem(): string | undefined {
    return this.#state === 'unavailable' ? `Messages can't be stored: ${this.#reason}` : undefined;
  }

  /** Seconds after which a charge point should come again. */
  get retryAfterSeconds(): number {
    return this.#pauseSeconds;
  }

  /** Whether one more connection may be let in. */
  admits(): boolean {
    if (this.#state === 'available') return true;
    if (this.#state === 'unavailable' || this.#admitted >= trialConnections) return false;
    this.#admitted++;
    return true;
  }

  failed(error: unknown, now: number): void {
    if (this.#state === 'unavailable') return;
    this.#reason = error instanceof Error ? error.message : String(error);
    if (this.#state === 'available') this.#entered();
    else this.#pauseSeconds = Math.min(longestPauseSeconds, this.#pauseSeconds * 2);
    this.#state = 'unavailable';
    this.#until = now + this.#pauseSeconds * 1000;
    this.#options.onUnavailable();
  }

  succeeded(): void {
    if (this.#state !== 'trial') return;
    this.#state = 'available';
    this.#options.log.info('Messages are stored again; charge points are let in');
  }

  tick(now: number): void {
    if (this.#state === 'available' || now < this.#until) return;
    this.#state = 'trial';
    this.#admitted = 0;
    this.#until = now + this.#pauseSeconds * 1000;
  }

  #entered(): void {
    this.#pauseSeconds = this.#options.retrySeconds;
    this.#options.log.error(
      { reason: this.#reason },
      "Messages can't be stored. Nothing is answered, charge points are disconnected and queue; this ends by itself when storing works again",
    );
  }
}
