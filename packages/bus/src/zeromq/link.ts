import { Dealer } from 'zeromq';
import { reasonOf } from '../delivery/reasons.ts';
import type { BusLog } from '../options.ts';
import { type Frame, SocketWriter } from './socket-writer.ts';
import { encodeHeader, type FromPeer, type Offer, type ToPeer, WIRE_VERSION } from './wire.ts';

export interface LinkOptions {
  /** The name of the peer. */
  peer: string;
  address: string;
  /** Our own name. */
  self: string;
  /** A digest of peers and groups: both sides must have the same. */
  settings: string;
  heartbeatMs: number;
  /** Silence after which the peer counts as away. */
  silenceMs: number;
  log: BusLog | undefined;
  up(): void;
  down(): void;
  received(header: FromPeer, content: Buffer | undefined): void;
}

const RECONNECT_MS = 50;
const RECONNECT_MAX_MS = 1000;
/** The lower bound of pauses between sessions: a peer that turns us away is not asked in a tight loop. */
const TURNED_AWAY_MS = 2000;
/** How long a connection that is lost is read on. */
const READ_ON_MS = 30;
/** Of a peer that was never there. */
const MISSED_AFTER_MS = 10_000;
/** What may wait for a peer that reads slowly, beyond streams and calls, which have bounds of their own. */
const MAX_BROADCAST_BYTES = 8 * 1024 * 1024;

/**
 * Our way to one peer. Each session is a socket of its own, so that nothing of an earlier one is still under way in
 * it; it begins with a greeting that the peer answers and ends when the connection does, or when the peer is silent.
 */
export class Link {
  readonly peer: string;
  readonly #options: LinkOptions;
  #writer: SocketWriter | undefined;
  #offer: Offer | undefined;
  /** The peer has greeted back in this session. */
  #isUp = false;
  #end: ((why: string) => void) | undefined;
  #lastHeard = 0;
  #lastBeat = 0;
  #awaySince = performance.now();
  /** That it is away was said. */
  #isMissed = false;
  #droppedBroadcasts = 0;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();
  #wake: (() => void) | undefined;

  constructor(options: LinkOptions) {
    this.peer = options.peer;
    this.#options = options;
  }

  /** What the peer is there for; undefined while it is away. */
  get offer(): Offer | undefined {
    return this.#offer;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#end?.('the bus was stopped');
    this.#wake?.();
    await this.#running;
  }

  send(header: ToPeer, content?: Frame): void {
    const encoded = encodeHeader(header);
    this.#writer?.push(content === undefined ? [encoded] : [encoded, content]);
  }

  /** Whoever is slow misses some: broadcasts have no memory. */
  broadcast(channel: string, content: string): void {
    if (!this.#offer?.channels.includes(channel) || !this.#writer) return;
    if (this.#writer.bytes < MAX_BROADCAST_BYTES) this.send({ type: 'broadcast', channel }, content);
    else if (this.#droppedBroadcasts++ === 0) this.#warn('reads too slowly and misses broadcasts');
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      let turnedAway = false;
      try {
        turnedAway = await this.#session();
      } catch (error) {
        this.#warn(`cannot be connected to: ${reasonOf(error)}`);
        turnedAway = true;
      }
      await this.#pause(turnedAway ? TURNED_AWAY_MS : RECONNECT_MS);
    }
  }

  /** Whether it came to nothing. */
  async #session(): Promise<boolean> {
    const { address, self, settings, heartbeatMs } = this.#options;
    // `immediate`: nothing is queued for a connection that is not there, so the greeting waits in our own queue, once.
    const socket = new Dealer({
      immediate: true,
      linger: 0,
      reconnectInterval: RECONNECT_MS,
      reconnectMaxInterval: RECONNECT_MAX_MS,
    });
    const ended = new Promise<string>((resolve) => {
      this.#end = resolve;
    });
    this.#writer = new SocketWriter(socket);
    let connected = false;
    socket.events.on('handshake', () => {
      connected = true;
      this.#lastHeard = performance.now();
    });
    socket.events.on('disconnect', () => this.#connectionLost());
    const timer = setInterval(() => this.#beat(connected), heartbeatMs);
    socket.connect(address);
    const receiving = this.#receive(socket);
    this.send({ type: 'hello', version: WIRE_VERSION, peer: self, settings });
    const why = await ended;
    clearInterval(timer);
    this.#end = undefined;
    this.#writer = undefined;
    socket.close();
    await receiving;
    this.#offer = undefined;
    if (!this.#isUp) return true;
    this.#isUp = false;
    this.#awaySince = performance.now();
    this.#isMissed = true;
    if (!this.#stopped) this.#warn(`is away: ${why}; what it has to get is kept`);
    this.#options.down();
    return false;
  }

  #beat(connected: boolean): void {
    const now = performance.now();
    if (!this.#offer && now - this.#awaySince > MISSED_AFTER_MS) this.#missed();
    // This process itself slept: it has not listened, so the silence says nothing.
    if (now - this.#lastBeat > 2 * this.#options.heartbeatMs) this.#lastHeard = now;
    this.#lastBeat = now;
    if (!connected) return;
    if (now - this.#lastHeard > this.#options.silenceMs)
      this.#end?.(`nothing was heard for ${this.#options.silenceMs} ms`);
    else if (this.#offer) this.send({ type: 'ping' });
  }

  /** Nothing more is sent; what arrived before, acknowledgements above all, is still read. */
  #connectionLost(): void {
    this.#offer = undefined;
    setTimeout(() => this.#end?.('the connection was lost'), READ_ON_MS);
  }

  /** At a start of all it is not worth a word that they do not come up in the same second. */
  #missed(): void {
    if (this.#isMissed) return;
    this.#isMissed = true;
    this.#warn('has not been reached yet; what it has to get is kept. Is it started, and is its address right?');
  }

  async #receive(socket: Dealer): Promise<void> {
    try {
      for await (const [header, content] of socket) {
        this.#lastHeard = performance.now();
        if (header) this.#received(JSON.parse(header.toString()), content);
      }
    } catch (error) {
      this.#end?.(reasonOf(error));
    }
  }

  #received(header: FromPeer, content: Buffer | undefined): void {
    if (header.type === 'pong') return;
    if (header.type === 'offer') this.#takeOffer(header.offer);
    else if (header.type === 'welcome') this.#welcome(header);
    else if (header.type === 'turned-away') this.#warn(`turned us away: ${header.reason}`);
    else if (this.#isUp) this.#options.received(header, content);
  }

  #takeOffer(offer: Offer): void {
    if (this.#offer) this.#offer = offer;
  }

  #welcome({ offer, settings }: Extract<FromPeer, { type: 'welcome' }>): void {
    if (settings !== this.#options.settings) {
      this.#warn(
        'has other settings: make zeromq.peers the same everywhere, or messages of a charge point get out of order',
      );
    }
    if (this.#isMissed) {
      this.#warn(`is back after ${Math.round((performance.now() - this.#awaySince) / 1000)} s`);
      this.#isMissed = false;
    }
    this.#offer = offer;
    this.#isUp = true;
    this.#droppedBroadcasts = 0;
    this.#options.up();
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

  #warn(what: string): void {
    const { peer, address, log } = this.#options;
    log?.warn({ peer, address }, `${peer} ${what}`);
  }
}
