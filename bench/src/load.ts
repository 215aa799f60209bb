/**
 * The load generator, a process of its own: raw sockets, one CALL in flight per connection, every reply's id checked.
 * It is told what to do over IPC and answers with counts, so that only the server's CPU is compared.
 */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { frameOf, idLength, type Scenario } from './frames.ts';

export interface LoadOrder {
  port: number;
  connections: number;
  scenario: Scenario;
  /** Closed loop for so long, in milliseconds; 0: one CALL on each connection, which then stays open. */
  forMs: number;
}
export interface LoadResult {
  replies: number;
  wrongReplies: number;
  closed: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
}

const handshakesAtOnce = 50;
/** FIN and opcode 1. */
const textFrame = 0x81;
/** FIN and opcode 9, without a payload as servers send it; and the masked frame that answers it. */
const pingFrame = 0x89;
const pong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);
/** For the first CALL on every one of many connections. */
const allAnsweredWithinMs = 60_000;

class Caller {
  readonly socket: Socket;
  private readonly frame: Buffer;
  private readonly idOffset: number;
  private readonly prefix: string;
  private count = 0;
  private expected = '';
  private sentAt = 0;
  private readonly onReply: (ok: boolean, ms: number) => void;

  constructor(socket: Socket, scenario: Scenario, index: number, onReply: (ok: boolean, ms: number) => void) {
    const { frame, idOffset } = frameOf(scenario);
    this.socket = socket;
    this.frame = frame;
    this.idOffset = idOffset;
    this.prefix = index.toString(36).padStart(6, '0');
    this.onReply = onReply;
    socket.on('data', (data) => this.received(data));
  }

  call(): void {
    this.expected = this.prefix + (this.count++).toString(36).padStart(idLength - 6, '0');
    this.frame.write(this.expected, this.idOffset, 'latin1');
    this.sentAt = performance.now();
    this.socket.write(Buffer.from(this.frame));
  }

  private received(data: Buffer): void {
    // A ping of the server, alone or before the reply, is answered elsewhere; what counts is a reply with our id.
    const ok = data.includes(`[3,"${this.expected}"`);
    if (!ok && data[0] !== textFrame) return;
    this.onReply(ok, performance.now() - this.sentAt);
  }
}

process.on('disconnect', () => process.exit(0));
process.on('message', (order: LoadOrder) => {
  run(order).then(
    (result) => process.send?.(result),
    (error) => {
      process.stderr.write(`load generator: ${String(error)}\n`);
      process.exit(1);
    },
  );
});

async function run({ port, connections, scenario, forMs }: LoadOrder): Promise<LoadResult> {
  const sockets = await connectAll(port, connections);
  const latencies: number[] = [];
  let [wrongReplies, closed, first] = [0, 0, 0];
  const { promise: allAnswered, resolve } = Promise.withResolvers<void>();
  let running = true;
  const callers: Caller[] = [];
  const startedAt = performance.now();
  sockets.forEach((socket, index) => {
    socket.on('close', () => {
      closed++;
      resolve();
    });
    let answered = false;
    const caller = new Caller(socket, scenario, index, (ok, ms) => {
      if (ok) latencies.push(ms);
      else wrongReplies++;
      if (!answered && ++first === sockets.length) resolve();
      answered = true;
      if (running && forMs > 0) caller.call();
    });
    callers.push(caller);
    caller.call();
  });
  const time = new Promise<void>((done) => setTimeout(done, forMs || allAnsweredWithinMs));
  await (forMs === 0 ? Promise.race([allAnswered, time]) : time);
  running = false;
  const seconds = (performance.now() - startedAt) / 1000;
  const result = { replies: latencies.length, wrongReplies, closed, seconds, ...percentiles(latencies) };
  if (forMs > 0) for (const socket of sockets) socket.destroy();
  return result;
}

function percentiles(latencies: number[]): { p50Ms: number; p99Ms: number } {
  const sorted = Float64Array.from(latencies).sort();
  return { p50Ms: sorted[Math.floor(sorted.length * 0.5)] ?? 0, p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0 };
}

async function connectAll(port: number, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let from = 0; from < count; from += handshakesAtOnce) {
    const indexes = Array.from({ length: Math.min(handshakesAtOnce, count - from) }, (_, offset) => from + offset);
    sockets.push(...(await Promise.all(indexes.map((index) => handshake(port, index)))));
  }
  return sockets;
}

function handshake(port: number, index: number): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  // Ten thousand connections to one port: spread over loopback addresses, so that source ports do not run out.
  const socket = connect({ port, host: '127.0.0.1', localAddress: `127.0.0.${2 + (index % 50)}`, noDelay: true });
  socket.once('error', reject);
  socket.once('data', (data) => {
    if (!data.toString('latin1').startsWith('HTTP/1.1 101'))
      return reject(new Error(`handshake ${index}: ${data.toString('latin1').split('\r\n')[0]}`));
    socket.off('error', reject);
    socket.on('error', () => socket.destroy());
    // Ten thousand handshakes take longer than a server believes in a peer that does not answer.
    socket.on('data', answerPing);
    resolve(socket);
  });
  socket.write(
    `GET /ocpp/bench-${index} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n`,
  );
  return promise;
}

function answerPing(this: Socket, data: Buffer): void {
  if (data[0] === pingFrame) this.write(pong);
}
