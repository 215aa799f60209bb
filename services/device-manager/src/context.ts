import type { DomainEvent } from '@ocpp-csms/bus';
import { handlersOf } from '@ocpp-csms/calls';
import type { Settings } from '@ocpp-csms/config';
import type { Clock, Log } from '@ocpp-csms/runtime';
import type { Kysely, Transaction } from 'kysely';
import type { FlapGuard } from './availability/flap-guard.ts';
import type { StatusReport } from './availability/status-report.ts';
import type { CommandTable, DeviceSchema } from './schema.ts';

/** What queries are made on: a transaction, or the database for reading. */
export type Reader = Kysely<DeviceSchema>;
export type Writer = Transaction<DeviceSchema>;

/** What a handler may use. Everything it writes is committed together with its answer. */
export interface DeviceContext {
  readonly tx: Writer;
  /** Others write at the same time, about other charge points. */
  readonly rowLocks: boolean;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Log;
  /** Runs when the transaction has been committed, and not when it was rolled back. Must not throw. */
  afterCommit(effect: () => void): void;
  /** Says what happened; published after the commit. */
  emit(networkId: string, event: string, data: DomainEvent['data']): void;
  /** Statuses of connectors, written at the end of the transaction, all together. */
  readonly statuses: StatusReport[];
  readonly flapGuard: FlapGuard;
  /** What other parts of the service want to know of, after the commit. */
  readonly signals: Signals;
}

/** How one part of the service wakes another. */
export interface Signals {
  /** Auth records wait in the outbox. */
  authChanged(): void;
  commandFinished(command: CommandTable): void;
  /** The charge point has booted and was accepted. */
  booted(networkId: string): void;
  /** A template, or another job, waits for this charge point. */
  jobWaiting(networkId: string): void;
  /** The last part of a report has come. */
  reportComplete(networkId: string, requestId: number): void;
  /** Seen alive at this time, in milliseconds since 1970. */
  seen(networkId: string, at: number): void;
  /** It was deleted; whoever comes under its name is another one. */
  forgotten(networkId: string): void;
}

export const { onCall, onMessage, onAnswer } = handlersOf<DeviceContext>();
