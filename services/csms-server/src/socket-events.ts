import { isUtf8 } from 'node:buffer';
import type { RawData, WebSocket } from 'ws';
import { ChargePointSocket, type Connection, type SocketListener } from './connection.ts';
import type { ServerContext } from './context.ts';
import { receiveText } from './messages-in.ts';

/** Close codes for what `ws` can't read (RFC 6455 §7.4.1); it sends them itself. */
const closeCodes: Readonly<Record<string, number>> = {
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
};

/** RFC 6455 §7.4.1: a broken frame, data of a kind that we do not take, a fault of ours, no close at all. */
const protocolError = 1002;
const unsupportedData = 1003;
const internalError = 1011;
const abnormal = 1006;

/** Binds a socket to its connection. The listeners are the same functions for all sockets: there are many. */
export function listen(socket: ChargePointSocket, connection: Connection, listener: SocketListener): void {
  socket.connection = connection;
  socket.listener = listener;
  socket.on('message', onMessage);
  socket.on('ping', onSign);
  socket.on('pong', onSign);
  socket.on('error', onError);
  socket.on('close', onClose);
}

interface BoundSocket {
  connection: Connection;
  listener: SocketListener;
}

function isBound(socket: WebSocket): socket is ChargePointSocket & BoundSocket {
  return socket instanceof ChargePointSocket && socket.connection !== undefined && socket.listener !== undefined;
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  if (!isBound(this)) return;
  if (this.connection.isPaused) this.connection.holdBack(data, isBinary);
  else this.listener.onMessage(this.connection, data, isBinary);
}

function onSign(this: WebSocket): void {
  if (isBound(this)) this.listener.onSign(this.connection);
}

function onError(this: WebSocket, error: Error): void {
  if (isBound(this)) this.listener.onError(this.connection, error);
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
  if (isBound(this)) this.listener.onClose(this.connection, code, reason.toString());
}

/** What sockets tell goes to the messages; `onClose` says what an end means. */
export function createSocketListener(context: ServerContext, onClose: SocketListener['onClose']): SocketListener {
  return {
    onMessage: (connection, data, isBinary) => receive(connection, data, isBinary, context),
    // Any byte proves life (field-faults 5).
    onSign: (connection) => connection.heard(context.ticker.now),
    // `ws` closes, and the event of the close says why.
    onError: (connection, error) => {
      connection.end ??= { code: closeCodeOf(error), reason: error.message };
    },
    onClose,
  };
}

function receive(connection: Connection, data: RawData, isBinary: boolean, context: ServerContext): void {
  context.checkLease();
  if (connection.wasTerminated) return;
  connection.heard(context.ticker.now);
  const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data as ArrayBuffer);
  // OCPP-J is text. Some firmware marks it as binary; what is no text at all is refused.
  if (isBinary && !isUtf8(bytes)) {
    connection.close(unsupportedData, 'OCPP messages are text');
    return;
  }
  try {
    receiveText(connection, bytes.toString(), context);
  } catch (error) {
    // A bug of ours in one message must not end the process with all its connections. The CALL can't be answered, and
    // an error would make the charge point discard it: without a connection it keeps it, and asks again.
    const { networkId } = connection;
    context.log.error({ networkId, bytes: bytes.length, err: error }, 'A message could not be processed; closing');
    connection.close(internalError, 'a message could not be processed');
  }
}

function closeCodeOf(error: Error): number {
  const code = 'code' in error ? String(error.code) : '';
  return closeCodes[code] ?? (code.startsWith('WS_ERR') ? protocolError : abnormal);
}
