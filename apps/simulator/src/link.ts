import { randomUUID } from 'node:crypto';
import {
  formatCall,
  formatCallError,
  formatCallResult,
  isJsonObject,
  type JsonObject,
  OcppError,
  type OcppVersion,
  parseFrame,
} from '@ocpp-csms/ocpp';
import { WebSocket } from 'ws';

export interface LinkOptions {
  /** Up to the identity: `ws://127.0.0.1:8080/ocpp`. */
  url: string;
  networkId: string;
  version: OcppVersion;
  password?: string;
  onOpen(): void;
  onClosed(code: number, reason: string): void;
  /** The upgrade was refused with this HTTP status, or, without one, nobody answered. */
  onRefused(status: number | undefined, reason: string): void;
  /** The answer to a CALL of the CSMS; `undefined`: not implemented. */
  answer(action: string, payload: JsonObject): JsonObject | undefined;
}

/** The connection to the CSMS, made again with growing pauses until it is stopped. */
export interface Link {
  start(): void;
  /** Resolves with the CALLRESULT; rejects with `NotAnswered` or `ErrorAnswer`. One CALL is in flight, the others wait. */
  call(action: string, payload: JsonObject): Promise<JsonObject>;
  /** Closes and connects again, as after a reboot. */
  restart(): void;
  stop(): void;
}

/** The connection ended, or the time was over, before the answer came: say it again. */
export class NotAnswered extends Error {
  override readonly name = 'NotAnswered';
}

/** The CSMS answered with a CALLERROR. */
export class ErrorAnswer extends Error {
  override readonly name = 'ErrorAnswer';
}

const answerTimeoutMs = 30_000;
const firstPauseMs = 1000;
const longestPauseMs = 30_000;

interface Waiting {
  msgId: string;
  finish(answer: JsonObject): void;
  fail(error: Error): void;
}

export function createLink(options: LinkOptions): Link {
  const { url, networkId, version, password, onOpen, onClosed, onRefused, answer } = options;
  let socket: WebSocket | undefined;
  let waiting: Waiting | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let attempts = 0;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;

  function connect(): void {
    const credentials =
      password === undefined
        ? {}
        : { authorization: `Basic ${Buffer.from(`${networkId}:${password}`).toString('base64')}` };
    const opening = new WebSocket(`${url}/${encodeURIComponent(networkId)}`, version, {
      headers: credentials,
      handshakeTimeout: 10_000,
    });
    let refused = false;
    const refuse = (status: number | undefined, reason: string) => {
      if (refused) return;
      refused = true;
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
      onOpen();
    });
    opening.on('message', (data) => onText(data.toString()));
    opening.on('close', (code, reason) => {
      waiting?.fail(new NotAnswered('the connection ended'));
      if (!refused) onClosed(code, reason.toString());
      if (!stopped) retry = setTimeout(connect, pauseMs());
    });
  }

  /** Doubling, with a random half, so that a fleet does not come back in one moment (J21 §5.3). */
  function pauseMs(): number {
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** attempts++);
    return pause * (0.5 + Math.random() / 2);
  }

  function onText(text: string): void {
    const parsed = parseFrame(text, version);
    if (!parsed.ok) return;
    const { frame } = parsed;
    if (frame.type === 2) answerCall(frame.msgId, frame.action, isJsonObject(frame.payload) ? frame.payload : {});
    if (waiting === undefined || frame.msgId !== waiting.msgId) return;
    if (frame.type === 3) waiting.finish(isJsonObject(frame.payload) ? frame.payload : {});
    if (frame.type === 4) waiting.fail(new ErrorAnswer(`${frame.code} ${frame.description}`.trim()));
  }

  function answerCall(msgId: string, action: string, payload: JsonObject): void {
    const reply = answer(action, payload);
    const unknown = new OcppError('NotImplemented', `The simulator knows no ${action}`);
    socket?.send(reply === undefined ? formatCallError(version, msgId, unknown) : formatCallResult(msgId, reply));
  }

  function callNow(action: string, payload: JsonObject): Promise<JsonObject> {
    return new Promise((resolve, reject) => {
      if (socket?.readyState !== WebSocket.OPEN) return reject(new NotAnswered('not connected'));
      const timer = setTimeout(() => socket?.terminate(), answerTimeoutMs);
      const settle = () => {
        clearTimeout(timer);
        waiting = undefined;
      };
      const msgId = randomUUID();
      waiting = {
        msgId,
        finish: (result) => {
          settle();
          resolve(result);
        },
        fail: (error) => {
          settle();
          reject(error);
        },
      };
      socket.send(formatCall(msgId, action, payload));
    });
  }

  return {
    start: connect,
    call(action, payload) {
      const result = turn.then(() => callNow(action, payload));
      turn = result.catch(() => undefined);
      return result;
    },
    restart: () => socket?.close(1000, 'rebooting'),
    stop() {
      stopped = true;
      clearTimeout(retry);
      socket?.close(1000, 'switched off');
    },
  };
}
