import type { Envelope } from '@ocpp-csms/bus';
import type { OutboundCall } from '@ocpp-csms/ocpp';
import type { Span } from '@ocpp-csms/runtime';

/** A CALL of ours, from its acceptance until its answer. */
export interface CallToSend extends OutboundCall {
  /** The `id` of its envelope. */
  id: string;
  action: string;
  /** The payload, redacted: it goes with the answer. */
  request: unknown;
  replyTo: string | undefined;
  /** By `performance.now()`; absent: not written. */
  writtenAt?: number;
  /** Its way to the charge point and back, where it is followed. */
  span?: Span | undefined;
  /** What was asked for; gone once it is written, since it may hold secrets. */
  envelope: Envelope | undefined;
}
