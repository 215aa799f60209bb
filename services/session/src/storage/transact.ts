import type { OutcomeStore } from '@ocpp-csms/calls';
import { type Database, isConflict } from '@ocpp-csms/storage';
import { createUnknownTokenSink } from '../authorization/unknown-tokens.ts';
import type { SessionContext } from '../context.ts';
import { createMeterValueSink } from '../meter-values/meter-value-sink.ts';
import type { SessionDatabase, SessionSchema } from '../schema.ts';
import { lazyWrite } from './lazy-write.ts';
import { outcomeStore } from './outcomes.ts';

export interface ContextOptions extends Omit<SessionContext, 'begin' | 'meterValues' | 'unknownTokens' | 'rowLocks'> {
  /** Done before each batch. */
  prepare?(): Promise<void>;
}

const attempts = 3;

/**
 * One database transaction for a batch, begun when a handler first needs it. A batch of meter values alone needs none:
 * it goes to the database in one trip. What the handlers read and write is their charge point's own, which is theirs
 * until the commit (`clients`), or is safe by itself (docs/decisions/0007-postgresql.md).
 */
export function createTransact(database: Database<SessionSchema>, options: ContextOptions) {
  return async <Result>(
    work: (context: SessionContext, outcomes: OutcomeStore) => Promise<Result>,
    clients: readonly string[],
  ): Promise<Result> => {
    await options.prepare?.();
    for (let attempt = 1; ; attempt++) {
      try {
        return await transactOnce(work, clients);
      } catch (error) {
        if (!isConflict(error) || attempt === attempts) throw error;
      }
    }
  };

  async function transactOnce<Result>(
    work: (context: SessionContext, outcomes: OutcomeStore) => Promise<Result>,
    clients: readonly string[],
  ): Promise<Result> {
    const write = lazyWrite(database, clients);
    const begin = (): Promise<SessionDatabase> => write.begin();
    const rowLocks = database.engine === 'postgresql';
    const context: SessionContext = {
      ...options,
      begin,
      meterValues: createMeterValueSink(),
      unknownTokens: createUnknownTokenSink(),
      rowLocks,
    };
    try {
      const result = await work(
        context,
        outcomeStore(begin, () => options.clock.now()),
      );
      await finish();
      return result;
    } catch (error) {
      await write.rollback(error);
      throw error;
    }

    async function finish(): Promise<void> {
      if (write.begun()) {
        const transaction = await write.begin();
        await context.meterValues.flush(transaction);
        await context.unknownTokens.flush(transaction, { keep: context.settings.rememberedUnknownTokens, rowLocks });
        await write.commit();
        return;
      }
      const statement = context.meterValues.take();
      if (statement !== undefined) await database.bulk([statement]);
    }
  }
}
