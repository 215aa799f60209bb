import { createHash } from 'node:crypto';
import type { Envelope } from '@ocpp-csms/bus';

/** JSON text escapes what databases refuse (NUL, lone surrogates), and the ends of lines. */
export function textOfEnvelope(envelope: Envelope): string {
  try {
    return JSON.stringify(envelope);
  } catch {
    return JSON.stringify(withoutPayloads(envelope));
  }
}

/** For one that is nested so deeply that the stack is not enough: the rest of the message is worth keeping. */
export function withoutPayloads(envelope: Envelope): Envelope {
  const { direction, msgId, messageType } = envelope.body;
  const { answer: _answer, request: _request, deviations: _deviations, ...rest } = envelope;
  return { ...rest, body: { direction, msgId, messageType, messageBody: undefined } };
}

/** Databases hold no lone surrogates; the exact text is in the content, where JSON escapes it. */
export const storable = (text: string): string => (text.isWellFormed() ? text : text.toWellFormed());

/** An index of PostgreSQL takes 2,700 bytes, and these have two of them in a row. */
const maxIndexed = 300;
const keptOfLonger = 200;

/** The text as it is in an index: one that is too long as its beginning and its SHA-256. */
export function indexable(text: string): string {
  if (text.length <= maxIndexed) return storable(text);
  return storable(text.slice(0, keptOfLonger)) + createHash('sha256').update(text, 'utf16le').digest('hex');
}

/** Not before any text of which this may be the `indexable`. */
export const lastOfIndexed = (indexed: string): string =>
  indexed.length > keptOfLonger ? `${indexed.slice(0, keptOfLonger)}\uffff` : indexed;
