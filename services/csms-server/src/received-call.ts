import type { Envelope } from '@ocpp-csms/bus';
import { InboundCall, type JsonObject } from '@ocpp-csms/ocpp';
import type { NeutralAnswer } from './answers/plan.ts';
import type { Connection } from './connection.ts';

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
