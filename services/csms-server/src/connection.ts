import type { Duplex } from 'node:stream';
import type { Envelope } from '@ocpp-csms/bus';
import type { AuthRecord, ConnectionEntry, RegistrationStatus } from '@ocpp-csms/cache';
import {
  InboundCall,
  InboundCalls,
  type InboundLimits,
  type JsonObject,
  type OcppVersion,
  OutboundCalls,
  type OutboundLimits,
} from '@ocpp-csms/ocpp';
import type { Span } from '@ocpp-csms/runtime';
import { type RawData, WebSocket } from 'ws';
import type { NeutralAnswer } from './answers/plan.ts';
import type { CallToSend } from './call-to-send.ts';
import { writeText } from './write-text.ts';

/** Serves the sockets of all connections (socket-events.ts). */
export interface SocketListener {
  onMessage(connection: Connection, data: RawData, isBinary: boolean): void;
  /** A ping or a pong. */
  onSign(connection: Connection): void;
  /** What could not be read; the close follows. */
  onError(connection: Connection, error: Error): void;
  onClose(connection: Connection, code: number, reason: string): void;
}

/** A socket that knows its connection, so that one set of listeners serves all. */
export class ChargePointSocket extends WebSocket {
  connection: Connection | undefined;
  listener: SocketListener | undefined;
  /** What is beneath; absent where an extension was agreed on, and frames are the business of `ws` alone. */
  plain: Duplex | undefined;
}

/** Limits that all connections share. */
export interface ConnectionLimits {
  inbound: InboundLimits;
  outbound: OutboundLimits;
  maxBufferedBytes: number;
}

export interface ConnectionEnd {
  code: number;
  reason: string;
}

/** One authenticated socket of a charge point. Small: there are tens of thousands, and most are idle. */
export class Connection {
  readonly socket: ChargePointSocket;
  readonly networkId: string;
  readonly protocol: OcppVersion;
  readonly epoch: number;
  readonly remoteAddress: string;
  /** ISO 8601 UTC: when the directory took it in. */
  readonly since: string;
  /** Milliseconds of the ticker. */
  readonly openedAt: number;
  readonly inbound: InboundCalls<ReceivedCall>;
  tenant = '';
  /** Of the auth record that it was last told. */
  revision = 0;
  registration: RegistrationStatus = 'Pending';
  heartbeatIntervalSeconds = 0;
  isStrict = false;
  answersPings = true;
  /** As its BootNotification on this connection named it. */
  model = 'unknown';
  /** When anything came in last, in milliseconds of the ticker. */
  heardAt: number;
  /** Whether anything came in since the last ping. */
  isAlive = true;
  missedPings = 0;
  /** It said something: the settle time is over. */
  hasSpoken = false;
  /** BootNotifications that are not answered yet; nothing is sent before (field-faults 30). */
  bootsUnderWay = 0;
  isPaused = false;
  /** What came in the same packets before the pause took effect, in its order. */
  #heldBack: { data: RawData; isBinary: boolean }[] | undefined;
  /** Its place among the pings. */
  wheelSlot = 0;
  /** Messages on their way into the store. */
  storing = 0;
  /** It was cut off: what is still in its buffers is not heard any more. */
  wasTerminated = false;
  /** Why we ended it, or why it could not be read any more. */
  end: ConnectionEnd | undefined;
  /** Actions that we asked for while it was not accepted (B02.FR.09). */
  triggered: Set<string> | undefined;
  readonly #limits: ConnectionLimits;
  #outbound: OutboundCalls<CallToSend> | undefined;
  #seq = 0;

  constructor(
    socket: ChargePointSocket,
    entry: ConnectionEntry,
    record: AuthRecord,
    { limits, now }: { limits: ConnectionLimits; now: number },
  ) {
    this.socket = socket;
    this.networkId = entry.networkId;
    this.protocol = entry.protocol;
    this.epoch = entry.epoch;
    this.remoteAddress = entry.remoteAddress ?? '';
    this.since = entry.since;
    this.openedAt = now;
    this.heardAt = now;
    this.#limits = limits;
    this.inbound = new InboundCalls(limits.inbound);
    this.apply(record);
  }

