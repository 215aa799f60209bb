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
}

/** The refused unknown tokens of a batch, written at its end all together. */
export interface UnknownTokenSink {
  add(token: PresentedToken, sighting: Sighting): void;
  /** `keep`: how many are remembered; the ones not seen for longest go. `rowLocks`: others write at the same time. */
  flush(database: SessionDatabase, options: { keep: number; rowLocks: boolean }): Promise<void>;
}

export function createUnknownTokenSink(): UnknownTokenSink {
  const seen = new Map<string, UnknownTokenTable>();

  return {
    add({ idToken, type = null }, { networkId, action, at }) {
      const key = tokenKey(idToken);
      const before = seen.get(key);
      seen.set(key, {
        token_key: key,
        id_token: before?.id_token ?? idToken,
        type,
        first_seen_at: before?.first_seen_at ?? at,
        last_seen_at: at,
        count: (before?.count ?? 0) + 1,
        last_client: networkId,
        last_action: action,
      });
    },

    async flush(database, { keep, rowLocks }) {
      if (seen.size === 0 || keep === 0) return;
      // In one order everywhere: two batches that have the same tokens do not wait for each other in a circle.
      await remember(database, [...seen.values()].sort(byKey));
      // What another batch is writing is not among the oldest, and is not waited for.
      const skip = sql.raw(rowLocks ? 'for update skip locked' : '');
      await sql`delete from unknown_token where token_key in (select token_key from unknown_token
        where last_seen_at < (select last_seen_at from unknown_token order by last_seen_at desc limit 1 offset ${keep - 1})
        ${skip})`.execute(database);
    },
  };
}

function byKey({ token_key: one }: UnknownTokenTable, { token_key: other }: UnknownTokenTable): number {
  return one < other ? -1 : 1;
}

async function remember(database: SessionDatabase, rows: UnknownTokenTable[]): Promise<void> {
  await database
    .insertInto('unknown_token')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('token_key').doUpdateSet(({ ref, eb }) => ({
        type: ref('excluded.type'),
        last_seen_at: ref('excluded.last_seen_at'),
        last_client: ref('excluded.last_client'),
        last_action: ref('excluded.last_action'),
        count: eb('unknown_token.count', '+', ref('excluded.count')),
      })),
    )
    .execute();
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
