import type { Envelope } from '@ocpp-csms/bus';
import type { OutboundCall } from '@ocpp-csms/ocpp';

/** A CALL of ours, from its acceptance until its answer. */
export interface CallToSend extends OutboundCall {
  /** The `id` of its envelope. */
  id: string;
  action: string;
  /** The payload, redacted: it goes with the answer. */
  request: unknown;
  replyTo: string | undefined;
  /** What was asked for; gone once it is written, since it may hold secrets. */
  envelope: Envelope | undefined;
}
