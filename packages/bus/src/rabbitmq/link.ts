import { type ChannelModel, connect } from 'amqplib';
import { reasonOf } from '../delivery/reasons.ts';

export interface LinkOptions {
  url: string;
  /** Shown in RabbitMQ's list of connections. */
  name: string;
  /** Makes what is needed on a new connection. When it rejects, the connection is given up and made anew. */
  up(connection: ChannelModel): Promise<void>;
  /** It is gone, with all its channels; another one follows by itself. */
  down(reason: string): void;
}

/** Without a sign of life for twice as long, each side gives the other up. */
const HEARTBEAT_SECONDS = 4;
const CONNECT_TIMEOUT_MS = 10_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;

/** A connection to RabbitMQ that is made again by itself, for ever. */
export class Link {
  readonly #options: LinkOptions;
  #connection: ChannelModel | undefined;
  #connecting: Promise<void> | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #waiting: ((connection: ChannelModel | undefined) => void)[] = [];
  lastReason = '';

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  get connection(): ChannelModel | undefined {
    return this.#connection;
  }

  /** Rejects when the first try fails; nothing is tried again then. */
  async start(): Promise<void> {
    try {
      await this.#connect();
    } catch (error) {
      this.#isStopped = true;
      throw error;
    }
  }

  /** As `start`, but goes on trying. */
  keepUp(): void {
    this.#connecting ??= this.#connect()
      .catch((error: unknown) => {
        this.lastReason = reasonOf(error);
        this.#tryLater();
      })
      .finally(() => {
        this.#connecting = undefined;
      });
  }

  /** The connection, at once or as soon as it is there; undefined when the time is over. */
  async whenUp(timeoutMs: number): Promise<ChannelModel | undefined> {
    if (this.#connection || this.#isStopped) return this.#connection;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((other) => other !== done);
        resolve(undefined);
      }, timeoutMs);
      const done = (connection: ChannelModel | undefined) => {
        clearTimeout(timer);
        resolve(connection);
      };
      this.#waiting.push(done);
    });
  }

  /** Gives the connection up, and makes another one. */
  renew(): void {
    this.#connection?.close().catch(() => {});
  }

  async stop(timeoutMs: number): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#settleWaiting(undefined);
    const closing = Promise.resolve(this.#connection?.close()).catch(() => {});
    await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, timeoutMs).unref())]);
  }

  async #connect(): Promise<void> {
    const { url, name, up } = this.#options;
    const connection = await connect(withHeartbeat(url), {
      noDelay: true,
      timeout: CONNECT_TIMEOUT_MS,
      clientProperties: { connection_name: name },
    });
    let reason = 'the connection was closed';
    connection.on('error', (error) => {
      reason = reasonOf(error);
    });
    let isUp = false;
    connection.on('close', (error?: Error) => {
      const wasUp = isUp;
      isUp = false;
      if (wasUp) this.#lost(error ? reasonOf(error) : reason);
    });
    try {
      await up(connection);
    } catch (error) {
      connection.close().catch(() => {});
      throw error;
    }
    if (this.#isStopped) {
      connection.close().catch(() => {});
      return;
    }
    isUp = true;
    this.#connection = connection;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#settleWaiting(connection);
  }

  #lost(reason: string): void {
    this.#connection = undefined;
    this.lastReason = reason;
    if (this.#isStopped) return;
    this.#options.down(reason);
    this.#tryLater();
  }

  #tryLater(): void {
    if (this.#isStopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.keepUp(), this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }

  #settleWaiting(connection: ChannelModel | undefined): void {
    for (const resolve of this.#waiting.splice(0)) resolve(connection);
  }
}

function withHeartbeat(url: string): string {
  const parts = new URL(url);
  if (!parts.searchParams.has('heartbeat')) parts.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS));
  return parts.href;
}

/** host:port and vhost of a URL, without what is secret in it. */
export function placeOf(url: string): string {
  try {
    const { hostname, port, protocol, pathname } = new URL(url);
    const vhost = pathname.length > 1 ? pathname : '';
    return `${hostname}:${port || (protocol === 'amqps:' ? '5671' : '5672')}${vhost}`;
  } catch {
    return 'an address that can not be read (rabbitmq.url)';
  }
}
