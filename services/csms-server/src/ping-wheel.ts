import type { Connection } from './connection.ts';
import type { ServerContext } from './context.ts';
import { tickMs } from './ticker.ts';

/** Pings without a sign of life before a connection counts as dead (field-faults 1). */
const maxMissed = 2;

/** Where there are no pings, how often lives are looked at. */
const idleCheckSeconds = 20;

/** Silence beyond two heartbeats, in seconds, until a connection without pings counts as dead. */
const idleGraceSeconds = 60;

/** Pings all connections, each at its interval, spread over time, with one timer. Any byte proves life. */
export class PingWheel {
  readonly #context: ServerContext;
  readonly #slots: Set<Connection>[];
  readonly #isPinging: boolean;
  #next = 0;
  #hand = 0;

  constructor(context: ServerContext) {
    this.#context = context;
    const { pingIntervalSeconds } = context.settings.csmsServer;
    this.#isPinging = pingIntervalSeconds > 0;
    const slots = Math.max(1, Math.round(((pingIntervalSeconds || idleCheckSeconds) * 1000) / tickMs));
    this.#slots = Array.from({ length: slots }, () => new Set());
  }

  add(connection: Connection): void {
    connection.wheelSlot = this.#next;
    this.#slots[this.#next]?.add(connection);
    this.#next = (this.#next + 1) % this.#slots.length;
  }

  delete(connection: Connection): void {
    this.#slots[connection.wheelSlot]?.delete(connection);
  }

  tick(): void {
    this.#hand = (this.#hand + 1) % this.#slots.length;
    for (const connection of this.#slots[this.#hand] ?? []) this.#check(connection);
  }

  #check(connection: Connection): void {
    if (!connection.isOpen || connection.isPaused) return;
    if (this.#isPinging && connection.answersPings) ping(connection);
    else this.#checkIdle(connection);
  }

  #checkIdle(connection: Connection): void {
    const limitMs = (connection.heartbeatIntervalSeconds * 2 + idleGraceSeconds) * 1000;
    const silentMs = this.#context.ticker.now - connection.heardAt;
    if (silentMs > limitMs) connection.terminate(1006, `silent for ${Math.round(silentMs / 1000)} s`);
  }
}

function ping(connection: Connection): void {
  if (!connection.isAlive && ++connection.missedPings >= maxMissed) {
    connection.terminate(1006, `${maxMissed} pings were not answered`);
    return;
  }
  connection.isAlive = false;
  connection.socket.ping();
}
