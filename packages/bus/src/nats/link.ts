import {
  connect,
  createInbox,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  type Subscription,
} from '@nats-io/transport-node';
import { ConnectionState } from '../broker/connection-state.ts';
import { PendingReplies } from '../broker/pending-replies.ts';
import { type Closing, TryAgainError } from '../broker/transport.ts';
import { Deadlines } from '../delivery/deadlines.ts';
import { reasonOf } from '../delivery/reasons.ts';
import type { BusLog } from '../options.ts';
import type { NatsOptions } from './nats-options.ts';
import { readServers, type ServerList } from './server-list.ts';
import { NatsSetupError } from './setup-error.ts';

export interface LinkEvents {
  /** A new connection, before anybody uses it. What rejects with a `NatsSetupError` ends the start. */
  prepare(connection: NatsConnection): Promise<void>;
  connected(): void;
  lost(reason: string): void;
}

interface Standing {
  subject: string;
  queue: string | undefined;
  callback: (message: Msg) => void;
  active?: Subscription;
}

const CONNECT_TIMEOUT_MS = 30_000;
const HANDSHAKE_TIMEOUT_MS = 5000;
/** Two pings without an answer, and the connection counts as lost. */
const PING_INTERVAL_MS = 5000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
const MOST_REPORTED = 100;

/**
 * The connection to NATS, made again for ever. Each connection is a fresh one: the client's own reconnecting would send
 * what it had buffered before what is unconfirmed, and break the order.
 */
export class NatsLink {
  readonly state: ConnectionState;
  readonly #servers: ServerList;
  readonly #connectTimeoutMs: number;
  readonly #events: LinkEvents;
  readonly #clientName: string;
  readonly #log: BusLog | undefined;
  readonly #deadlines = new Deadlines(() => {});
  readonly #replies = new PendingReplies<Msg>(this.#deadlines);
  readonly #standing = new Set<Standing>();
  #connection: NatsConnection | undefined;
  #inbox = '';
  #stopped = false;
  #wake: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #lastError: unknown;
  #failed: ((error: Error) => void) | undefined;

  constructor(options: NatsOptions, events: LinkEvents, log: BusLog | undefined) {
    this.#servers = readServers(options);
    this.#connectTimeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
    this.#clientName = options.name;
    this.#events = events;
    this.#log = log;
    this.state = new ConnectionState(`NATS (${this.#servers.addresses})`, log);
  }

  /** Undefined while there is none. */
  get connection(): NatsConnection | undefined {
    return this.#connection;
  }

