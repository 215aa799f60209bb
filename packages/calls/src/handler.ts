import type { DomainEvent, Envelope } from '@ocpp-csms/bus';
import type { ActionOf, JsonObject, OcppVersion, RequestOf, ResponseOf } from '@ocpp-csms/ocpp';

/** What a handler is told of a message, whoever answers it. */
export interface MessageFacts {
  networkId: string;
  /** The version of the connection that it came on. */
  version: OcppVersion;
  /** ISO 8601 UTC: when csms-server read it from the socket. */
  receivedAt: string;
  /** The message as it travelled; its `id` is the evidence to keep. */
  envelope: Envelope;
  /** Says what happened. Published on `Events` after the commit, once. */
  emit(event: string, data: DomainEvent['data']): void;
}

export interface IncomingCall<Request> extends MessageFacts {
  /** In the shape of the schema; in transaction messages a required member may still be missing (see `Validator`). */
  request: Request;
}

/** What a charge point said to one of our CALLs. */
export interface IncomingAnswer<Request, Response> extends MessageFacts {
  /** The payload of our CALL, redacted. */
  request: Request;
  outcome: { ok: true; response: Response } | { ok: false; errorCode: string; errorDescription: string };
}

type Awaitable<T> = T | Promise<T>;

/** The consumer's view of a handler: its types were checked where it was written. */
export interface Handler<Context> {
  kind: 'call' | 'message' | 'answer';
  versions: readonly OcppVersion[];
  action: string;
  handle(facts: MessageFacts & { payload: unknown }, context: Context): Awaitable<unknown>;
}

/** The three ways to write a handler, bound to the context that a service gives to its handlers. */
export interface HandlerMakers<Context> {
  /**
   * Decides a CALL of a charge point: what it returns is the answer, committed together with its effects.
   * An `OcppError` becomes a CALLERROR and takes the effects back; anything else thrown parks the message.
   */
  onCall<const V extends OcppVersion, A extends ActionOf<V> & string>(
    versions: readonly V[],
    action: A,
    handle: (call: IncomingCall<RequestOf<V, A>>, context: Context) => Awaitable<ResponseOf<V, A>>,
  ): Handler<Context>;
  /** Takes note of a message that csms-server has answered, or that has no answer. May see it more than once. */
  onMessage<const V extends OcppVersion, A extends ActionOf<V> & string>(
    versions: readonly V[],
    action: A,
    handle: (call: IncomingCall<RequestOf<V, A>>, context: Context) => Awaitable<void>,
  ): Handler<Context>;
  /** Takes note of a charge point's answer to a CALL of ours. May see it more than once. */
  onAnswer<const V extends OcppVersion, A extends ActionOf<V> & string>(
    versions: readonly V[],
    action: A,
    handle: (answer: IncomingAnswer<RequestOf<V, A>, ResponseOf<V, A>>, context: Context) => Awaitable<void>,
  ): Handler<Context>;
}

export function handlersOf<Context>(): HandlerMakers<Context> {
  return {
    onCall: (versions, action, handle) => ({
      kind: 'call',
      versions,
      action,
      handle: ({ payload, ...facts }, context) => handle({ ...facts, request: payload as never }, context),
    }),
    onMessage: (versions, action, handle) => ({
      kind: 'message',
      versions,
      action,
      handle: ({ payload, ...facts }, context) => handle({ ...facts, request: payload as never }, context),
    }),
    onAnswer: (versions, action, handle) => ({
      kind: 'answer',
      versions,
      action,
      handle: ({ payload, ...facts }, context) =>
        handle(
          { ...facts, request: (facts.envelope.request ?? {}) as never, outcome: outcomeOf(facts.envelope, payload) },
          context,
        ),
    }),
  };
}

// csms-server has read the payload with the validator of the connection's version before it published it (design.md §6.3):
// this is the one place where the schema's type is given to it.
function outcomeOf(envelope: Envelope, payload: unknown): IncomingAnswer<never, never>['outcome'] {
  if (envelope.body.direction === 3) return { ok: true, response: payload as never };
  const error = (payload ?? {}) as JsonObject;
  return {
    ok: false,
    errorCode: String(error.errorCode ?? ''),
    errorDescription: String(error.errorDescription ?? ''),
  };
}
