import type { Envelope } from '@ocpp-csms/bus';
import { isError } from './message.ts';

/** What may be asked for and is yes or no; the directions are below 128. */
export const kinds = {
  fromClient: 128,
  fromServer: 256,
  error: 512,
  noError: 1024,
  deviations: 2048,
  noDeviations: 4096,
} as const;

export const kindOfDirection = (direction: number): number => 1 << direction;

/** The sum of what holds for the message. */
export function kindsOf(envelope: Envelope): number {
  return (
    kindOfDirection(envelope.body.direction) |
    (envelope.origin === 'server' ? kinds.fromServer : kinds.fromClient) |
    (isError(envelope) ? kinds.error : kinds.noError) |
    (envelope.deviations === undefined ? kinds.noDeviations : kinds.deviations)
  );
}
