import type { Bus, DomainEvent } from '@ocpp-csms/bus';
import type { OutcomeStore } from '@ocpp-csms/calls';
import type { Settings } from '@ocpp-csms/config';
import type { Clock, Log } from '@ocpp-csms/runtime';
import type { Database } from '@ocpp-csms/storage';
import { storeStatuses } from './availability/connector-store.ts';
import type { FlapGuard } from './availability/flap-guard.ts';
import type { DeviceContext, Signals, Writer } from './context.ts';
import { outcomeStore } from './outcomes.ts';
import type { DeviceSchema } from './schema.ts';

export interface TransactOptions {
  database: Database<DeviceSchema>;
  bus: Bus;
  settings: Settings;
  clock: Clock;
  newId: () => string;
  nodeName: string;
  log: Log;
  signals: Signals;
  flapGuard: FlapGuard;
}

/**
 * `beside`: networkIds, and other keys, that the work is about; work about others goes on at the same time, in this
 * process and in others (`WriteOptions`). Without it, it is the only one.
 */
export type Transact = <Result>(
  work: (context: DeviceContext, outcomes: OutcomeStore) => Promise<Result>,
  beside?: readonly string[],
) => Promise<Result>;

/** One database transaction with what follows from it: events and signals go out once it is durable, or not at all. */
export function createTransact(options: TransactOptions): Transact {
  const { database, settings, clock, newId, nodeName, log, signals, flapGuard } = options;
  return async (work, beside) => {
    const effects: (() => void)[] = [];
    const events: DomainEvent[] = [];
    const emit: DeviceContext['emit'] = (client, event, data) =>
      events.push({ id: newId(), serverNode: nodeName, client, messageTime: clock.now().toISOString(), event, data });
    const afterCommit = (effect: () => void) => void effects.push(effect);
    const attempt = async (tx: Writer) => {
      // Of an attempt that was rolled back nothing is left.
      effects.length = 0;
      events.length = 0;
      const context: DeviceContext = {
        tx,
        rowLocks: database.engine === 'postgresql',
        settings,
        clock,
        newId,
        log,
        afterCommit,
        emit,
        signals,
        flapGuard,
        statuses: [],
      };
      const done = await work(context, outcomeStore(tx, clock));
      await storeStatuses(context.statuses, context);
      return done;
    };
    const result = await database.write(attempt, beside === undefined ? {} : { beside });
    for (const effect of effects) effect();
    for (const event of events) await publishEvent(event, options);
    return result;
  };
}

export async function publishEvent(
  event: DomainEvent,
  { bus, log }: Pick<TransactOptions, 'bus' | 'log'>,
): Promise<void> {
  try {
    await bus.publish('Events', event);
  } catch (error) {
    // What happened is in the database; a repeat of the message would not tell it again.
    log.warn({ networkId: event.client, event: event.event, reason: String(error) }, 'An event could not be published');
  }
}
