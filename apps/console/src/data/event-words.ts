import { energy, inWords } from '../format/quantity.ts';
import type { DomainEvent } from './apply-events.ts';

/** What happened, as people say it; undefined: nothing that is told. What charge points sent is text, whatever it is. */
export function wordsOf({ event, data }: Pick<DomainEvent, 'event' | 'data'>): string | undefined {
  const say = Object.hasOwn(words, event) ? words[event] : undefined;
  return say?.(data);
}

const words: Readonly<Record<string, (data: Readonly<Record<string, unknown>>) => string>> = {
  ChargePointConnected: () => 'connected',
  ChargePointDisconnected: ({ reason }) => withMore('disconnected', reason),
  ConnectionRefused: ({ words: why, reason }) => withMore('was refused', why ?? reason),
  ChargePointDeaf: () => 'answers no command, and is disconnected so that it comes anew',
  CallUnanswered: ({ action }) => `did not answer ${text(action)}`,
  StatusChanged: ({ connectorId, evseId, status }) =>
    `connector ${text(evseId ?? connectorId)} is ${text(status).toLowerCase()}`,
  RegistrationChanged: ({ to }) => `registration: ${text(to)}`,
  CommandFinished: ({ action, status }) => `${text(action)}: ${text(status)}`,
  TransactionStarted: ({ idToken }) => withMore('began to charge', idToken),
  TransactionEnded: ({ energyWh }) =>
    withMore('ended the charge', typeof energyWh === 'number' ? inWords(energy(energyWh)) : undefined),
  IdTokenRefused: ({ idToken, status }) => withMore(`refused ${text(idToken)}`, status),
  ReservationChanged: ({ status }) => `reservation: ${text(status)}`,
};

const text = (value: unknown): string => (typeof value === 'string' ? value : String(value ?? ''));

const withMore = (what: string, more: unknown): string => {
  const said = text(more);
  return said === '' ? what : `${what}: ${said}`;
};
