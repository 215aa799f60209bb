import { tokenKey } from '../authorization/token-store.ts';
import type { FlagCode } from '../flags.ts';
import type { OrphanTable, SessionDatabase, TransactionTable } from '../schema.ts';
import { findTransaction, unstoppedTransactions } from './ledger.ts';
import { findOrphan } from './orphans.ts';
import type { Stop } from './stop.ts';

/** What a stop is about. */
export type Stopped =
  | { kind: 'named'; row: TransactionTable }
  /** Found without its id. */
  | { kind: 'matched'; row: TransactionTable }
  /** The same stop came before, and belonged to nothing that it named. */
  | { kind: 'repeated'; orphan: OrphanTable }
  | { kind: 'orphan'; flag: FlagCode };

/**
 * Which transaction a stop ends. Its id decides. Without one that we gave to this charge point (0, −1, unknown:
 * 1.6 errata 3.18, field-faults row 37) it is the one open transaction of this charge point that it fits, or none:
 * never a guess between two (row 39), never one of another charge point (row 10 of §0).
 */
export async function findStopped(database: SessionDatabase, stop: Stop): Promise<Stopped> {
  const { client, transactionId } = stop;
  const hasId = transactionId !== undefined && transactionId > 0;
  if (hasId) {
    const named = await findTransaction(database, { client, dialect: '1.6', transactionId: String(transactionId) });
    if (named !== undefined) return { kind: 'named', row: named };
  }
  const orphan = await findOrphan(database, stop);
  if (orphan !== undefined) return { kind: 'repeated', orphan };
  if (hasId && (await isForeign(database, transactionId))) return { kind: 'orphan', flag: 'foreign-transaction-id' };
  const row = await findFitting(database, stop, hasId);
  if (row !== undefined) return { kind: 'matched', row };
  return { kind: 'orphan', flag: hasId ? 'unknown-transaction-id' : 'no-transaction-id' };
}

async function isForeign(database: SessionDatabase, transactionId: number): Promise<boolean> {
  const other = await database
    .selectFrom('charging_transaction')
    .select('id')
    .where('dialect', '=', '1.6')
    .where('transaction_id', '=', String(transactionId))
    .executeTakeFirst();
  return other !== undefined;
}

async function findFitting(
  database: SessionDatabase,
  stop: Stop,
  mustHaveToken: boolean,
): Promise<TransactionTable | undefined> {
  // A charge point that names an id unknown to us believes in another transaction: time and meter alone do not do.
  if (mustHaveToken && stop.idToken === undefined) return undefined;
  const open = await unstoppedTransactions(database, { client: stop.client, dialect: '1.6' });
  const fitting: TransactionTable[] = [];
  for (const row of open) {
    if (fits(row, stop) && !(await knowsItsId(database, row))) fitting.push(row);
  }
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** Token, time and meter, as far as they were said; token or meter must have been. */
export function fits(
  row: TransactionTable,
  { idToken, meterStop, time }: Pick<Stop, 'idToken' | 'meterStop' | 'time'>,
) {
  if (time.at < row.started_at) return false;
  if (idToken !== undefined && tokenKey(idToken) !== row.token_key) return false;
  if (meterStop !== null && row.meter_start_wh !== null) return meterStop >= row.meter_start_wh;
  return idToken !== undefined;
}

/** A charge point that has named the id in meter values has it, and would have named it in the stop. */
async function knowsItsId(database: SessionDatabase, { client, transaction_id }: TransactionTable): Promise<boolean> {
  const use = await database
    .selectFrom('meter_value')
    .select('id')
    .where('client', '=', client)
    .where('transaction_ref', '=', transaction_id)
    .where('transaction_ref', '<>', '')
    .executeTakeFirst();
  return use !== undefined;
}
