import type { BusHealth } from '../bus.ts';
import type { BusLog } from '../options.ts';

/** Whether the broker is there: said once when it is lost and once when it is back. For transports. */
export class ConnectionState {
  readonly #name: string;
  readonly #log: BusLog | undefined;
  #reason: string | undefined = 'not connected yet';
  #lostAt: number | undefined;
  #waiting: (() => void)[] = [];

  /** `name`: of the broker, with its address and without secrets, as in `NATS (10.0.0.7:4222)`. */
  constructor(name: string, log: BusLog | undefined) {
    this.#name = name;
    this.#log = log;
  }

  get isConnected(): boolean {
    return this.#reason === undefined;
  }

  health(): BusHealth {
    return this.#reason === undefined ? { connected: true } : { connected: false, reason: this.#reason };
  }

  /** `reason`: in words for the operator, without secrets. */
  lost(reason: string): void {
    if (this.#reason !== undefined) return;
    this.#reason = `${this.#name} is away: ${reason}`;
    this.#lostAt = performance.now();
    this.#log?.warn({ reason }, `${this.#name} is away; connects again by itself, and messages wait meanwhile`);
  }

  back(): void {
    if (this.#reason === undefined) return;
    this.#reason = undefined;
    if (this.#lostAt !== undefined) {
      const seconds = Math.round((performance.now() - this.#lostAt) / 1000);
      this.#log?.warn({ seconds }, `${this.#name} is back after ${seconds} s`);
    }
    this.#lostAt = undefined;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves with whether it is connected, at once or as soon as it is, or with false when the time is over. */
  async whenConnected(timeoutMs: number): Promise<boolean> {
    if (this.isConnected) return true;
    let timer: NodeJS.Timeout | undefined;
    let connected: () => void = () => {};
    await new Promise<void>((resolve) => {
      connected = resolve;
      this.#waiting.push(resolve);
      timer = setTimeout(resolve, timeoutMs);
    });
    clearTimeout(timer);
    if (!this.isConnected) this.#waiting = this.#waiting.filter((other) => other !== connected);
    return this.isConnected;
  }
}
