/** The least of RFC 6455 that a load generator needs. Masked with 0, so that the payload reads plain. */

/** FIN and opcode 1. */
const textFrame = 0x81;

export function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const header =
    payload.length < 126
      ? Buffer.from([textFrame, 0x80 | payload.length])
      : Buffer.from([textFrame, 0x80 | 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([header, Buffer.alloc(4), payload]);
}

/** FIN and opcode 9; its empty answer. */
export const pingFrame = 0x89;
export const pongFrame = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/** Calls back for each whole frame in what comes from a server, however TCP cuts it: first byte and payload. */
export class FrameReader {
  private rest: Buffer | undefined;
  private readonly onFrame: (firstByte: number, payload: string) => void;

  constructor(onFrame: (firstByte: number, payload: string) => void) {
    this.onFrame = onFrame;
  }

  read(chunk: Buffer): void {
    const data = this.rest === undefined ? chunk : Buffer.concat([this.rest, chunk]);
    let at = 0;
    for (;;) {
      const frame = frameAt(data, at);
      if (frame === undefined) break;
      at = frame.end;
      this.onFrame(data[frame.start] ?? 0, data.toString('utf8', frame.payload, frame.end));
    }
    this.rest = at === data.length ? undefined : data.subarray(at);
  }
}

/** Where the frame that begins here ends; undefined when it is not all there. */
function frameAt(data: Buffer, start: number): { start: number; payload: number; end: number } | undefined {
  if (data.length < start + 2) return undefined;
  const short = (data[start + 1] ?? 0) & 0x7f;
  if (short === 127) throw new Error('a server sent a frame of more than 64 KiB');
  const payload = start + (short === 126 ? 4 : 2);
  if (data.length < payload) return undefined;
  const end = payload + (short === 126 ? data.readUInt16BE(start + 2) : short);
  return data.length < end ? undefined : { start, payload, end };
}
