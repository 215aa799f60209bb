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
