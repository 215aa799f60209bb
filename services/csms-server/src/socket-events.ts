import { isUtf8 } from 'node:buffer';
import type { RawData } from 'ws';
import type { ChargePointSocket, Connection } from './connection.ts';
import type { ServerContext } from './context.ts';
import { receiveText } from './messages-in.ts';

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

/** RFC 6455 §7.4.1: data of a kind that we do not take. */
const unsupportedData = 1003;

/** Binds a socket to its connection. */
export function listen(socket: ChargePointSocket, { context, onClose }: SocketListener): void {
  const { connection } = socket;
  if (connection === undefined) return;
  socket.on('message', (data, isBinary) => onMessage(connection, data, isBinary, context));
  const heard = () => connection.heard(context.ticker.now);
  socket.on('ping', heard);
  socket.on('pong', heard);
  socket.on('error', (error) => onError(connection, error));
  socket.on('close', (code, reason) => onClose(connection, code, reason.toString()));
}

function onMessage(connection: Connection, data: RawData, isBinary: boolean, context: ServerContext) {
  connection.heard(context.ticker.now);
  const bytes = Buffer.isBuffer(data) ? data : Buffer.from(data as ArrayBuffer);
  // OCPP-J is text. Some firmware marks it as binary; what is no text at all is refused.
  if (isBinary && !isUtf8(bytes)) return connection.close(unsupportedData, 'OCPP messages are text');
  try {
    receiveText(connection, bytes.toString(), context);
  } catch (error) {
    // A bug of ours in one message must not end the process with all its connections.
    context.log.error(
      { networkId: connection.networkId, bytes: bytes.length, err: error },
      'A message could not be processed',
    );
  }
}

/** What could not be read: `ws` closes, and the event of the close says why. */
function onError(connection: Connection, error: Error): void {
  const code = 'code' in error ? String(error.code) : '';
  connection.end ??= { code: closeCodes[code] ?? (code.startsWith('WS_ERR') ? 1002 : 1006), reason: error.message };
}