  /** Takes over what the auth record says now. */
  apply(record: AuthRecord): void {
    this.tenant = record.tenant;
    this.revision = record.revision;
    this.registration = record.registration;
    this.heartbeatIntervalSeconds = record.heartbeatIntervalSeconds;
    this.isStrict = record.strict;
    this.answersPings = !record.noPing;
  }

  /** Made when the first CALL is sent. */
  get outbound(): OutboundCalls<CallToSend> {
    this.#outbound ??= new OutboundCalls(this.#limits.outbound);
    return this.#outbound;
  }

  get hasOutbound(): boolean {
    return this.#outbound !== undefined;
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN && this.end === undefined;
  }

  nextSeq(): number {
    return ++this.#seq;
  }

  heard(now: number): void {
    this.heardAt = now;
    this.isAlive = true;
    this.missedPings = 0;
  }

  /** Whether it was written. A reader that is too slow is cut off rather than buffered for. */
  write(text: string): boolean {
    if (!this.isOpen) return false;
    const { plain } = this.socket;
    if (plain === undefined || !writeText(plain, text)) this.socket.send(text);
    if (this.socket.bufferedAmount > this.#limits.maxBufferedBytes) {
      this.terminate(1008, `reads too slowly: ${this.socket.bufferedAmount} bytes wait`);
    }
    return true;
  }

  /** Says goodbye; `ws` ends the TCP connection when no answer comes. */
  close(code: number, reason: string): void {
    this.end ??= { code, reason };
    if (this.isPaused) this.resume();
    this.socket.close(code, reason);
  }

  /** Ends the TCP connection at once: nobody is there, or somebody else is. */
  terminate(code: number, reason: string): void {
    this.end ??= { code, reason };
    this.wasTerminated = true;
    this.socket.terminate();
  }

  pause(): void {
    if (this.isPaused) return;
    this.isPaused = true;
    this.socket.pause();
  }

  /** One packet may bring thousands of messages: those after the pause wait here. */
  holdBack(data: RawData, isBinary: boolean): void {
    this.#heldBack ??= [];
    this.#heldBack.push({ data, isBinary });
  }

  /** Goes on with what was held back, and reads on unless that paused it again. */
  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    while (!this.isPaused) {
      const message = this.#heldBack?.shift();
      if (message === undefined) break;
      this.socket.listener?.onMessage(this, message.data, message.isBinary);
    }
    if (this.isPaused) return;
    this.#heldBack = undefined;
    this.socket.resume();
  }
}

/** The text that answers a CALL, and what is told of it when it has been written. */
export interface Answer {
  text: string;
  /** For MessagesSent; absent when the answer travelled with the message. */
  envelope?: Envelope;
}

/** A CALL of a charge point on its way through the bus. Answered when it is stored *and* the answer is there. */
export class ReceivedCall extends InboundCall {
  readonly connection: Connection;
  /** The `id` of its envelope. */
  readonly id: string;
  readonly action: string;
  isStored = false;
  decided: Answer | undefined;
  /** Milliseconds of the ticker: a decision must be there by then. */
  decideBy = 0;
  /** For the case that nobody decides. */
  request: JsonObject | undefined;
  neutral: NeutralAnswer | undefined;
  /** Whether a repeat gets the same answer again, rather than a new one. */
  isRemembered = false;
  /** Nobody decided, and a neutral answer stands in. */
  isNeutral = false;
  /** Its way through the system, where it is followed. */
  span: Span | undefined;
  /** By `performance.now()`. */
  readonly receivedAt = performance.now();

  constructor(
    connection: Connection,
    about: { hash: number; size: number; id: string; msgId: string; action: string },
  ) {
    super(about);
    this.connection = connection;
    this.id = about.id;
    this.action = about.action;
  }
}
