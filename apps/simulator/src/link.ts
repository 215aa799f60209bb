import { randomUUID } from 'node:crypto';
import {
  formatCall,
  formatCallError,
  formatCallResult,
  formatSend,
  isJsonObject,
  type JsonObject,
  OcppError,
  type OcppVersion,
  parseFrame,
} from '@ocpp-csms/ocpp';
import { WebSocket } from 'ws';
import { connectionOf } from './connection.ts';
import type { Quirk } from './quirks.ts';
import type { FrameWatch } from './simulation.ts';
import { distort, distortAnswer, distortBytes, distortText } from './station/distort.ts';

export interface LinkOptions {
  /** Up to the identity: `ws://127.0.0.1:8080/ocpp`. */
  url: string;
  networkId: string;
  version: OcppVersion;
  password?: string;
  /** Simulated seconds in a real one; 1 by default. */
  speed?: number;
  quirks: ReadonlySet<Quirk>;
  watch?: FrameWatch;
  onOpen(): void;
  onClosed(code: number, reason: string): void;
  /** The upgrade was refused with this HTTP status, or, without one, nobody answered. */
  onRefused(status: number | undefined, reason: string): void;
  /** The answer to a CALL of the CSMS; `undefined`: not implemented. */
  answer(action: string, payload: JsonObject): JsonObject | OcppError | undefined;
  /** How long an answer is waited for; 30 s by default. */
  answerTimeoutMs?: number;
}

/** The connection to the CSMS, made again with growing pauses until it is stopped. */
export interface Link {
  /** Frames in both directions. */
  readonly messages: number;
  /** CALLERRORs, refused handshakes, lost connections. */
  readonly errors: number;
  start(): void;
  /** A SEND of 2.1, which has no answer. Rejects with `NotConnected`. */
  sendUnconfirmed(action: string, payload: JsonObject): Promise<void>;
  /** Resolves with the CALLRESULT; rejects with `NotConnected`, `AnswerMissing` or `ErrorAnswer`. One CALL is in flight, the others wait. */
  call(action: string, payload: JsonObject): Promise<JsonObject>;
  /** Acts on those that have come or gone. */
  quirksChanged(): void;
  /** Ends the connection without a word, and makes another. */
  drop(): void;
  /** Closes and connects again, as after a reboot. */
  restart(): void;
  /** Ends the connection without a word and makes no other, until `start`. */
  cut(): void;
  stop(): void;
}

/** There is no connection, or it ended before the answer came: say it again on the next one. */
export class NotConnected extends Error {
  override readonly name = 'NotConnected';
}

/** The connection stands, and the answer did not come in time. */
export class AnswerMissing extends Error {
  override readonly name = 'AnswerMissing';
}

/** The CSMS answered with a CALLERROR. */
export class ErrorAnswer extends Error {
  override readonly name = 'ErrorAnswer';
  readonly code: string;
  readonly description: string;
  constructor(code: string, description = '') {
    super(`${code} ${description}`.trim());
    this.code = code;
    this.description = description;
  }
}

const answerTimeoutMs = 30_000;
const firstPauseMs = 1000;
const longestPauseMs = 30_000;
/** In real time, however fast the simulation is: a CSMS that refuses must not be flooded. */
const shortestPauseMs = 100;
const slowAnswerMs = 20_000;

interface Waiting {
  finish(answer: JsonObject): void;
  fail(error: Error): void;
}

