import type { Settings } from '@ocpp-csms/config';
import { type PerMessageDeflateOptions, type Server, WebSocketServer } from 'ws';
import { ChargePointSocket } from './connection.ts';
import { chooseSubprotocol } from './subprotocol.ts';
import type { Upgrade } from './upgrade.ts';

/** Pieces of one message, and of one frame on the wire: enough for a megabyte over a slow modem. */
const maxFragments = 4096;
const maxBufferedChunks = 16_384;

/** How long a charge point has to answer a close before its TCP connection is cut. */
const closeTimeoutMs = 5000;

/** Distinct frame limits that are kept ready. */
const maxServers = 100;

/** RFC 7692 without context takeover: no memory between messages. What comes out is bounded by `maxPayload`. */
const compression: PerMessageDeflateOptions = {
  threshold: 1024,
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  concurrencyLimit: 4,
  zlibDeflateOptions: { level: 3, memLevel: 7 },
};

type SocketServer = Server<typeof ChargePointSocket>;

/** Completes handshakes. `ws` sets the frame limit by server, so there is one for each limit in use. */
export class Sockets {
  readonly #settings: Settings['csmsServer'];
  readonly #servers = new Map<number, SocketServer>();

  constructor(settings: Settings['csmsServer']) {
    this.#settings = settings;
  }

  /**
   * Undefined: `ws` refused it, and answered. `ws` gets to see the one subprotocol that was chosen: it refuses offers
   * that name one twice or end in a comma.
   */
  upgrade({ request, socket, head, record, offered }: Upgrade): ChargePointSocket | undefined {
    const spoken = chooseSubprotocol(offered, undefined);
    if (spoken === undefined) delete request.headers['sec-websocket-protocol'];
    else request.headers['sec-websocket-protocol'] = spoken;
    let upgraded: ChargePointSocket | undefined;
    this.#server(record?.maxFrameBytes ?? this.#settings.maxFrameBytes).handleUpgrade(request, socket, head, (ws) => {
      upgraded = ws;
      if (ws.extensions === '') ws.plain = socket;
    });
    return upgraded;
  }

  #server(maxPayload: number): SocketServer {
    const known = this.#servers.get(maxPayload);
    if (known !== undefined) return known;
    if (this.#servers.size >= maxServers) this.#servers.clear();
    const server = this.#createServer(maxPayload);
    this.#servers.set(maxPayload, server);
    return server;
  }

  #createServer(maxPayload: number): SocketServer {
    // Missing in the types of `ws`.
    const closeTimeout = { closeTimeout: closeTimeoutMs };
    return new WebSocketServer({
      ...closeTimeout,
      noServer: true,
      clientTracking: false,
      WebSocket: ChargePointSocket,
      maxPayload,
      maxFragments,
      maxBufferedChunks,
      perMessageDeflate: this.#settings.compression && compression,
    });
  }
}
