import { boundedKey } from '@ocpp-csms/storage';
import { sql } from 'kysely';
import type { IdTokenTable, SessionDatabase } from '../schema.ts';

export const tokenStatuses = ['Accepted', 'Blocked', 'Expired', 'Invalid', 'NoCredit', 'NotAtThisTime'] as const;
export type TokenStatus = (typeof tokenStatuses)[number];

export interface Token {
  idToken: string;
  /** 2.x type, such as ISO14443; absent: any. */
  type?: string;
  status: TokenStatus;
  /** ISO 8601 UTC. */
  expiresAt?: string;
  /** The group (2.x) or parent (1.6) whose members may stop each other's transactions. */
  parentIdToken?: string;
  /** networkIds; empty: everywhere. */
  chargePoints: string[];
  /** May it charge at two places at once? */
  allowConcurrent: boolean;
  note?: string;
  /** RFC 5646, such as de. */
  language?: string;
  createdAt: string;
  updatedAt: string;
}

/** Id tokens are compared without regard to case (1.6 §7.28 CiString20, 2.x IdTokenType). */
export function tokenKey(idToken: string): string {
  return boundedKey(idToken.toLowerCase());
}

export async function findToken(database: SessionDatabase, idToken: string): Promise<Token | undefined> {
  const row = await database
    .selectFrom('id_token')
    .selectAll()
    .where('token_key', '=', tokenKey(idToken))
    .executeTakeFirst();
  return row && tokenOf(row);
}

export interface TokenFilter {
  q?: string;
  status?: string;
  /** The key of the last token of the page before. */
  after?: string;
  limit: number;
}

/** In the order of their keys. */
export async function listTokens(
  database: SessionDatabase,
  { q, status, after, limit }: TokenFilter,
): Promise<Token[]> {
  let query = database.selectFrom('id_token').selectAll().orderBy('token_key').limit(limit);
  if (q !== undefined) query = query.where(sql<boolean>`token_key like ${patternFor(q)} escape '\\'`);
  if (status !== undefined) query = query.where('status', '=', status);
  if (after !== undefined) query = query.where('token_key', '>', after);
  return (await query.execute()).map(tokenOf);
}

/** `%` and `_` are themselves. */
function patternFor(text: string): string {
  return `%${tokenKey(text).replace(/[\\%_]/g, '\\$&')}%`;
}

/** Adds it, or replaces the one with the same id. */
export async function saveToken(database: SessionDatabase, token: Token): Promise<void> {
  const { token_key: _, created_at: __, ...changes } = rowOf(token);
  await database
    .insertInto('id_token')
    .values(rowOf(token))
    .onConflict((conflict) => conflict.column('token_key').doUpdateSet(changes))
    .execute();
}

/** Whether there was one. */
export async function deleteToken(database: SessionDatabase, idToken: string): Promise<boolean> {
  const { numDeletedRows } = await database
    .deleteFrom('id_token')
    .where('token_key', '=', tokenKey(idToken))
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

function rowOf(token: Token): IdTokenTable {
  return {
    token_key: tokenKey(token.idToken),
    id_token: token.idToken,
    type: token.type ?? null,
    status: token.status,
    expires_at: token.expiresAt ?? null,
    parent_id_token: token.parentIdToken ?? null,
    charge_points: JSON.stringify(token.chargePoints),
    allow_concurrent: token.allowConcurrent ? 1 : 0,
    note: token.note ?? null,
    language: token.language ?? null,
    created_at: token.createdAt,
    updated_at: token.updatedAt,
  };
}

function tokenOf(row: IdTokenTable): Token {
  return {
    idToken: row.id_token,
    ...(row.type === null ? {} : { type: row.type }),
    status: tokenStatuses.find((status) => status === row.status) ?? 'Invalid',
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    ...(row.parent_id_token === null ? {} : { parentIdToken: row.parent_id_token }),
    chargePoints: JSON.parse(row.charge_points) as string[],
    allowConcurrent: row.allow_concurrent === 1,
    ...(row.note === null ? {} : { note: row.note }),
    ...(row.language === null ? {} : { language: row.language }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
