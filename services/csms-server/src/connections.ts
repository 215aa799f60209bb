import type { AuthRecord, ConnectionEntry } from '@ocpp-csms/cache';
import { type OcppVersion, ocppVersions } from '@ocpp-csms/ocpp';
import { abandon } from './answering.ts';
import { abandonCalls, aboutOf, dropForbidden, pump } from './calls-out.ts';
import { Connection, type ConnectionLimits, type SocketListener } from './connection.ts';
import type { ServerContext } from './context.ts';
import type { PingWheel } from './ping-wheel.ts';
import { tellReplaced } from './replaced-elsewhere.ts';
import { createSocketListener, listen } from './socket-events.ts';
import type { Sockets } from './sockets.ts';
import { isTransient } from './transient.ts';
import { isOvertaken, type Upgrade, writeRefusal } from './upgrade.ts';

const policyViolation = 1008;
const protocolError = 1002;

export interface ConnectionsOptions {
  context: ServerContext;
  sockets: Sockets;
  wheel: PingWheel;
  limits: ConnectionLimits;
}

/** The connections of this node: one for each charge point, the newest. */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #listener: SocketListener;
  readonly #byNetworkId = new Map<string, Connection>();
  /** Upgrades that are being decided on: a change of the auth record concerns them, too. */
  readonly arriving = new Set<Upgrade>();

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#listener = createSocketListener(options.context, (ended, code, reason) => this.#closed(ended, code, reason));
  }

  get count(): number {
    return this.#byNetworkId.size;
  }

  countByVersion(): ReadonlyMap<OcppVersion, number> {
    const counts = new Map<OcppVersion, number>(ocppVersions.map((version) => [version, 0]));
    for (const { protocol } of this.#byNetworkId.values()) counts.set(protocol, (counts.get(protocol) ?? 0) + 1);
    return counts;
  }

  get(networkId: string): Connection | undefined {
    return this.#byNetworkId.get(networkId);
  }

  /** As they are at the moment at which each is read. */
  values(): Iterable<Connection> {
    return this.#byNetworkId.values();
  }

  all(): Connection[] {
    return [...this.#byNetworkId.values()];
  }

  /**
   * Claims the place of the charge point, then completes the handshake: nothing that it says comes before it has an
   * epoch. Who was there before is cut off; authenticated, the newest wins (field-faults 2).
   */
  async open(upgrade: Upgrade, protocol: OcppVersion): Promise<void> {
    const { context, sockets } = this.#options;
    const { record, remoteAddress } = upgrade;
    if (record === undefined) return;
    const leaseMs = context.settings.csmsServer.leaseSeconds * 1000;
    const { networkId } = record;
    context.checkLease();
    const { entry, replaced } = await context.cache.connections.claim({
      networkId,
      node: context.node,
      protocol,
      leaseMs,
      remoteAddress,
    });
    const socket = this.#isWelcome(upgrade) ? sockets.upgrade(upgrade) : undefined;
    if (socket === undefined) {
      writeRefusal(upgrade.socket, { status: 503, retryAfterSeconds: 5 });
      await context.cache.connections.release(networkId, context.node, entry.epoch);
      return this.#byNetworkId.get(networkId)?.terminate(policyViolation, 'replaced by a connection that failed');
    }
    const connection = new Connection(socket, entry, record, { limits: this.#options.limits, now: context.ticker.now });
    this.#install(connection, replaced);
  }

  /** The claim took its time, and things may have changed. */
  #isWelcome(upgrade: Upgrade): boolean {
    const { isDraining, guard } = this.#options.context;
    return !upgrade.socket.destroyed && !isOvertaken(upgrade) && !isDraining && !guard.isUnavailable;
  }

  /** J2.x §3.3: completed without the header, closed at once. */
  refuseSubprotocol(upgrade: Upgrade) {
    const socket = this.#options.sockets.upgrade(upgrade);
    socket?.on('error', () => socket.terminate());
    socket?.close(protocolError, 'None of the subprotocols is spoken here');
  }

  /** A changed auth record, at once for those who are connected. */
  changed(networkId: string, record: AuthRecord | undefined) {
    for (const upgrade of this.arriving) {
      if ((upgrade.record?.networkId ?? upgrade.networkId) === networkId) upgrade.changedTo = record ?? null;
    }
    const connection = this.#byNetworkId.get(networkId);
    if (connection === undefined) return;
    // Read before a change of which we have heard already.
    if (record !== undefined && record.revision < connection.revision) return;
    if (record === undefined) return connection.close(policyViolation, 'The charge point was deleted');
    if (!record.enabled) return connection.close(policyViolation, 'The charge point was disabled');
    connection.apply(record);
    if (record.registration === 'Accepted') connection.triggered = undefined;
    dropForbidden(connection, this.#options.context);
    if (connection.hasOutbound) pump(connection, this.#options.context);
  }

  #install(connection: Connection, replaced: ConnectionEntry | undefined) {
    const { context, wheel } = this.#options;
    const { networkId, epoch, protocol, remoteAddress, socket } = connection;
    const before = this.#byNetworkId.get(networkId);
    listen(socket, connection, this.#listener);
    if (before !== undefined && before.epoch > epoch)
      return connection.terminate(policyViolation, 'replaced by a newer connection');
    this.#byNetworkId.set(networkId, connection);
    before?.terminate(policyViolation, 'replaced by a newer connection');
    if (replaced !== undefined && replaced.node !== context.node) tellReplaced(replaced, context);
    wheel.add(connection);
    const takeover = before !== undefined || replaced !== undefined;
    context.facts.happened(aboutOf(connection), 'ChargePointConnected', {
      connection: epoch,
      protocol,
      remoteAddress,
      takeover,
    });
    context.log.info(
      { networkId, protocol, remoteAddress, takeover },
      takeover ? 'Charge point connected; its former connection was cut off' : 'Charge point connected',
    );
  }

  /** A close that comes late finds a newer connection in its place and leaves it alone (field-faults 3). */
  #closed(connection: Connection, code: number, reason: string): void {
    const { context, wheel } = this.#options;
    const { networkId, epoch } = connection;
    const end = connection.end ?? { code, reason };
    connection.end = end;
    if (this.#byNetworkId.get(networkId) === connection) this.#byNetworkId.delete(networkId);
    wheel.delete(connection);
    for (const call of connection.inbound.close()) abandon(call, context);
    abandonCalls(connection, context);
    context.cache.connections.release(networkId, context.node, epoch).catch((error: unknown) => {
      if (isTransient(error)) return;
      context.log.warn(
        { networkId, reason: String(error) },
        'The connection could not be taken out of the directory; its lease runs out',
      );
    });
    context.facts.happened(aboutOf(connection), 'ChargePointDisconnected', { connection: epoch, ...end });
    context.metrics.disconnected(end.code);
    context.log.info({ networkId, ...end }, 'Charge point disconnected');
  }
}
