import { isUtf8 } from 'node:buffer';
import type { RawData, WebSocket } from 'ws';
import { ChargePointSocket, type Connection } from './connection.ts';
import type { ServerContext } from './context.ts';
import { receiveText } from './messages-in.ts';

/** Serves the sockets of all connections. */
export interface SocketListener {
  context: ServerContext;
  onClose(connection: Connection, code: number, reason: string): void;
}

/** Close codes for what `ws` can't read (RFC 6455 §7.4.1); it sends them itself. */
const closeCodes: Readonly<Record<string, number>> = {
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
};

/** RFC 6455 §7.4.1: a broken frame, data of a kind that we do not take, no close at all. */
const protocolError = 1002;
const unsupportedData = 1003;
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
  const { connection, listener } = this;
  const { context } = listener;
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
    // A bug of ours in one message must not end the process with all its connections.
    const { networkId } = connection;
    context.log.error({ networkId, bytes: bytes.length, err: error }, 'A message could not be processed');
  }
}

/** A ping or a pong: any byte proves life (field-faults 5). */
function onSign(this: WebSocket): void {
  if (isBound(this)) this.connection.heard(this.listener.context.ticker.now);
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
  if (isBound(this)) this.listener.onClose(this.connection, code, reason.toString());
}

/** What could not be read: `ws` closes, and the event of the close says why. */
function onError(this: WebSocket, error: Error): void {
  const code = 'code' in error ? String(error.code) : '';
  const status = closeCodes[code] ?? (code.startsWith('WS_ERR') ? protocolError : abnormal);
  if (isBound(this)) this.connection.end ??= { code: status, reason: error.message };
}
