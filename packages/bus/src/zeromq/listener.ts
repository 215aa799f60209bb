import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Router } from 'zeromq';
import { reasonOf } from '../delivery/reasons.ts';
import { sleep } from '../delivery/waiting.ts';
import type { BusLog } from '../options.ts';
import { type Frame, SocketWriter } from './socket-writer.ts';
import { encodeHeader, type FromPeer, type Offer, type ToPeer, WIRE_VERSION } from './wire.ts';

export interface ListenerOptions {
  address: string;
  /** Names of the other peers: nobody else is listened to. */
  peers: ReadonlySet<string>;
  settings: string;
  log: BusLog | undefined;
  offer(): Offer;
  received(peer: string, header: Exclude<ToPeer, { type: 'hello' | 'ping' }>, content: Buffer | undefined): void;
}

const LINGER_MS = 500;
const BIND_WITHIN_MS = 1000;
const BIND_AGAIN_MS = 50;
const MAX_MESSAGE_BYTES = 512 * 1024 * 1024;

/** Where the peers come in; each is answered on the connection that it came by. */
export class Listener {
  readonly #options: ListenerOptions;
  // What peers are answered is bounded by what they asked and sent; a bound here would silently drop some of it.
  readonly #socket = new Router({ linger: LINGER_MS, sendHighWaterMark: 0, maxMessageSize: MAX_MESSAGE_BYTES });
  readonly #writer = new SocketWriter(this.#socket);
  /** The connection of each peer that greeted us last. */
  readonly #connections = new Map<string, Buffer>();
  readonly #peers = new Map<string, string>();
  #receiving: Promise<void> = Promise.resolve();
  #offerIsDue = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  /** Rejects, in words for the operator, when the address cannot be bound. */
  async start(): Promise<void> {
    const { address } = this.#options;
    try {
      await this.#bind(await withNumericHost(address));
    } catch (error) {
      this.#socket.close();
      const reason = reasonOf(error);
      throw new Error(
        `zeromq: cannot listen on ${address}: ${reason}. Is this service running already, or is the address in zeromq.peers not of this machine?`,
      );
    }
    this.#receiving = this.#receive().catch((error) => {
      const reason = reasonOf(error);
      this.#options.log?.error(
        { address, reason },
        'Nothing can be received from other processes any more; restart this one',
      );
    });
  }

  send(peer: string, header: FromPeer, content?: Frame): void {
    const connection = this.#connections.get(peer);
    if (connection) this.#sendTo(connection, header, content);
  }

  /** Tells all peers what we are there for, once for all changes of this turn of the event loop. */
  sendOffer(): void {
    if (this.#offerIsDue) return;
    this.#offerIsDue = true;
    setImmediate(() => {
      this.#offerIsDue = false;
      const offer = this.#options.offer();
      for (const connection of this.#connections.values()) this.#sendTo(connection, { type: 'offer', offer });
    });
  }

  async stop(): Promise<void> {
    await this.#writer.whenIdle();
    this.#connections.clear();
    this.#socket.close();
    await this.#receiving;
  }

  /** The socket of a predecessor in this process closes behind our back, while what it had to say is still sent. */
  async #bind(address: string): Promise<void> {
    const until = performance.now() + BIND_WITHIN_MS;
    for (;;) {
      try {
        await this.#socket.bind(address);
        return;
      } catch (error) {
        if (performance.now() > until) throw error;
        await sleep(BIND_AGAIN_MS);
      }
    }
  }

  #sendTo(connection: Buffer, header: FromPeer, content?: Frame): void {
    const encoded = encodeHeader(header);
    this.#writer.push(content === undefined ? [connection, encoded] : [connection, encoded, content]);
  }

  async #receive(): Promise<void> {
    for await (const [connection, header, content] of this.#socket) {
      if (!connection || !header) continue;
      try {
        this.#received(connection, JSON.parse(header.toString()), content);
      } catch (error) {
        this.#options.log?.error({ reason: reasonOf(error) }, 'A message of a peer cannot be read; it is ignored');
      }
    }
  }

  #received(connection: Buffer, header: ToPeer, content: Buffer | undefined): void {
    if (header.type === 'hello') {
      this.#greet(connection, header);
      return;
    }
    const peer = this.#peers.get(connection.toString('latin1'));
    // Of a session that is over: its peer has begun a new one.
    if (peer === undefined) return;
    if (header.type === 'ping') this.#sendTo(connection, { type: 'pong' });
    else this.#options.received(peer, header, content);
  }

  #greet(connection: Buffer, { peer, version, settings }: Extract<ToPeer, { type: 'hello' }>): void {
    const { peers, log, offer, settings: own } = this.#options;
    const reason = peers.has(peer)
      ? version === WIRE_VERSION
        ? undefined
        : `we speak version ${WIRE_VERSION}, ${peer} speaks ${version}: start all services from one release`
      : `zeromq.peers here names no ${String(peer).slice(0, 200)}`;
    if (reason !== undefined) {
      log?.warn({ reason }, 'A peer was turned away');
      this.#sendTo(connection, { type: 'turned-away', reason });
      return;
    }
    if (settings !== own) {
      log?.warn({ peer }, `${peer} has other settings: make zeromq.peers the same everywhere`);
    }
    const earlier = this.#connections.get(peer);
    if (earlier) this.#peers.delete(earlier.toString('latin1'));
    this.#connections.set(peer, connection);
    this.#peers.set(connection.toString('latin1'), peer);
    this.#sendTo(connection, { type: 'welcome', offer: offer(), settings: own });
  }
}

/** ZeroMQ binds to numeric addresses and `*` alone. */
async function withNumericHost(address: string): Promise<string> {
  const { hostname, port } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) || host === '*') return address;
  return `tcp://${(await lookup(host, { family: 4 })).address}:${port}`;
}
