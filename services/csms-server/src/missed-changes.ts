import type { AuthRecords } from './auth-records.ts';
import type { Connection } from './connection.ts';
import type { Connections } from './connections.ts';
import type { ServerContext } from './context.ts';
import { isTransient } from './transient.ts';

const chunkSize = 200;
const pauseMs = 1000;

/**
 * While the cache was away charge points may have been disabled, deleted or accepted, and nobody was told. When it is
 * back and complete, the auth records of all connections are read again.
 */
export class MissedChanges {
  readonly #context: ServerContext;
  readonly #connections: Connections;
  readonly #records: AuthRecords;
  #isDue = false;
  #isReading = false;
  #triedAt = Number.NEGATIVE_INFINITY;

  constructor(options: { context: ServerContext; connections: Connections; records: AuthRecords }) {
    this.#context = options.context;
    this.#connections = options.connections;
    this.#records = options.records;
  }

  note(): void {
    this.#isDue = true;
  }

  tick(now: number): void {
    if (!this.#isDue || this.#isReading || now - this.#triedAt < pauseMs) return;
    this.#triedAt = now;
    this.#isReading = true;
    this.#read()
      .catch((error: unknown) => {
        this.#isDue = true;
        if (isTransient(error)) return;
        this.#context.log.warn({ reason: String(error) }, 'Auth records could not be read again; it is tried again');
      })
      .finally(() => {
        this.#isReading = false;
      });
  }

  async #read(): Promise<void> {
    if (!(await this.#context.cache.auth.isComplete())) return;
    this.#isDue = false;
    await this.#records.start();
    const connections = this.#connections.all();
    for (let start = 0; start < connections.length; start += chunkSize) {
      await this.#readChunk(connections.slice(start, start + chunkSize));
    }
  }

  async #readChunk(connections: readonly Connection[]): Promise<void> {
    const { auth } = this.#context.cache;
    const records = await Promise.all(connections.map(({ networkId }) => auth.get(networkId)));
    // A cache that was emptied just now has no records, and that means nothing.
    const isComplete = await auth.isComplete();
    if (!isComplete) this.#isDue = true;
    connections.forEach(({ networkId }, index) => {
      const record = records[index];
      if (record !== undefined || isComplete) this.#connections.changed(networkId, record);
    });
  }
}
