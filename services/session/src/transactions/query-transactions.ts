import { tokenKey } from '../authorization/token-store.ts';
import type { FlagCode } from '../flags.ts';
import type { SessionDatabase, TransactionTable } from '../schema.ts';

export interface TransactionFilter {
  client?: string;
  clients?: readonly string[];
  active?: boolean;
  /** ISO 8601 UTC: those that began in this time, `to` not included. */
  from?: string;
  to?: string;
  idToken?: string;
  flag?: FlagCode;
  /** The `id` of the last one of the page before. */
  before?: string;
  limit: number;
}

/** Newest first, by when they came to the ledger. */
export async function queryTransactions(
  database: SessionDatabase,
  { client, clients, active, from, to, idToken, flag, before, limit }: TransactionFilter,
): Promise<TransactionTable[]> {
  let query = database.selectFrom('charging_transaction').selectAll().orderBy('id', 'desc').limit(limit);
  if (client !== undefined) query = query.where('client', '=', client);
  if (clients !== undefined) query = query.where('client', 'in', clients);
  if (active !== undefined) query = query.where('active', '=', active ? 1 : 0);
  if (from !== undefined) query = query.where('started_at', '>=', from);
  if (to !== undefined) query = query.where('started_at', '<', to);
  if (idToken !== undefined) query = query.where('token_key', '=', tokenKey(idToken));
  if (flag !== undefined) query = query.where('flags', '<>', '[]').where('flags', 'like', `%"${flag}"%`);
  if (before !== undefined) query = query.where('id', '<', before);
  return query.execute();
}

/** The most that the name of a transaction may mean before it is called ambiguous. */
const mostMeant = 10;

/** By our id, by `<networkId>:<transactionId>`, or by OCPP's id alone: then more than one may be meant. */
export async function findByName(database: SessionDatabase, name: string): Promise<TransactionTable[]> {
  const all = database.selectFrom('charging_transaction').selectAll().limit(mostMeant);
  const own = await all.where('id', '=', name).execute();
  if (own.length > 0) return own;
  const byNumber = await all.where('transaction_id', '=', name).execute();
  if (byNumber.length > 0) return byNumber;
  const colon = name.indexOf(':');
  if (colon < 0) return [];
  const [client, transactionId] = [name.slice(0, colon), name.slice(colon + 1)];
  return all.where('client', '=', client).where('transaction_id', '=', transactionId).execute();
}

/** Gaps are named up to so many. */
const mostMissing = 1000;

/** 2.x: the sequence numbers below the highest that have not arrived. */
export async function missingSeqNos(database: SessionDatabase, row: TransactionTable): Promise<number[]> {
  if (row.dialect !== '2.x') return [];
  const rows = await database
    .selectFrom('transaction_event')
    .select('seq_no')
    .distinct()
    .where('client', '=', row.client)
    .where('transaction_id', '=', row.transaction_id)
    .where('seq_no', '>=', 0)
    .orderBy('seq_no')
    .execute();
  const missing: number[] = [];
  let expected = 0;
  for (const { seq_no } of rows) {
    for (; expected < Number(seq_no) && missing.length < mostMissing; expected++) missing.push(expected);
    expected = Number(seq_no) + 1;
  }
  return missing;
}
