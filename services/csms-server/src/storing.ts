import { BusError, type Envelope } from '@ocpp-csms/bus';
import type { Connection } from './connection.ts';
import type { ServerContext } from './context.ts';

/**
 * Publishes what a charge point said. `then` runs when it is safe, or when the bus refused this one message; when
 * storing fails, the guard takes over.
 */
export function store(
  connection: Connection,
  envelope: Envelope,
  context: ServerContext,
  then?: (isStored: boolean) => void,
): void {
  connection.storing++;
  limitInbound(connection, context);
  // What is remembered while it is stored is little: the bus has its own copy of the envelope.
  const { messageType: action, msgId } = envelope.body;
  if (envelope.deviations !== undefined) {
    for (const { rule } of envelope.deviations) context.metrics.deviation(rule, connection.model);
  }
  context.bus.publish('MessagesIn', envelope, { deadlineMs: context.settings.bus.publishDeadlineSeconds * 1000 }).then(
    () => {
      context.guard.succeeded();
      finished({ connection, msgId, then, isStored: true }, context);
    },
    (error: unknown) => {
      if (error instanceof BusError && error.code === 'Refused') {
        tellRefused({ networkId: connection.networkId, action, msgId }, error, context);
        return finished({ connection, msgId, then, isStored: false }, context);
      }
      connection.storing--;
      storingFailed(error, context);
    },
  );
}

interface Finished {
  connection: Connection;
  msgId: string;
  then: ((isStored: boolean) => void) | undefined;
  isStored: boolean;
}

function finished({ connection, msgId, then, isStored }: Finished, context: ServerContext) {
  connection.storing--;
  try {
    then?.(isStored);
  } catch (error) {
    // A bug of ours in one message must not end the process with all its connections.
    context.log.error({ networkId: connection.networkId, msgId, err: error }, 'A stored message could not be answered');
  }
  unlimitInbound(connection, context);
}

/** The bus has nothing against messages, but against this one. Without being stored it is not answered. */
function tellRefused(
  about: { networkId: string; action: string; msgId: string },
  { message }: BusError,
  { log }: ServerContext,
) {
  log.error({ ...about, reason: message }, 'The bus refused a message; it gets no answer');
}

export function storingFailed(error: unknown, context: ServerContext): void {
  if (!context.isDraining) context.guard.failed(error, context.ticker.now);
}

/** More than it may have under way: its socket is not read until there is less. TCP makes it wait. */
export function limitInbound(connection: Connection, { settings: { csmsServer } }: ServerContext): void {
  const { inbound, storing } = connection;
  const tooMany = Math.max(inbound.count, storing) >= csmsServer.maxInboundQueue;
  // One message may be as large as it is allowed to be.
  const tooLarge = inbound.count > 1 && inbound.size > csmsServer.maxFrameBytes;
  if (tooMany || tooLarge) connection.pause();
}

export function unlimitInbound(connection: Connection, { settings: { csmsServer } }: ServerContext): void {
  if (!connection.isPaused) return;
  const { inbound, storing } = connection;
  const few = Math.max(inbound.count, storing) <= csmsServer.maxInboundQueue / 2;
  if (few && (inbound.count <= 1 || inbound.size <= csmsServer.maxFrameBytes)) connection.resume();
}
