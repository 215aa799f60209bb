import type { Envelope } from '@ocpp-csms/bus';
import type { SqlValue } from '@ocpp-csms/storage';
import { marks } from './schema.ts';

/**
 * A second delivery of an envelope is left out. Not `INSERT OR IGNORE`, which would leave out without a word whatever
 * breaks any other constraint, too.
 */
export const insertMessage = `INSERT INTO messages (id, client, message_time, direction, action, marks, answer_to, content)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`;

export const insertClientSecond =
  'INSERT INTO client_seconds (client, second) VALUES (?, ?) ON CONFLICT (client, second) DO NOTHING';

/** The hot path: every message of every charge point passes here once. `time`: milliseconds since 1970. */
export function toRow(envelope: Envelope, time: number): readonly SqlValue[] {
  const { id, client, body, answerTo } = envelope;
  return [
    storable(id),
    storable(client),
    time,
    body.direction,
    storable(body.messageType),
    marksOf(envelope),
    answerTo === undefined ? null : storable(answerTo),
    contentOf(envelope),
  ];
}

/** Milliseconds since 1970; `otherwise` for a text that is no time. */
export function timeOf({ messageTime }: Envelope, otherwise: () => number): number {
  const time = Date.parse(messageTime);
  return Number.isNaN(time) ? otherwise() : time;
}

/** Databases hold no lone surrogates; the exact text is in the content. */
const storable = (text: string): string => (text.isWellFormed() ? text : text.toWellFormed());

/** JSON text escapes what databases refuse (NUL, lone surrogates). */
function contentOf(envelope: Envelope): string {
  try {
    return JSON.stringify(envelope);
  } catch {
    // Nested so deeply that the stack is not enough. The rest of the message is worth keeping.
    const { direction, msgId, messageType } = envelope.body;
    const body = { direction, msgId, messageType };
    return JSON.stringify({ ...envelope, body, answer: undefined, request: undefined, deviations: undefined });
  }
}

function marksOf({ origin, body: { direction }, answer, deviations, dropped }: Envelope): number {
  let sum = origin === 'server' ? marks.fromServer : 0;
  const isPlain = direction === 2 || direction === 3 || direction === 6;
  if (!isPlain || dropped !== undefined || answer?.direction === 4) sum += marks.error;
  if (deviations !== undefined) sum += marks.deviations;
  if (dropped !== undefined) sum += marks.dropped;
  return sum;
}
