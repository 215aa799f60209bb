/** A charge point of the load generator: a raw socket with one CALL in flight, whose answer's id is checked. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { clientFrame, FrameReader, pingFrame, pongFrame } from './frames.ts';
import { idLength, type Script } from './scenarios.ts';

export interface Place {
  port: number;
  networkId: string;
  /** Spreads charge points over loopback addresses, so that source ports do not run out. */
  index: number;
  /** HTTP Basic */
  password?: string;
}

/** The server refused the handshake. */
export class Refused extends Error {
  readonly status: number;
  readonly retryAfterSeconds: number;

  constructor(head: string) {
    super(head.split('\r\n', 1)[0] ?? '');
    this.status = Number(head.split(' ', 2)[1]);
    this.retryAfterSeconds = Number(/\r\nretry-after: *(\d+)/i.exec(head)?.[1] ?? 5);
  }
}

const addresses = 50;
/** As charge points have it: it gives up and comes again, where TCP alone would wait for minutes. */
const handshakeTimeoutMs = 15_000;

export class ChargePoint {
  /** Told of each answer, whether it was the right one. */
  onAnswer: (isRight: boolean) => void = () => undefined;
  onClose: () => void = () => undefined;
  /** What it says; changed between two turns. */
  script: Script;
  private readonly socket: Socket;
  private readonly idPrefix: string;
  private calls = 0;
  private expected = '';

  constructor(socket: Socket, script: Script, index: number) {
    this.socket = socket;
    this.script = script;
    this.idPrefix = index.toString(36).padStart(6, '0');
    const reader = new FrameReader((firstByte, payload) => this.received(firstByte, payload));
    socket.on('data', (data) => reader.read(data));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.onClose());
  }

  get isClosed(): boolean {
    return this.socket.destroyed;
  }

  get isWaiting(): boolean {
    return this.expected !== '';
  }

  call(): void {
    const id = this.idPrefix + (this.calls++).toString(36).padStart(idLength - 6, '0');
    this.expected = `[3,"${id}"`;
    this.socket.write(this.script.next(id));
  }

  /** Without a closing handshake. `onClose` is not told. */
  destroy(): void {
    this.onClose = () => undefined;
    this.socket.destroy();
  }

  private received(firstByte: number, payload: string): void {
    if (firstByte === pingFrame) this.socket.write(pongFrame);
    else if (payload.startsWith('[2,')) this.refuse(payload);
    else this.answered(payload);
  }

  private answered(payload: string): void {
    const isRight = this.isWaiting && payload.startsWith(this.expected) && this.script.isRight(payload);
    this.expected = '';
    this.onAnswer(isRight);
  }

  private refuse(call: string): void {
    const [, id] = JSON.parse(call) as [number, string];
    this.socket.write(clientFrame(JSON.stringify([4, id, 'NotSupported', '', {}])));
  }
}

/** Rejects with `Refused`, or with the error of the socket. */
export function connectChargePoint(place: Place, script: Script): Promise<ChargePoint> {
  const { promise, resolve, reject } = Promise.withResolvers<ChargePoint>();
  const localAddress = `127.0.0.${2 + (place.index % addresses)}`;
  const socket = connect({ port: place.port, host: '127.0.0.1', localAddress, noDelay: true });
  socket.setTimeout(handshakeTimeoutMs, () => socket.destroy(new Error('no answer to the handshake in time')));
  const closed = () => reject(new Error('the server closed the connection during the handshake'));
  socket.once('error', reject);
  socket.once('close', closed);
  socket.once('data', (data) => {
    const head = data.toString('latin1');
    socket.setTimeout(0);
    socket.off('error', reject);
    socket.off('close', closed);
    if (head.startsWith('HTTP/1.1 101')) return resolve(new ChargePoint(socket, script, place.index));
    socket.on('error', () => undefined);
    socket.destroy();
    reject(new Refused(head));
  });
  socket.write(handshake(place));
  return promise;
}

function handshake({ port, networkId, password }: Place): string {
  const basic = password === undefined ? undefined : Buffer.from(`${networkId}:${password}`).toString('base64');
  return [
    `GET /ocpp/${networkId} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Protocol: ocpp1.6',
    ...(basic === undefined ? [] : [`Authorization: Basic ${basic}`]),
    '\r\n',
  ].join('\r\n');
}
