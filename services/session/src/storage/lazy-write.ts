import type { Database } from '@ocpp-csms/storage';
import type { Transaction } from 'kysely';

/** A transaction that is begun when it is first asked for, and maybe never. */
export interface LazyWrite<Schema> {
  begin(): Promise<Transaction<Schema>>;
  begun(): boolean;
  /** Durable when it resolves. Nothing happens when it was not begun. */
  commit(): Promise<void>;
  /** Never rejects. */
  rollback(reason: unknown): Promise<void>;
}

interface Running<Schema> {
  transaction: Promise<Transaction<Schema>>;
  end: PromiseWithResolvers<void>;
  done: Promise<void>;
}

/** `beside`: as in `WriteOptions`. */
export function lazyWrite<Schema>(
  database: Pick<Database<Schema>, 'write'>,
  beside?: readonly string[],
): LazyWrite<Schema> {
  let running: Running<Schema> | undefined;
  return {
    begin() {
      running ??= run(database, beside);
      return running.transaction;
    },
    begun: () => running !== undefined,
    async commit() {
      running?.end.resolve();
      await running?.done;
    },
    async rollback(reason) {
      running?.end.reject(reason);
      await running?.done.catch(() => undefined);
    },
  };
}

function run<Schema>(
  database: Pick<Database<Schema>, 'write'>,
  beside: readonly string[] | undefined,
): Running<Schema> {
  const ready = Promise.withResolvers<Transaction<Schema>>();
  const end = Promise.withResolvers<void>();
  // Rejected by `rollback` while `write` may not have come to it: its owner is then nobody.
  end.promise.catch(() => undefined);
  const work = async (transaction: Transaction<Schema>): Promise<void> => {
    ready.resolve(transaction);
    await end.promise;
  };
  // What is done in it is not here to be done again.
  const done = database.write(work, { ...(beside === undefined ? {} : { beside }), repeatable: false });
  // The store is away: whoever asked for the transaction is told, and so is `commit`.
  done.catch(ready.reject);
  return { transaction: ready.promise, end, done };
}
