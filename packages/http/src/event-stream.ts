import type { FastifyReply, FastifyRequest } from 'fastify';

export interface EventStreamOptions {
  /** A comment goes out this often, so that proxies keep the connection and a dead reader is noticed. Default 15. */
  heartbeatSeconds?: number;
  /** A reader with more than this unread is disconnected; it comes again with Last-Event-ID. Default 1 MiB. */
  maxBufferedBytes?: number;
}

export interface EventStream {
  /** False when the stream is closed, also when this event was too much for a slow reader. */
  send(event: string, data: unknown, id?: string): boolean;
  /** Called once, at once when it is closed already. */
  onClose(listener: () => void): void;
  close(): void;
}

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  connection: 'keep-alive',
  // nginx would collect events otherwise.
  'x-accel-buffering': 'no',
};

/**
 * Answers a request with server-sent events. The handler returns `reply` (or nothing) after calling it; the stream
 * ends when the reader goes, is too slow, or the server closes.
 */
export function eventStream(
  request: FastifyRequest,
  reply: FastifyReply,
  { heartbeatSeconds = 15, maxBufferedBytes = 1_048_576 }: EventStreamOptions = {},
): EventStream {
  const { raw } = reply;
  const streams = request.server.eventStreams;
  const listeners: (() => void)[] = [];
  let closed = false;

  reply.hijack();
  raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...headers });
  raw.write(': connected\n\n');
  const heartbeat = setInterval(() => write(': heartbeat\n\n'), heartbeatSeconds * 1000);
  raw.once('close', ended);
  raw.on('error', ended);
  const stream: EventStream = { send, onClose, close };
  streams.add(stream);

  function write(text: string): boolean {
    if (closed) return false;
    raw.write(text);
    if (raw.writableLength <= maxBufferedBytes) return true;
    request.log.warn(
      { bytes: raw.writableLength, path: request.url.split('?', 1)[0] },
      'a reader of live events is too slow; disconnected',
    );
    raw.destroy();
    ended();
    return false;
  }

  function send(event: string, data: unknown, id?: string): boolean {
    const head = id === undefined ? '' : `id: ${oneLine(id)}\n`;
    return write(`${head}event: ${oneLine(event)}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  function onClose(listener: () => void): void {
    if (closed) listener();
    else listeners.push(listener);
  }

  function close(): void {
    if (closed) return;
    raw.end();
    ended();
  }

  function ended(): void {
    if (closed) return;
    closed = true;
    clearInterval(heartbeat);
    streams.delete(stream);
    for (const listener of listeners) listener();
  }

  return stream;
}

const oneLine = (text: string): string => text.replace(/[\r\n\0]/g, ' ');

declare module 'fastify' {
  interface FastifyInstance {
    /** The live event streams, closed when the server closes. */
    eventStreams: Set<EventStream>;
  }
}
