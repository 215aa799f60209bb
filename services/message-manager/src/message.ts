import type { Envelope, EnvelopeDeviation } from '@ocpp-csms/bus';

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

/** A message in the log. */
export interface LogLine {
  /** The order in which messages were logged. */
  seq: number;
  /** Milliseconds since 1970. */
  time: number;
  message: Omit<LoggedMessage, 'latencyMs'>;
}

/** The line as the message that it was made of, an edge answer with its latency. */
export function toMessage({ message: { answer, ...message }, time }: LogLine): LoggedMessage {
  return withAnswer(message, time, answer);
}

/** Adds the answer to a CALL and how long it took. `time`: of the CALL, in milliseconds since 1970. */
export function withAnswer(message: LoggedMessage, time: number, answer: LoggedAnswer | undefined): LoggedMessage {
  if (answer === undefined) return message;
  const latencyMs = Date.parse(answer.messageTime) - time;
  return { ...message, answer, ...(Number.isNaN(latencyMs) ? {} : { latencyMs }) };
}

interface MaybeError {
  body: { direction: number };
  answer?: { direction: number };
  dropped?: string;
}

/** An error, a CALL answered with one, not readable, dropped. */
export function isError({ body: { direction }, answer, dropped }: MaybeError): boolean {
  const isPlain = direction === 2 || direction === 3 || direction === 6;
  return !isPlain || dropped !== undefined || answer?.direction === 4;
}

export const timeText = (milliseconds: number): string => new Date(milliseconds).toISOString();
