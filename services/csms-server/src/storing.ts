import type { Envelope } from '@ocpp-csms/bus';
import type { Connection } from './connection.ts';
import type { ServerContext } from './context.ts';

/** Publishes what a charge point said. `then` runs when it is safe; when storing fails, the guard takes over. */
export function store(connection: Connection, envelope: Envelope, context: ServerContext, then?: () => void): void {
  connection.storing++;
  limitInbound(connection, context);
  context.bus.publish('MessagesIn', envelope, { deadlineMs: context.settings.bus.publishDeadlineSeconds * 1000 }).then(
    () => {
      connection.storing--;
      context.guard.succeeded();
      then?.();
      unlimitInbound(connection, context);
    },
    (error: unknown) => {
      connection.storing--;
      storingFailed(error, context);
    },
  );
}

export function storingFailed(error: unknown, context: ServerContext): void {
  if (!context.isDraining) context.guard.failed(error, context.ticker.now);
}

/** More than it may have under way: its socket is not read until there is less. TCP makes it wait. */
export function limitInbound(connection: Connection, { settings: { csmsServer } }: ServerContext): void {
  const { inbound, storing } = connection;
  const tooMany = Math.max(inbound.count, storing) >= csmsServer.maxInboundQueue;
  if (tooMany || inbound.size > csmsServer.maxFrameBytes) connection.pause();
}

export function unlimitInbound(connection: Connection, { settings: { csmsServer } }: ServerContext): void {
  if (!connection.isPaused) return;
  const { inbound, storing } = connection;
  const few = Math.max(inbound.count, storing) <= csmsServer.maxInboundQueue / 2;
  if (few && inbound.size <= csmsServer.maxFrameBytes / 2) connection.resume();
}
