import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type ActionOf, isJsonObject, type OcppVersion, type RequestOf, type ResponseOf } from '@ocpp-csms/ocpp';
import { WebSocket } from 'ws';
import { createCallAnswers } from './call-answers.ts';
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
import { createInbox } from './inbox.ts';
import { type AnsweredCall, createPendingCalls } from './pending-calls.ts';
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

/** A charge point that says exactly what it is told to say, and notes all that it sees. */
export interface TestChargePoint<V extends OcppVersion = OcppVersion> extends ChargePointClient<V> {
  /** The subprotocol that the server chose; empty when it chose none. */
  readonly agreedProtocol: string;
  /** A CALL with any action, payload and message id: for what the types forbid. */
  callAs(msgId: string, action: string, payload: unknown): Promise<unknown>;
  /** The same with a payload that is JSON already: for numbers and strings that no value has. */
  callText(msgId: string, action: string, payload: string): Promise<unknown>;
  /** Text, or a binary frame, on the wire as it is; nothing is awaited. */
  sendRaw(content: string | Buffer): void;
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
  /** The address of this machine that it comes from. */
  localAddress?: string;
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
    ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
  });
  const closed = new Promise<SocketEnd>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  const upgraded = opened(socket);
  // Before it is open: the first frame may come in the same packet as the 101.
  const chargePoint = speakOcpp(socket, closed, options);
  await upgraded;
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
  { networkId, protocol, timeoutMs = 10_000 }: TestChargePointOptions<V>,
): TestChargePoint<V> {
  const pending = createPendingCalls(networkId, timeoutMs);
  const answers = createCallAnswers(protocol);
  const calls = createInbox<ReceivedCall>();
  const frames = createInbox<unknown[]>();
  const transcript: TranscriptEntry[] = [];
  const received: ReceivedCall[] = [];
  const violations: string[] = [];
  const check = createCheck(protocol, violations);

  function note(from: TranscriptEntry['from'], text: string): void {
    transcript.push({ from, text, at: new Date().toISOString() });
  }

  function sendRaw(content: string | Buffer): void {
    note('charge-point', content.toString());
    socket.send(content, (error) => {
      if (error) note('charge-point', `not sent: ${error.message}`);
    });
  }

  function callText(msgId: string, action: string, payload: string): Promise<unknown> {
    if (socket.readyState !== WebSocket.OPEN) {
      return Promise.reject(new Error(`${networkId}: ${action} not sent: the connection is closed`));
    }
    const answer = pending.wait(msgId, action, payload);
    sendRaw(`[2,${JSON.stringify(msgId)},${JSON.stringify(action)},${payload}]`);
    return answer;
  }

  const callAs = (msgId: string, action: string, payload: unknown) =>
    callText(msgId, action, JSON.stringify(payload ?? null));

  function onAnswer(frame: unknown[]): void {
    const msgId = String(frame[1]);
    const action = pending.actionOf(msgId);
    if (action === undefined) {
      frames.push(frame);
      return;
    }
    if (frame[0] === 3) check(action, 'response', frame[2]);
    pending.answer(msgId, answerOf(frame));
  }

  async function onCall([, id, name, content]: unknown[]): Promise<void> {
    const [msgId, action] = [String(id), String(name)];
    const payload = isJsonObject(content) ? content : {};
    check(action, 'request', content);
    const call = { msgId, action, payload };
    received.push(call);
    const answer = answers.answerTo(action, payload);
    calls.push(call);
    const reply = await answer;
    if (reply === noAnswer || socket.readyState !== WebSocket.OPEN) return;
    sendRaw(
      JSON.stringify(reply instanceof CallError ? [4, msgId, reply.code, reply.description, {}] : [3, msgId, reply]),
    );
  }

  socket.on('message', (data) => {
    const text = data.toString();
    note('csms', text);
    const frame: unknown = JSON.parse(text);
    if (!Array.isArray(frame)) violations.push(`no array: ${text}`);
    else if (frame[0] === 2) void onCall(frame);
    else if (frame[0] === 3 || frame[0] === 4) onAnswer(frame);
    else frames.push(frame);
  });
  void closed.then(({ code, reason }) => {
    const why = `the connection was closed (${code}${reason === '' ? '' : ` ${reason}`})`;
    pending.failAll(why);
    calls.end(why);
    frames.end(why);
  });

  return {
    networkId,
    socket,
    closed,
    transcript,
    received,
    violations,
    answered: pending.answered,
    get agreedProtocol() {
      return socket.protocol;
    },
    callAs,
    callText,
    sendRaw,
    call: <A extends ActionOf<V>>(action: A, payload: RequestOf<V, A>) =>
      callAs(randomUUID(), action, payload) as Promise<ResponseOf<V, A>>,
    send: (action, payload) => sendRaw(JSON.stringify([6, randomUUID(), action, payload])),
    onCall: <A extends ActionOf<V>>(action: A, handler: CallHandler<V, A>) =>
      answers.set(action, (payload) => handler(payload as RequestOf<V, A>)),
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

/** Notes what breaks the schema in the opinion of `ocpp-rpc`. */
function createCheck(protocol: OcppVersion, violations: string[]) {
  const violationOf = loadSchemaOracle(protocol);
  return (action: string, part: 'request' | 'response', payload: unknown) => {
    const violation = violationOf(action, part, payload);
    if (violation !== undefined) violations.push(violation);
  };
}

function answerOf([type, , ...rest]: unknown[]): AnsweredCall['answer'] {
  if (type === 3) return { ok: true, payload: rest[0] };
  return { ok: false, code: String(rest[0]), description: String(rest[1]) };
}
