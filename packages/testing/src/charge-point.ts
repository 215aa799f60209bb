import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import {
  type ActionOf,
  isJsonObject,
  type JsonObject,
  type OcppVersion,
  type RequestOf,
  type ResponseOf,
} from '@ocpp-csms/ocpp';
import { WebSocket } from 'ws';
import {
  basicAuth,
  CallError,
  type CallHandler,
  type ChargePointClient,
  type ConnectOptions,
  noAnswer,
  type ReceivedCall,
  UpgradeRefused,
} from './client.ts';
import { defaultAnswer } from './default-answers.ts';
import { createInbox } from './inbox.ts';
import { loadSchemaOracle } from './schema-oracle.ts';

export interface SocketEnd {
  code: number;
  reason: string;
}

export interface TranscriptEntry {
  from: 'charge-point' | 'csms';
  text: string;
  /** ISO 8601 UTC. */
  at: string;
}

/** A CALL of ours that was answered: what a crash must not lose. */
export interface AnsweredCall {
  msgId: string;
  action: string;
  payload: unknown;
  /** The payload of the CALLRESULT, or the CALLERROR. */
  answer: { ok: true; payload: unknown } | { ok: false; code: string; description: string };
}

/** A charge point that says exactly what it is told to say, and notes all that it sees. */
export interface TestChargePoint<V extends OcppVersion = OcppVersion> extends ChargePointClient<V> {
  /** The subprotocol that the server chose; empty when it chose none. */
  readonly agreedProtocol: string;
  /** A CALL with any action, payload and message id: for what the types forbid. */
  callAs(msgId: string, action: string, payload: unknown): Promise<unknown>;
  /** Text on the wire as it is; nothing is awaited. */
  sendRaw(text: string | Buffer): void;
  /** A SEND of 2.1: no answer. */
  send(action: string, payload: unknown): void;
  /** The next frame of the CSMS that no CALL of ours waits for and that is no CALL: parsed. */
  nextFrame(): Promise<unknown[]>;
  /** Ends the TCP connection without a word. */
  drop(): Promise<SocketEnd>;
  /** Resolves when the socket is closed, whoever did it. */
  readonly closed: Promise<SocketEnd>;
  readonly transcript: readonly TranscriptEntry[];
  readonly answered: readonly AnsweredCall[];
  /** Frames of the CSMS that break the schema in the opinion of `ocpp-rpc`: empty unless the CSMS is wrong. */
  readonly violations: readonly string[];
  /** CALLs of the CSMS so far, oldest first. */
  readonly received: readonly ReceivedCall[];
  readonly socket: WebSocket;
}

export interface TestChargePointOptions<V extends OcppVersion> extends ConnectOptions<V> {
  /** Instead of `[protocol]`; empty: none offered. */
  subprotocols?: readonly string[];
  /** Instead of the identity, percent-encoded, after `url`. */
  path?: string;
  /** User name of the credentials, instead of the identity. */
  user?: string;
  headers?: Record<string, string>;
  /** false: answers no pings. */
  autoPong?: boolean;
  compression?: boolean;
}

interface PendingCall {
  action: string;
  payload: unknown;
  finish(answer: AnsweredCall['answer']): void;
  fail(error: Error): void;
}

/** Resolves when the upgrade is done; rejects with `UpgradeRefused`. */
export async function connectChargePoint<V extends OcppVersion>(
  options: TestChargePointOptions<V>,
): Promise<TestChargePoint<V>> {
  const { url, networkId, protocol, timeoutMs = 10_000 } = options;
  const path = options.path ?? encodeURIComponent(networkId);
  const socket = new WebSocket(`${url}/${path}`, [...(options.subprotocols ?? [protocol])], {
    headers: headersOf(options),
    perMessageDeflate: options.compression ?? false,
    autoPong: options.autoPong ?? true,
    handshakeTimeout: timeoutMs,
  });
  const closed = new Promise<SocketEnd>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  const chargePoint = speakOcpp(socket, closed, options);
  await opened(socket);
  return chargePoint;
}

function headersOf<V extends OcppVersion>({
  networkId,
  password,
  user,
  headers,
}: TestChargePointOptions<V>): Record<string, string> {
  if (password === undefined) return { ...headers };
  return { authorization: basicAuth(user ?? networkId, password), ...headers };
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.on('error', reject);
    socket.once('unexpected-response', (_request, response: IncomingMessage) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => {
        reject(new UpgradeRefused(response.statusCode ?? 0, body, response.headers));
        socket.terminate();
      });
    });
  });
}

