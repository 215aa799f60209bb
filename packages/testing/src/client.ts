import type { ActionOf, OcppVersion, RequestOf, ResponseOf } from '@ocpp-csms/ocpp';

/** Refused before the 101: what the HTTP answer said. */
export class UpgradeRefused extends Error {
  override readonly name = 'UpgradeRefused';
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  constructor(status: number, body: string, headers: Readonly<Record<string, string | string[] | undefined>> = {}) {
    super(`the upgrade was refused with ${status}: ${body}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** A CALLERROR: thrown by `call` when the CSMS answers with one, and by an `onCall` handler to answer with one. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly code: string;
  constructor(code: string, description = '') {
    super(description);
    this.code = code;
  }
  get description(): string {
    return this.message;
  }
}

/** A CALL of the CSMS as the charge point got it. */
export interface ReceivedCall<Payload = unknown> {
  msgId: string;
  action: string;
  payload: Payload;
}

/** What a handler returns instead of an answer to leave the CALL unanswered. */
export const noAnswer = Symbol('no answer');

type Awaitable<T> = T | Promise<T>;

export type CallHandler<V extends OcppVersion, A extends ActionOf<V>> = (
  payload: RequestOf<V, A>,
) => Awaitable<ResponseOf<V, A> | typeof noAnswer>;

/** What both charge points of the tests can do: our own and the one on `ocpp-rpc`. */
export interface ChargePointClient<V extends OcppVersion = OcppVersion> {
  readonly networkId: string;
  /** Resolves with the payload of the CALLRESULT; rejects with `CallError`, or when the connection ends or time is over. */
  call<A extends ActionOf<V>>(action: A, payload: RequestOf<V, A>): Promise<ResponseOf<V, A>>;
  /** Answers CALLs of the CSMS from now on; without it there is a default answer for each. */
  onCall<A extends ActionOf<V>>(action: A, handler: CallHandler<V, A>): void;
  /** The next CALL of the CSMS with this action; it is answered whether or not it is waited for. */
  nextCall<A extends ActionOf<V>>(action: A): Promise<ReceivedCall<RequestOf<V, A>>>;
  close(): Promise<void>;
}

export interface ConnectOptions<V extends OcppVersion> {
  /** Up to the identity: `ws://127.0.0.1:8080/ocpp`. */
  url: string;
  networkId: string;
  protocol: V;
  password?: string | Buffer;
  /** How long `call`, `nextCall` and `nextFrame` wait, in milliseconds. */
  timeoutMs?: number;
}

/** `Basic` credentials as bytes: 1.6 passwords need not be text. */
export function basicAuth(user: string, password: string | Buffer): string {
  return `Basic ${Buffer.concat([Buffer.from(`${user}:`), Buffer.from(password)]).toString('base64')}`;
}
