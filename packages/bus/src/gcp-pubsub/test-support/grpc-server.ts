import { once } from 'node:events';
import { createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';

/** A gRPC error. */
export class GrpcError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** One call: takes requests as bytes, sends answers as bytes. */
export interface Call {
  write(message: Uint8Array): void;
  end(error?: GrpcError): void;
  onMessage(listener: (message: Buffer) => void): void;
  onClose(listener: () => void): void;
}

/** gRPC over HTTP/2 in as far as a test needs it: messages with their length before them, the status in the trailers. */
export class GrpcServer {
  readonly #handle: (path: string, call: Call) => void;
  readonly #sessions = new Set<ServerHttp2Session>();
  #server: Http2Server | undefined;
  #port = 0;

  constructor(handle: (path: string, call: Call) => void) {
    this.#handle = handle;
  }

  get port(): number {
    return this.#port;
  }

  /** On the same port as before, if there was one. */
  async start(): Promise<void> {
    const server = createServer();
    this.#server = server;
    server.on('session', (session) => {
      this.#sessions.add(session);
      session.on('close', () => this.#sessions.delete(session));
      session.on('error', () => {});
    });
    server.on('stream', (stream, headers) => this.#serve(stream, String(headers[':path'])));
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address === 'object' && address) this.#port = address.port;
  }

  /** Breaks all connections. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const session of this.#sessions) session.destroy();
    await new Promise((resolve) => server?.close(resolve) ?? resolve(undefined));
  }

  #serve(stream: ServerHttp2Stream, path: string): void {
    let received = Buffer.alloc(0);
    let listener: (message: Buffer) => void = () => {};
    let isOver = false;
    stream.on('error', () => {});
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    let status: Record<string, string> = { 'grpc-status': '0' };
    stream.on('wantTrailers', () => stream.sendTrailers(status));
    stream.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 5 && received.length >= 5 + received.readUInt32BE(1)) {
        const end = 5 + received.readUInt32BE(1);
        const message = received.subarray(5, end);
        received = received.subarray(end);
        listener(message);
      }
    });
    this.#handle(path, {
      write(message) {
        if (isOver || stream.destroyed) return;
        const prefix = Buffer.alloc(5);
        prefix.writeUInt32BE(message.length, 1);
        stream.write(Buffer.concat([prefix, message]));
      },
      end(error) {
        if (isOver || stream.destroyed) return;
        isOver = true;
        if (error) status = { 'grpc-status': `${error.code}`, 'grpc-message': encodeURIComponent(error.message) };
        stream.end();
      },
      onMessage: (own) => {
        listener = own;
      },
      onClose: (own) => void stream.on('close', own),
    });
  }
}