function speakOcpp<V extends OcppVersion>(
  socket: WebSocket,
  closed: Promise<SocketEnd>,
  options: TestChargePointOptions<V>,
): TestChargePoint<V> {
  const { networkId, protocol, timeoutMs = 10_000 } = options;
  const violationOf = loadSchemaOracle(protocol);
  const pending = new Map<string, PendingCall>();
  const handlers = new Map<string, (payload: JsonObject) => unknown>();
  const calls = createInbox<ReceivedCall>();
  const frames = createInbox<unknown[]>();
  const transcript: TranscriptEntry[] = [];
  const answered: AnsweredCall[] = [];
  const received: ReceivedCall[] = [];
  const violations: string[] = [];

  const note = (from: TranscriptEntry['from'], text: string) =>
    transcript.push({ from, text, at: new Date().toISOString() });
  const check = (action: string, part: 'request' | 'response', payload: unknown) => {
    const violation = violationOf(action, part, payload);
    if (violation !== undefined) violations.push(violation);
  };
  const write = (frame: unknown) => sendRaw(JSON.stringify(frame));

  function sendRaw(text: string | Buffer): void {
    note('charge-point', text.toString());
    socket.send(text, (error) => {
      if (error) note('charge-point', `not sent: ${error.message}`);
    });
  }

  function callAs(msgId: string, action: string, payload: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (socket.readyState !== WebSocket.OPEN)
        return reject(new Error(`${networkId}: ${action} not sent: the connection is closed`));
      const timer = setTimeout(
        () => settle(() => reject(new Error(`${networkId}: no answer to ${action} within ${timeoutMs} ms`))),
        timeoutMs,
      );
      const settle = (finish: () => void) => {
        clearTimeout(timer);
        pending.delete(msgId);
        finish();
      };
      pending.set(msgId, {
        action,
        payload,
        finish: (answer) =>
          settle(() => (answer.ok ? resolve(answer.payload) : reject(new CallError(answer.code, answer.description)))),
        fail: (error) => settle(() => reject(error)),
      });
      write([2, msgId, action, payload]);
    });
  }

  function onAnswer(frame: unknown[]): void {
    const msgId = String(frame[1]);
    const call = pending.get(msgId);
    if (call === undefined) {
      frames.push(frame);
      return;
    }
    const answer: AnsweredCall['answer'] =
      frame[0] === 3
        ? { ok: true, payload: frame[2] }
        : { ok: false, code: String(frame[2]), description: String(frame[3]) };
    if (answer.ok) check(call.action, 'response', answer.payload);
    answered.push({ msgId, action: call.action, payload: call.payload, answer });
    call.finish(answer);
  }

  async function onIncomingCall(frame: unknown[]): Promise<void> {
    const msgId = String(frame[1]);
    const action = String(frame[2]);
    const payload = isJsonObject(frame[3]) ? frame[3] : {};
    check(action, 'request', frame[3]);
    const call = { msgId, action, payload };
    received.push(call);
    const answer = answerOf(action, payload);
    calls.push(call);
    const reply = await answer;
    if (reply !== noAnswer && socket.readyState === WebSocket.OPEN)
      write(isErrorReply(reply) ? [4, msgId, reply.code, reply.message, {}] : [3, msgId, reply]);
  }

  async function answerOf(action: string, payload: JsonObject): Promise<unknown> {
    const handler = handlers.get(action);
    try {
      if (handler !== undefined) return await handler(payload);
      return (
        defaultAnswer(protocol, action, payload) ??
        new CallError('NotImplemented', `This charge point knows no ${action}`)
      );
    } catch (error) {
      return error instanceof CallError ? error : new CallError('InternalError', String(error));
    }
  }

  function onText(text: string): void {
    note('csms', text);
    const frame: unknown = JSON.parse(text);
    if (!Array.isArray(frame)) throw new Error(`${networkId}: the CSMS sent no array: ${text}`);
    if (frame[0] === 2) void onIncomingCall(frame);
    else if (frame[0] === 3 || frame[0] === 4) onAnswer(frame);
    else frames.push(frame);
  }

  socket.on('message', (data) => onText(data.toString()));
  void closed.then(({ code, reason }) => {
    const why = `the connection was closed (${code}${reason === '' ? '' : ` ${reason}`})`;
    for (const { action, fail } of [...pending.values()])
      fail(new Error(`${networkId}: no answer to ${action}: ${why}`));
    calls.end(why);
    frames.end(why);
  });

  return {
    networkId,
    socket,
    closed,
    transcript,
    answered,
    received,
    violations,
    get agreedProtocol() {
      return socket.protocol;
    },
    callAs,
    sendRaw,
    call: <A extends ActionOf<V>>(action: A, payload: RequestOf<V, A>) =>
      callAs(randomUUID(), action, payload) as Promise<ResponseOf<V, A>>,
    send: (action, payload) => write([6, randomUUID(), action, payload]),
    onCall: <A extends ActionOf<V>>(action: A, handler: CallHandler<V, A>) => {
      handlers.set(action, (payload) => handler(payload as RequestOf<V, A>));
    },
    nextCall: <A extends ActionOf<V>>(action: A) =>
      calls.take((call) => call.action === action, `${action} from the CSMS`, timeoutMs) as Promise<
        ReceivedCall<RequestOf<V, A>>
      >,
    nextFrame: () => frames.take(() => true, 'frame from the CSMS', timeoutMs),
    drop() {
      socket.terminate();
      return closed;
    },
    async close() {
      socket.close(1000);
      await closed;
    },
  };
}

function isErrorReply(reply: unknown): reply is CallError {
  return reply instanceof CallError;
}
