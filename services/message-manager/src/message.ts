import type { Envelope, EnvelopeDeviation } from '@ocpp-csms/bus';
import type { MessageRow } from './schema.ts';

export interface LoggedAnswer {
  direction: number;
  messageTime: string;
  messageBody: unknown;
  /** The message that the answer is; absent when csms-server answered by itself. */
  id?: string;
}

/** A message as the API gives it: the envelope, for a CALL with its answer. */
export interface LoggedMessage extends Omit<Envelope, 'answer' | 'deviations'> {
  deviations?: EnvelopeDeviation[];
  answer?: LoggedAnswer;
  /** From the CALL to its answer, in milliseconds. */
  latencyMs?: number;
}

/** The row as the message that it was made of, an edge answer with its latency. */
export function toMessage(row: MessageRow): LoggedMessage {
  const { answer, ...envelope } = JSON.parse(row.content) as LoggedMessage;
  envelope.body.messageBody ??= null;
  return withAnswer(envelope, row.message_time, answer);
}

/** Adds the answer to a CALL and how long it took. `time`: of the CALL, in milliseconds since 1970. */
export function withAnswer(message: LoggedMessage, time: number, answer: LoggedAnswer | undefined): LoggedMessage {
  if (answer === undefined) return message;
  const latencyMs = Date.parse(answer.messageTime) - time;
  return { ...message, answer, ...(Number.isNaN(latencyMs) ? {} : { latencyMs }) };
}

export const timeText = (milliseconds: number): string => new Date(milliseconds).toISOString();