export function createLink(options: LinkOptions): Link {
  const { url, networkId, version, password, speed = 1, quirks, watch, onOpen, onClosed, onRefused, answer } = options;
  let socket: WebSocket | undefined;
  const waiting = new Map<string, Waiting>();
  let turn: Promise<unknown> = Promise.resolve();
  let attempts = 0;
  /** CALLs of the CSMS that wait for our answer. */
  let openCalls = 0;
  let isSilent = false;
  let messages = 0;
  let errors = 0;
  let isStopped = true;
  let retry: NodeJS.Timeout | undefined;

  function connect(): void {
    const { address, subprotocols, headers } = connectionOf({ url, networkId, version, password, quirks });
    const opening = new WebSocket(address, subprotocols, {
      headers,
      handshakeTimeout: 10_000,
      autoPong: !quirks.has('no-pong'),
    });
    let refused = false;
    const refuse = (status: number | undefined, reason: string) => {
      if (refused) return;
      refused = true;
      errors++;
      onRefused(status, reason);
    };
    socket = opening;
    opening.on('unexpected-response', (_request, response) => {
      response.resume();
      refuse(response.statusCode, response.statusMessage ?? '');
      opening.terminate();
    });
    opening.on('error', (error) => {
      if (opening.readyState !== WebSocket.OPEN) refuse(undefined, error.message || 'no answer');
    });
    opening.on('open', () => {
      attempts = 0;
      openCalls = 0;
      isSilent = false;
      watch?.connected();
      hold();
      onOpen();
    });
    opening.on('message', (data) => {
      // One that was abandoned may still be open.
      if (opening === socket) onText(data.toString());
    });
    opening.on('close', (code, reason) => closed(opening, code, reason.toString(), refused));
  }

  function closed(closedSocket: WebSocket, code: number, reason: string, wasRefused: boolean): void {
    // Cut, and started again since.
    if (closedSocket !== socket) return;
    for (const call of [...waiting.values()]) call.fail(new NotConnected('the connection ended'));
    if (!wasRefused) {
      watch?.closed(code, reason);
      if (!isStopped) errors++;
      onClosed(code, reason);
    }
    if (!isStopped) retry = setTimeout(connect, pauseMs());
  }

  /** As when the network is gone: the other side hears nothing, not even that it ended. */
  function abandon(): void {
    const left = socket;
    socket = undefined;
    left?.removeAllListeners('message');
    if (left === undefined) return;
    for (const call of [...waiting.values()]) call.fail(new NotConnected('the connection was left'));
    watch?.closed(1006, 'left');
    onClosed(1006, 'left');
  }

  /** Half-open: the connection stands, and nothing is read. */
  function hold(): void {
    if (socket?.readyState !== WebSocket.OPEN) return;
    if (quirks.has('reads-nothing')) socket.pause();
    else socket.resume();
  }

  /** Doubling, with a random half, so that a fleet does not come back in one moment (J21 §5.3). */
  function pauseMs(): number {
    if (quirks.has('no-backoff')) return Math.max(shortestPauseMs, firstPauseMs / speed);
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** attempts++);
    return Math.max(shortestPauseMs, pause / speed) * (0.5 + Math.random() / 2);
  }

  function onText(text: string): void {
    messages++;
    const refusal = watch?.received(text);
    const parsed = parseFrame(text, version);
    if (!parsed.ok) return;
    const { frame } = parsed;
    if (frame.type === 2) {
      if (refusal !== undefined) send('', formatCallError(version, frame.msgId, refusal));
      else answerCall(frame.msgId, frame.action, isJsonObject(frame.payload) ? frame.payload : {});
    }
    const call = waiting.get(frame.msgId);
    if (frame.type === 3) {
      if (quirks.has('needs-milliseconds') && /"currentTime":"[^".]*"/.test(text)) socket?.terminate();
      call?.finish(isJsonObject(frame.payload) ? frame.payload : {});
    }
    if (frame.type === 4) {
      errors++;
      isSilent ||= quirks.has('silent-after-error');
      call?.fail(new ErrorAnswer(frame.code, frame.description));
    }
  }

  function answerCall(msgId: string, action: string, payload: JsonObject): void {
    openCalls++;
    if (openCalls > 1 && quirks.has('drops-on-second-call')) {
      socket?.terminate();
      return;
    }
    if (quirks.has('deaf')) return;
    const text = answerText(msgId, action, payload);
    if (quirks.has('slow')) setTimeout(() => sendAnswer(text), slowAnswerMs).unref();
    else sendAnswer(text);
  }

  function answerText(msgId: string, action: string, payload: JsonObject): string {
    if (quirks.has('short-errors')) return JSON.stringify([4, msgId, 'FormationViolation', '']);
    const reply = answer(action, payload) ?? new OcppError('NotImplemented', `The simulator knows no ${action}`);
    if (reply instanceof OcppError) return formatCallError(version, msgId, reply);
    return formatCallResult(msgId, distortAnswer(action, reply, quirks));
  }

  function sendAnswer(text: string): void {
    openCalls = Math.max(0, openCalls - 1);
    send('', text);
    if (quirks.has('answers-twice')) send('', text);
  }

  function send(action: string, text: string): void {
    if (socket?.readyState !== WebSocket.OPEN || isSilent) return;
    messages++;
    const distorted = distortText(action, text, quirks);
    watch?.sent(distorted);
    if (action === 'Heartbeat' && quirks.has('odd-message-type')) socket.send('[0,"odd",{}]');
    socket.send(distortBytes(action, distorted, quirks), { binary: false });
  }

  function callNow(action: string, payload: JsonObject): Promise<JsonObject> {
    return new Promise((resolve, reject) => {
      if (socket?.readyState !== WebSocket.OPEN) return reject(new NotConnected('not connected'));
      const msgId = quirks.has('single-message-id') ? '1' : randomUUID();
      const settle = () => {
        clearTimeout(timer);
        waiting.delete(msgId);
      };
      const timeoutMs = options.answerTimeoutMs ?? answerTimeoutMs;
      const timer = setTimeout(() => {
        settle();
        reject(new AnswerMissing(`no answer within ${timeoutMs / 1000} s`));
      }, timeoutMs);
      waiting.set(msgId, {
        finish: (result) => {
          settle();
          resolve(result);
        },
        fail: (error) => {
          settle();
          reject(error);
        },
      });
      send(action, formatCall(msgId, action, distort({ action, payload }, quirks).payload));
    });
  }

  return {
    get messages() {
      return messages;
    },
    get errors() {
      return errors;
    },
    start() {
      if (!isStopped) return;
      isStopped = false;
      attempts = 0;
      connect();
    },
    async sendUnconfirmed(action, payload) {
      if (socket?.readyState !== WebSocket.OPEN) throw new NotConnected('not connected');
      send(action, formatSend(randomUUID(), action, payload));
    },
    call(action, payload) {
      const result = turn.then(() => callNow(action, payload));
      turn = quirks.has('concurrent-calls') ? Promise.resolve() : result.catch(() => undefined);
      return result;
    },
    quirksChanged: hold,
    drop: () => socket?.terminate(),
    restart: () => socket?.close(1000, 'rebooting'),
    cut() {
      isStopped = true;
      clearTimeout(retry);
      if (quirks.has('abandons-connections')) abandon();
      else socket?.terminate();
    },
    stop() {
      isStopped = true;
      clearTimeout(retry);
      socket?.close(1000, 'switched off');
    },
  };
}
