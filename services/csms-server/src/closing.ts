import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from './connection.ts';
import type { Connections } from './connections.ts';
import { tickMs } from './ticker.ts';

/** All connections at once would come back at once: they are closed over this time, in milliseconds, at the most. */
const longestSpreadMs = 5000;

/** Few connections need no spreading: as many as this are closed in a tick. */
const leastPerTick = 50;

/** Ends many connections, spread over time. */
export class Closing {
  readonly #connections: Connections;
  #queue: Connection[] = [];
  #perTick = leastPerTick;
  #end = { code: 1001, reason: '' };

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  closeAll(code: number, reason: string, spreadMs = longestSpreadMs): void {
    this.#queue = this.#connections.all();
    this.#end = { code, reason };
    const ticks = Math.max(1, Math.floor(Math.min(spreadMs, longestSpreadMs) / tickMs));
    this.#perTick = Math.max(leastPerTick, Math.ceil(this.#queue.length / ticks));
    this.tick();
  }

  tick(): void {
    if (this.#queue.length === 0) return;
    for (const connection of this.#queue.splice(0, this.#perTick)) connection.close(this.#end.code, this.#end.reason);
  }

  terminateAll(): void {
    this.#queue = [];
    for (const connection of this.#connections.all()) connection.terminate(1001, 'shutting down');
  }

  untilClosed(timeoutMs: number): Promise<void> {
    return this.until(() => this.#connections.count === 0, timeoutMs);
  }

  /** Resolves when it is so, or the time is over. */
  async until(isSo: () => boolean, timeoutMs: number): Promise<void> {
    const stepMs = 20;
    for (let waited = 0; waited < timeoutMs && !isSo(); waited += stepMs) await sleep(stepMs);
  }
}
