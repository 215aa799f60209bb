import type { SessionDatabase } from '../schema.ts';
import { tokenKey } from './token-store.ts';

export interface LoggedDecision {
  id: string;
  at: string;
  networkId: string;
  action: string;
  idToken: string;
  type?: string;
  status: string;
  reason: string;
}

export interface DecisionFilter {
  networkId?: string;
  idToken?: string;
  /** The `id` of the last one of the page before. */
  before?: string;
  limit: number;
}

/** Newest first. */
export async function listAuthorizations(
  database: SessionDatabase,
  { networkId, idToken, before, limit }: DecisionFilter,
): Promise<LoggedDecision[]> {
  let query = database.selectFrom('authorization_log').selectAll().orderBy('id', 'desc').limit(limit);
  if (networkId !== undefined) query = query.where('client', '=', networkId);
  if (idToken !== undefined)
    query = query.where((where) => where(where.fn<string>('lower', ['id_token']), '=', tokenKey(idToken)));
  if (before !== undefined) query = query.where('id', '<', before);
  const rows = await query.execute();
  return rows.map(({ client, id_token, type, ...rest }) => ({
    ...rest,
    networkId: client,
    idToken: id_token,
    ...(type === null ? {} : { type }),
  }));
}
