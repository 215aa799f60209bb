import type { Duplex } from 'node:stream';

/** FIN and opcode 1 (RFC 6455 §5.2). */
const textFrame = 0x81;
const longestShort = 125;
const longestMedium = 65_535;

/**
 * Writes a text frame in one piece, where `ws` writes header and payload apart, at twice the cost. Only for sockets
 * without an extension: there `ws` keeps no queue of its own that this could overtake. False: the text is not plain
 * ASCII or too long, and left to `ws`.
 */
export function writeText(socket: Duplex, text: string): boolean {
  const { length } = text;
  if (length > longestMedium || Buffer.byteLength(text) !== length) return false;
  const header =
    length <= longestShort
      ? String.fromCharCode(textFrame, length)
      : String.fromCharCode(textFrame, 126, length >> 8, length & 0xff);
  // A string needs no buffer of its own on its way to the kernel; in latin1 each character is a byte.
  socket.write(header + text, 'latin1');
  return true;
}
