import type { Msg } from '@nats-io/transport-node';
import { TryAgainError } from '../broker/transport.ts';
import { BusError } from '../bus.ts';

interface Refusal {
  error?: { code: number; err_code?: number; description?: string };
}

const ERROR_MARK = '"error"';
/** "message size exceeds maximum allowed": a stream that is being made takes nothing yet (`topology.ts`). */
const MESSAGE_EXCEEDS_MAXIMUM = 10054;

/** What the server said to a published message; undefined when it is stored. */
export function errorOfAnswer({ data, headers }: Msg): Error | undefined {
  if (data.length === 0) {
    // No stream for the subject, or its leader is being chosen.
    return new TryAgainError(headers?.code === 503 ? 'no stream takes it now' : 'the confirmation was empty');
  }
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1');
  if (!text.includes(ERROR_MARK)) return undefined;
  const { error } = JSON.parse(text) as Refusal;
  if (!error) return undefined;
  const { code, err_code, description = 'no reason given' } = error;
  if (err_code === MESSAGE_EXCEEDS_MAXIMUM) return new TryAgainError('the stream takes nothing yet');
  if (/maximum|insufficient|exceeded/i.test(description)) {
    return new BusError('Full', `NATS takes no more: ${description} (nats.maxMegabytes; is a group not consuming?)`);
  }
  return code >= 500 ? new TryAgainError(description) : new BusError('Refused', `NATS: ${description}`);
}
