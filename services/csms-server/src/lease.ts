import type { Connections } from './connections.ts';
import type { ServerContext } from './context.ts';

/**
 * Keeps the connections of this node in the directory. A node that could not say in time that it is alive has lost
 * them: others may have them by now, so it ends its own before anything else (design.md §8).
 */
export class Lease {
  readonly #context: ServerContext;
  readonly #connections: Connections;
  readonly #leaseMs: number;
  /** When the last renewal that succeeded was begun. */
  #renewedAt: number;
  #askedAt: number;
  #isAsking = false;

  constructor({ context, connections }: { context: ServerContext; connections: Connections }) {
    this.#context = context;
    this.#connections = connections;
    this.#leaseMs = context.settings.csmsServer.leaseSeconds * 1000;
    this.#renewedAt = context.ticker.now;
    this.#askedAt = context.ticker.now;
  }

  tick(now: number): void {
    if (now - this.#renewedAt > this.#leaseMs) this.#lost(now);
    if (this.#isAsking || now - this.#askedAt < this.#leaseMs / 3) return;
    this.#renew(now).catch((error: unknown) => {
      this.#context.log.warn({ reason: String(error) }, 'The lease of this node could not be renewed');
    });
  }

  async #renew(now: number): Promise<void> {
    this.#isAsking = true;
    this.#askedAt = now;
    try {
      await this.#context.cache.connections.renew(this.#context.node, this.#leaseMs);
      this.#renewedAt = now;
    } finally {
      this.#isAsking = false;
    }
  }

  #lost(now: number): void {
    this.#renewedAt = now;
    const connections = this.#connections.all();
    if (connections.length === 0) return;
    this.#context.log.error(
      { connections: connections.length },
      'The lease of this node ran out: its connections are ended, charge points connect again',
    );
    for (const connection of connections) connection.terminate(1006, 'the lease of this node ran out');
  }
}
