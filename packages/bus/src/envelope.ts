/**
 * The public format on the bus (docs/envelope.schema.json). Other programs may consume it:
 * members are added, never renamed, and consumers ignore what they do not know.
 */
export type MessageDirection =
  /** A frame that could not be parsed; its text is in `raw`. */
  | 0
  /** CALL */
  | 2
  /** CALLRESULT */
  | 3
  /** CALLERROR */
  | 4
  /** CALLRESULTERROR (OCPP 2.1) */
  | 5
  /** SEND (OCPP 2.1) */
  | 6;

export interface EnvelopeBody {
  direction: MessageDirection;
  msgId: string;
  /** The action, also on results and errors. Empty when it could not be read. */
  messageType: string;
  /** The payload in the shape of the schema. For direction 4 and 5: `{ errorCode, errorDescription, errorDetails }`. */
  messageBody: unknown;
}

/** What was not as the specification says, and what was made of it (`@ocpp-csms/ocpp` has the vocabulary). */
export interface EnvelopeDeviation {
  rule: string;
  path: string;
  made: string;
  value?: unknown;
}

/** The answer that csms-server itself gives, travelling with the message that it answers. */
export interface EdgeAnswer {
  direction: 3 | 4;
  /** ISO 8601 UTC: when the answer was built. */
  messageTime: string;
  messageBody: unknown;
}

export interface Envelope {
  /** The csms-server node that holds, or held, the connection. */
  serverNode: string;
  /** networkId of the charge point. */
  client: string;
  /** ISO 8601 UTC with milliseconds: when csms-server read it from, or wrote it to, the socket. */
  messageTime: string;
  body: EnvelopeBody;
  /** Unique and time-ordered (UUIDv7). "Once" is counted by this, since msgId is not unique. */
  id: string;
  /** Who spoke. */
  origin: 'client' | 'server';
  /** Counts the messages of one connection, from 1. */
  seq?: number;
  /** The epoch of the connection: higher is newer. */
  connection?: number;
  protocol?: 'ocpp1.6' | 'ocpp2.0.1' | 'ocpp2.1';
  tenant?: string;
  answer?: EdgeAnswer;
  deviations?: readonly EnvelopeDeviation[];
  /** The frame as it was sent, kept where it was not valid. */
  raw?: string;
  /** ISO 8601 UTC: not to be written to a socket after this. */
  notAfter?: string;
  /** The bus node (see `Bus.receive`) that also wants the answer to this CALL. */
  replyTo?: string;
  /** On an answer (direction 3, 4): the `id` of the CALL's envelope. */
  answerTo?: string;
  /** On an answer of a charge point: the payload of the CALL that it answers, so that observers need no join. Redacted. */
  request?: unknown;
  /** On MessagesSent: why it was not written after all. */
  dropped?: string;
  traceparent?: string;
}

/** What happened, in domain words. `event` is one of those listed in docs/events.md. */
export interface DomainEvent {
  id: string;
  serverNode: string;
  /** networkId that it is about; the order of events is kept per client. */
  client: string;
  messageTime: string;
  tenant?: string;
  /** e.g. `ChargePointConnected`, `ChargePointDisconnected`, `ConnectionRefused`, `StatusChanged`, `TransactionStarted`, `TransactionEnded`, `CommandFinished`. */
  event: string;
  data: Record<string, unknown>;
}
