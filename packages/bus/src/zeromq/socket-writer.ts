export type Frame = string | Buffer;

interface Writable {
  send(frames: Frame[]): Promise<void>;
}

/** A ZeroMQ socket takes one message at a time; the others wait here, in order. */
export class SocketWriter {
  readonly #socket: Writable;
  #queue: Frame[][] = [];
  #writing = false;
  #idle: Promise<void> = Promise.resolve();
  #bytes = 0;

  constructor(socket: Writable) {
    this.#socket = socket;
  }

  /** Of what waits. */
  get bytes(): number {
    return this.#bytes;
  }

  push(frames: Frame[]): void {
    this.#queue.push(frames);
    this.#bytes += sizeOf(frames);
    if (this.#writing) return;
    this.#writing = true;
    this.#idle = this.#write();
  }

  /** Resolves when nothing waits. */
  whenIdle(): Promise<void> {
    return this.#idle;
  }

  /** Never rejects: a socket that was closed takes nothing, and whoever waits for an answer learns it by other means. */
  async #write(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      for (const frames of batch) {
        try {
          await this.#socket.send(frames);
        } catch {
          // Thrown at once or later.
        }
        this.#bytes -= sizeOf(frames);
      }
    }
    this.#writing = false;
  }
}

function sizeOf(frames: readonly Frame[]): number {
  return frames.reduce((sum, frame) => sum + frame.length, 0);
}
