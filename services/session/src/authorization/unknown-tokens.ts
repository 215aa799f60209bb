import { sql } from 'kysely';
import type { SessionDatabase, UnknownTokenTable } from '../schema.ts';
import type { PresentedToken } from './authorize.ts';
import { tokenKey } from './token-store.ts';

export interface UnknownToken {
  idToken: string;
  type?: string;
  firstSeenAt: string;
  lastSeenAt: string;
  count: number;
  /** networkId of the charge point where it was last seen. */
  lastSeenAtChargePoint: string;
  lastAction: string;
}

export interface Sighting {
  networkId: string;
  action: string;
  at: string;
  /** How many are kept; the ones not seen for longest go. */
  keep: number;
}

export async function rememberUnknown(
  database: SessionDatabase,
  { idToken, type }: PresentedToken,
  { networkId, action, at, keep }: Sighting,
): Promise<void> {
  if (keep === 0) return;
  const seen = { last_seen_at: at, last_client: networkId, last_action: action, type: type ?? null };
  await database
    .insertInto('unknown_token')
    .values({ token_key: tokenKey(idToken), id_token: idToken, first_seen_at: at, count: 1, ...seen })
    .onConflict((conflict) =>
      conflict.column('token_key').doUpdateSet((row) => ({ ...seen, count: row('unknown_token.count', '+', 1) })),
    )
    .execute();
  await sql`delete from unknown_token where last_seen_at <
    (select last_seen_at from unknown_token order by last_seen_at desc limit 1 offset ${keep - 1})`.execute(database);
}

export async function listUnknown(
  database: SessionDatabase,
  { limit, before }: { limit: number; before?: [lastSeenAt: string, key: string] },
): Promise<UnknownToken[]> {
  let query = database
    .selectFrom('unknown_token')
    .selectAll()
    .orderBy('last_seen_at', 'desc')
    .orderBy('token_key', 'desc')
    .limit(limit);
  if (before !== undefined) {
    const [at, key] = before;
    query = query.where((where) =>
      where.or([
        where('last_seen_at', '<', at),
        where.and([where('last_seen_at', '=', at), where('token_key', '<', key)]),
      ]),
    );
  }
  return (await query.execute()).map(unknownTokenOf);
}

/** Takes it off the list. */
export async function forgetUnknown(database: SessionDatabase, idToken: string): Promise<UnknownToken | undefined> {
  const row = await database
    .deleteFrom('unknown_token')
    .where('token_key', '=', tokenKey(idToken))
    .returningAll()
    .executeTakeFirst();
  return row && unknownTokenOf(row);
}

function unknownTokenOf(row: UnknownTokenTable): UnknownToken {
  return {
    idToken: row.id_token,
    ...(row.type === null ? {} : { type: row.type }),
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    count: row.count,
    lastSeenAtChargePoint: row.last_client,
    lastAction: row.last_action,
  };
}
