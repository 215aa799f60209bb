import type { Envelope } from '@ocpp-csms/bus';
import type { SqlValue } from '@ocpp-csms/storage';

/**
 * A second delivery of an envelope is left out. Not `INSERT OR IGNORE`, which would leave out without a word whatever
 * breaks any other constraint, too.
 */
export const insertMessage = `INSERT INTO messages (
  id, client, message_time, direction, msg_id, action, origin, server_node, connection, connection_seq,
  protocol, tenant, body, answer, answer_to, raw, deviations, dropped, extra
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`;

export const insertClientSecond =
  'INSERT INTO client_seconds (client, second) VALUES (?, ?) ON CONFLICT (client, second) DO NOTHING';

/** The hot path: every message of every charge point passes here once. `time`: milliseconds since 1970. */
export function toRow(envelope: Envelope, time: number): readonly SqlValue[] {
  const { body } = envelope;
  return [
    storable(envelope.id),
    storable(envelope.client),
    time,
    body.direction,
    storable(body.msgId),
    storable(body.messageType),
    envelope.origin,
    envelope.serverNode,
    envelope.connection ?? null,
    envelope.seq ?? null,
    envelope.protocol ?? null,
    envelope.tenant ?? null,
    jsonOf(body.messageBody),
    envelope.answer === undefined ? null : jsonOf(envelope.answer),
    envelope.answerTo ?? null,
    envelope.raw === undefined ? null : storable(envelope.raw),
    envelope.deviations === undefined ? null : jsonOf(envelope.deviations),
    envelope.dropped === undefined ? null : storable(envelope.dropped),
    extraOf(envelope),
  ];
}

/** Milliseconds since 1970; `otherwise` for a text that is no time. */
export function timeOf({ messageTime }: Envelope, otherwise: () => number): number {
  const time = Date.parse(messageTime);
  return Number.isNaN(time) ? otherwise() : time;
}

/** Databases hold no lone surrogates; the exact text then is in `extra`. */
const storable = (text: string): string => (text.isWellFormed() ? text : text.toWellFormed());

/** JSON text escapes what databases refuse (NUL, lone surrogates). */
function jsonOf(value: unknown): string | null {
  try {
    return JSON.stringify(value) ?? null;
  } catch {
    // Nested so deeply that the stack is not enough. The rest of the message is worth keeping.
    return null;
  }
}

function extraOf(envelope: Envelope): string | null {
  const { notAfter, replyTo, request, traceparent } = envelope;
  const inexact = inexactMembers(envelope);
  if (
    notAfter === undefined &&
    replyTo === undefined &&
    request === undefined &&
    traceparent === undefined &&
    inexact === undefined
  )
    return null;
  return jsonOf({ notAfter, replyTo, request, traceparent, ...inexact });
}

/** Members that the columns cannot give back as they came. `undefined` almost always. */
function inexactMembers({ id, client, messageTime, body, raw, dropped }: Envelope): object | undefined {
  // 2026-01-02T03:04:05.678Z comes back from milliseconds as it was.
  const exactTime = messageTime.length === 24 && messageTime.endsWith('Z');
  const { msgId, messageType } = body;
  const exactTexts =
    msgId.isWellFormed() &&
    messageType.isWellFormed() &&
    client.isWellFormed() &&
    id.isWellFormed() &&
    raw?.isWellFormed() !== false &&
    dropped?.isWellFormed() !== false;
  if (exactTime && exactTexts) return undefined;
  return { id, client, messageTime, raw, dropped, inexactBody: { msgId, messageType } };
}