  /** Rejects when no server could be reached, or one is not as it has to be. */
  async start(): Promise<void> {
    const failed = new Promise<never>((_, reject) => {
      this.#failed = reject;
    });
    this.#running = this.#run();
    const isConnected = await Promise.race([this.state.whenConnected(this.#connectTimeoutMs), failed]);
    this.#failed = undefined;
    if (isConnected) return;
    const { addresses } = this.#servers;
    const reason = reasonOf(this.#lastError);
    throw new Error(`NATS at ${addresses} cannot be used (${reason}): ${adviceFor(reason)}`);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    this.#replies.rejectAll(new TryAgainError('the bus was stopped'));
    this.#deadlines.expireAll();
    await this.#connection?.close();
    await this.#running;
  }

  /** Sends and waits for one reply. Rejects with `TryAgainError` when the connection is lost, or with what `late` makes. */
  request(
    subject: string,
    data: Uint8Array,
    options: { timeoutMs: number; headers?: MsgHdrs; late: () => Error },
  ): Promise<Msg> {
    const connection = this.#connection;
    if (!connection) return Promise.reject(this.#away());
    const { number, promise } = this.#replies.add(options.timeoutMs, options.late);
    try {
      const reply = `${this.#inbox}.${number}`;
      connection.publish(subject, data, options.headers ? { reply, headers: options.headers } : { reply });
    } catch (error) {
      this.#replies.reject(number, new TryAgainError(reasonOf(error)));
    }
    return promise;
  }

  /** Drops it when there is no connection. */
  publish(subject: string, data: Uint8Array): void {
    try {
      this.#connection?.publish(subject, data);
    } catch {
      // The connection is being lost.
    }
  }

  /** On this connection and all later ones. */
  async subscribe(subject: string, queue: string | undefined, callback: (message: Msg) => void): Promise<Closing> {
    const standing: Standing = { subject, queue, callback };
    this.#standing.add(standing);
    this.#subscribe(standing);
    await this.flush();
    return {
      close: async () => {
        this.#standing.delete(standing);
        unsubscribe(standing.active);
        await this.flush();
      },
    };
  }

  /** Resolves when the server has taken what was sent, or the connection is lost. */
  async flush(): Promise<void> {
    try {
      await this.#connection?.flush();
    } catch {
      // Whoever waits learns it from the events.
    }
  }

  async #run(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.#stopped) {
      try {
        const connection = await this.#connect();
        pauseMs = FIRST_PAUSE_MS;
        this.#events.connected();
        this.#ended(await connection.closed());
      } catch (error) {
        this.#lastError = error;
        if (error instanceof NatsSetupError) this.#failed?.(error);
        await this.#pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  async #connect(): Promise<NatsConnection> {
    const connection = await connect({
      ...this.#servers.connection,
      name: this.#clientName,
      reconnect: false,
      maxReconnectAttempts: 1,
      reconnectTimeWait: FIRST_PAUSE_MS,
      timeout: HANDSHAKE_TIMEOUT_MS,
      pingInterval: PING_INTERVAL_MS,
      maxPingOut: 2,
      noAsyncTraces: true,
    });
    try {
      await this.#events.prepare(connection);
      if (this.#stopped) throw new Error('the bus was stopped');
    } catch (error) {
      await connection.close();
      throw error;
    }
    this.#connection = connection;
    this.#inbox = createInbox();
    connection.subscribe(`${this.#inbox}.*`, { callback: (_, message) => this.#replied(message) });
    for (const standing of this.#standing) this.#subscribe(standing);
    void this.#reportErrors(connection);
    this.state.back();
    return connection;
  }

  /** What the server refuses it says beside the messages: permissions, above all. Each is said once for a connection. */
  async #reportErrors(connection: NatsConnection): Promise<void> {
    const said = new Set<string>();
    for await (const status of connection.status()) {
      if (status.type !== 'error') continue;
      const reason = status.error.message;
      if (said.has(reason) || said.size >= MOST_REPORTED) continue;
      said.add(reason);
      this.#log?.error({ reason }, 'NATS refuses something: see the permissions of the user in nats.servers');
    }
  }

  #subscribe(standing: Standing): void {
    const { subject, queue, callback } = standing;
    try {
      standing.active = this.#connection?.subscribe(subject, {
        ...(queue === undefined ? {} : { queue }),
        callback: (_, message) => callback(message),
      });
    } catch {
      // The connection is being lost; the next one subscribes.
    }
  }

  #replied(message: Msg): void {
    this.#replies.resolve(Number(message.subject.slice(this.#inbox.length + 1)), message);
  }

  #ended(error: unknown): void {
    this.#connection = undefined;
    if (this.#stopped) return;
    this.state.lost(error instanceof Error ? error.message : 'the server closed the connection');
    const away = this.#away();
    this.#replies.rejectAll(away);
    this.#events.lost(away.message);
  }

  #away(): TryAgainError {
    return new TryAgainError(this.state.health().reason ?? 'NATS is away');
  }

  async #pause(ms: number): Promise<void> {
    if (this.#stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}

function adviceFor(reason: string): string {
  if (/authori[sz]ation|authentication/i.test(reason))
    return 'see user and password in nats.servers, or nats.credentialsFile';
  return 'is nats-server running there, with JetStream (-js)?';
}

function unsubscribe(subscription: Subscription | undefined): void {
  try {
    subscription?.unsubscribe();
  } catch {
    // Its connection is closed already.
  }
}
