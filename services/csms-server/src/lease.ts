import { performance } from 'node:perf_hooks';
import type { ConnectionEntry } from '@ocpp-csms/cache';
import type { Connection } from './connection.ts';
import type { Connections } from './connections.ts';
import type { ServerContext } from './context.ts';
import { isTransient } from './transient.ts';

const policyViolation = 1008;

/**
 * Keeps the connections of this node in the directory.
 *
 * A node that was paused for longer than its lease (SIGSTOP, a virtual machine moved, a garbage collection without
 * end) has lost them: others may have them by now, so it ends its own before anything else (design.md §8). A directory
 * that is away is another matter: nobody else can claim anything either, so the connections stay, and are written to
 * it again when it is back; what went to another node in the meantime is ended then
 * (docs/decisions/0010-cache-away.md).
 */
export class Lease {
  readonly #context: ServerContext;
  readonly #connections: Connections;
  readonly #leaseMs: number;
  /** When this process was seen to run last, in milliseconds of `performance`. */
  #ranAt = performance.now();
  #askedAt = Number.NEGATIVE_INFINITY;
  #isAsking = false;

  constructor({ context, connections }: { context: ServerContext; connections: Connections }) {
    this.#context = context;
    this.#connections = connections;
    this.#leaseMs = context.settings.csmsServer.leaseSeconds * 1000;
  }

  /**
   * To be called before anything is done for a connection. On waking, what waits in the sockets comes before any timer:
   * the tick would be too late.
   */
  check(): void {
    const now = performance.now();
    const gap = now - this.#ranAt;
    this.#ranAt = now;
    if (gap > this.#leaseMs) this.#lost('this node stood still for longer than its lease');
  }

  tick(now: number): void {
    this.check();
    if (this.#isAsking || now - this.#askedAt < this.#leaseMs / 3) return;
    this.#askedAt = now;
    this.#isAsking = true;
    this.#renew()
      .catch((error: unknown) => {
        // A cache that is away says so itself, once.
        if (isTransient(error)) return;
        this.#context.log.warn({ reason: String(error) }, 'The lease of this node could not be renewed');
      })
      .finally(() => {
        this.#isAsking = false;
      });
  }

  async #renew(): Promise<void> {
    const { cache, node } = this.#context;
    const { ranOut, replaced } = await cache.connections.renew(node, this.#leaseMs, () => this.#held());
    if (ranOut) this.#lost('the directory heard nothing of this node for longer than its lease');
    for (const entry of replaced) this.#endReplaced(entry);
  }

  /** What is open at the moment at which it is read, and not what was open when the renewal began. */
  *#held(): Iterable<ConnectionEntry> {
    for (const connection of this.#connections.values())
      if (connection.end === undefined) yield this.#entryOf(connection);
  }

  #entryOf({ networkId, epoch, protocol, since, remoteAddress }: Connection): ConnectionEntry {
    const { node } = this.#context;
    return { networkId, node, epoch, protocol, since, leaseUntil: 0, ...(remoteAddress && { remoteAddress }) };
  }

  #endReplaced({ networkId, node, epoch }: ConnectionEntry): void {
    const connection = this.#connections.get(networkId);
    if (connection === undefined || connection.epoch >= epoch) return;
    this.#context.log.info({ networkId, node }, 'The charge point has a newer connection: the one here is ended');
    connection.terminate(policyViolation, 'replaced by a newer connection');
  }

  #lost(reason: string): void {
    const connections = this.#connections.all();
    if (connections.length === 0) return;
    this.#context.log.error(
      { connections: connections.length, reason },
      'The lease of this node ran out: its connections are ended, charge points connect again',
    );
    for (const connection of connections) connection.terminate(1006, 'the lease of this node ran out');
  }
}
