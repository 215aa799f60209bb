import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { isLocalAddress } from '@ocpp-csms/http';
import { type Authentication, authenticate } from './authenticate.ts';
import { readBasicCredentials } from './basic-credentials.ts';
import type { Budgets } from './budgets.ts';
import { ComeAgain } from './come-again.ts';
import type { Connections } from './connections.ts';
import type { ServerContext } from './context.ts';
import { readPath } from './identity.ts';
import type { Refusals } from './refusals.ts';
import type { RemoteEnd } from './remote-address.ts';
import { chooseSubprotocol, readSubprotocols } from './subprotocol.ts';
import { isTransient } from './transient.ts';
import { isOvertaken, type Refusal, type Upgrade, writeRefusal } from './upgrade.ts';

/** Upgrades that are being decided on at a time. */
const maxPending = 5000;

export interface ListenerOptions {
  server: Server;
  context: ServerContext;
  connections: Connections;
  authentication: Authentication;
  refusals: Refusals;
  /** Upgrades of this node in a second. */
  admission: Budgets;
  /** Connections of one charge point in a minute. */
  reconnects: Budgets;
  remoteEnd(request: IncomingMessage): RemoteEnd;
}

/** Takes upgrade requests: who may come in does, everybody else is refused before the 101. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => this.#take(request, socket, head);
  readonly #comeAgain: ComeAgain;
  #pending = 0;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#comeAgain = new ComeAgain({ perSecond: options.context.settings.csmsServer.upgradesPerSecond });
  }

  start(): void {
    this.#options.server.on('upgrade', this.#onUpgrade);
  }

  stop(): void {
    this.#options.server.off('upgrade', this.#onUpgrade);
  }

  #take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Until `ws` takes over: a peer that goes away must not be the end of the process.
    socket.on('error', destroy);
    this.#pending++;
    this.#decide(request, socket, head)
      .catch((error: unknown) => {
        if (!isTransient(error)) this.#options.context.log.error({ reason: String(error) }, 'An upgrade failed');
        writeRefusal(socket, { status: 503, retryAfterSeconds: 5 });
      })
      .finally(() => this.#pending--);
  }

  async #decide(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const upgrade = readUpgrade(request, socket, head, this.#options.remoteEnd(request));
    const { arriving } = this.#options.connections;
    arriving.add(upgrade);
    try {
      await this.#letIn(upgrade);
    } finally {
      arriving.delete(upgrade);
    }
  }

  async #letIn(upgrade: Upgrade): Promise<void> {
    const { context, refusals, connections } = this.#options;
    const { socket } = upgrade;
    for (const step of this.#steps) {
      const refusal = await step(upgrade);
      if (socket.destroyed) return;
      if (refusal === undefined) continue;
      writeRefusal(socket, refusal);
      context.metrics.refused(refusal.reason);
      if (refusal.isRemembered) refusals.add(upgrade, refusal, context.ticker.now);
      return;
    }
    if (upgrade.protocol === undefined) this.#completeAndClose(upgrade);
    else await connections.open(upgrade, upgrade.protocol);
    // `ws` listens now.
    socket.off('error', destroy);
  }

  readonly #steps: readonly ((upgrade: Upgrade) => Refusal | undefined | Promise<Refusal | undefined>)[] = [
    (upgrade) => this.#checkPath(upgrade),
    (upgrade) => this.#checkNetwork(upgrade),
    (upgrade) => checkHandshake(upgrade),
    () => this.#checkState(),
    (upgrade) => authenticate(upgrade, this.#options.authentication, this.#options.context.ticker.now),
    checkOvertaken,
    (upgrade) => this.#checkReconnects(upgrade),
    (upgrade) => this.#checkRoom(upgrade),
    () => this.#admit(),
    (upgrade) => this.#agreeOnSubprotocol(upgrade),
  ];

  #checkPath(upgrade: Upgrade): Refusal | undefined {
    const reading = readPath(upgrade.request.url ?? '', this.#options.context.settings.csmsServer.path);
    switch (reading.kind) {
      case 'elsewhere':
        return { status: 404, reason: 'bad-id', words: 'There is nothing under this path', isRemembered: false };
      case 'bad-id':
        upgrade.networkId = reading.shown;
        return { status: 404, reason: 'bad-id', words: reading.words, isRemembered: true };
      default:
        upgrade.networkId = reading.networkId;
        return undefined;
    }
  }

  #checkNetwork({ remoteAddress }: Upgrade): Refusal | undefined {
    if (!this.#options.context.settings.http.localNetworkOnly || isLocalAddress(remoteAddress)) return undefined;
    return {
      status: 403,
      reason: 'busy',
      words: 'Only the local network may connect (http.localNetworkOnly)',
      isRemembered: false,
    };
  }

  /** What needs no look at who it is. */
  #checkState(): Refusal | undefined {
    const { context } = this.#options;
    if (context.isDraining) return busy('This node is shutting down', 5);
    if (context.guard.isUnavailable) return busy('Messages can not be stored', context.guard.retryAfterSeconds);
    if (this.#pending > maxPending) return this.#tooMany();
    return undefined;
  }

  /** Field-faults 13. Only who has proved who he is comes here: nobody can use up somebody else's budget. */
  #checkReconnects({ networkId, record }: Upgrade): Refusal | undefined {
    const { context, reconnects } = this.#options;
    const key = record?.networkId ?? networkId;
    if (reconnects.take(key, context.ticker.now)) return undefined;
    const words = 'It connects again and again (auth.reconnectsPerMinute)';
    return { status: 503, reason: 'busy', words, retryAfterSeconds: reconnects.retryAfter(key), isRemembered: true };
  }

  #checkRoom({ networkId, record }: Upgrade): Refusal | undefined {
    const { context, connections } = this.#options;
    const { maxConnections } = context.settings.csmsServer;
    if (maxConnections === 0 || connections.count < maxConnections || connections.get(record?.networkId ?? networkId))
      return undefined;
    return {
      status: 503,
      reason: 'busy',
      words: 'This node is full (csmsServer.maxConnections)',
      retryAfterSeconds: 60,
      isRemembered: true,
    };
  }

  /**
   * A storm after a power cut is let in at a pace (field-faults 12). Only those who have proved who they are count:
   * a flood of strangers, refused at next to no cost, keeps nobody out.
   */
  #admit(): Refusal | undefined {
    const { context, admission } = this.#options;
    if (!admission.take('', context.ticker.now)) return this.#tooMany();
    if (!context.guard.admits()) return busy('Messages can not be stored', context.guard.retryAfterSeconds);
    return undefined;
  }

  #tooMany(): Refusal {
    return busy('Too many connect at once', this.#comeAgain.nextSeconds(this.#options.context.ticker.now));
  }

  #agreeOnSubprotocol(upgrade: Upgrade): undefined {
    upgrade.protocol = chooseSubprotocol(upgrade.offered, upgrade.record?.assumedProtocol);
  }

  /** J16 and J2.x §3.3: the handshake is completed without the header, and closed at once. */
  #completeAndClose(upgrade: Upgrade): void {
    const words =
      upgrade.offered.length === 0 ? 'It offered no subprotocol' : 'It offered no subprotocol that we speak';
    this.#options.connections.refuseSubprotocol(upgrade);
    this.#options.context.metrics.refused('subprotocol');
    this.#options.refusals.add(
      upgrade,
      { status: 101, reason: 'subprotocol', words },
      this.#options.context.ticker.now,
    );
  }
}

function checkOvertaken(upgrade: Upgrade): Refusal | undefined {
  return isOvertaken(upgrade) ? busy('It was changed while it connected', 1) : undefined;
}

function busy(words: string, retryAfterSeconds: number): Refusal {
  return { status: 503, reason: 'busy', words, retryAfterSeconds, isRemembered: false };
}

function destroy(this: Duplex): void {
  this.destroy();
}

function readUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  { address, isEncrypted }: RemoteEnd,
): Upgrade {
  return {
    request,
    socket,
    head,
    remoteAddress: address,
    isEncrypted,
    offered: readSubprotocols(request.headers['sec-websocket-protocol']),
    credentials: readBasicCredentials(request.headers.authorization),
    networkId: '',
    record: undefined,
    protocol: undefined,
  };
}

/** What `ws` would refuse: seen before a connection is claimed for it. */
function checkHandshake({ request }: Upgrade): Refusal | undefined {
  const { method, headers } = request;
  const isHandshake =
    method === 'GET' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    /^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '') &&
    (headers['sec-websocket-version'] === '13' || headers['sec-websocket-version'] === '8');
  return isHandshake
    ? undefined
    : { status: 400, reason: 'bad-id', words: 'It is no WebSocket handshake', isRemembered: false };
}
