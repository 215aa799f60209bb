import type { DomainEvent } from '@ocpp-csms/bus';
import type { PasswordDigest } from '@ocpp-csms/cache';
import { sql } from 'kysely';
import type { DeviceContext, Writer } from '../context.ts';
import type { RefusedConnectionTable } from '../schema.ts';

const longestId = 200;
const longestText = 500;
const mostSubprotocols = 10;
const mostDigests = 4;
/** More than are ever kept. SQLite has no offset without a limit. */
const manyMore = 1_000_000;

/** Keeps the refusals of a batch, one row for each networkId, and no more rows than `remembered`. */
export async function rememberRefusals(
  events: readonly DomainEvent[],
  remembered: number,
  { tx, rowLocks }: Pick<DeviceContext, 'tx' | 'rowLocks'>,
): Promise<void> {
  if (remembered === 0) return;
  for (const refusal of merge(events).values()) await rememberOne(refusal, tx);
  await forgetOldest(remembered, tx, rowLocks);
}

/** An attacker sends many in one batch: those of one networkId are one row. */
function merge(events: readonly DomainEvent[]): Map<string, RefusedConnectionTable> {
  const merged = new Map<string, RefusedConnectionTable>();
  for (const event of events) {
    const refusal = refusalOf(event);
    const before = merged.get(refusal.network_id);
    if (before) {
      refusal.count += before.count;
      refusal.first_at = before.first_at;
      if (isToldByNumber(refusal) && before.remote_address === refusal.remote_address)
        refusal.password_digests = before.password_digests;
    }
    merged.set(refusal.network_id, refusal);
  }
  return merged;
}

function refusalOf({ client, messageTime, data }: DomainEvent): RefusedConnectionTable {
  return {
    network_id: client.slice(0, longestId),
    reason: text(data.reason) ?? 'unknown-charge-point',
    words: text(data.words) ?? '',
    status: typeof data.status === 'number' ? data.status : 401,
    remote_address: text(data.remoteAddress),
    path: text(data.path),
    subprotocols: JSON.stringify(listOf(data.subprotocols).slice(0, mostSubprotocols).map(text)),
    credentials: data.credentials === 'basic' ? 'basic' : 'none',
    password_digests: JSON.stringify(digestsIn(data.passwordDigests)),
    count: typeof data.count === 'number' && data.count > 0 ? data.count : 1,
    first_at: messageTime,
    last_at: messageTime,
  };
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value.slice(0, longestText) : null);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** What is not a digest is left out. */
export function digestsIn(value: unknown): PasswordDigest[] {
  return listOf(value)
    .filter(
      (item): item is PasswordDigest =>
        typeof item === 'object' &&
        item !== null &&
        'salt' in item &&
        'digest' in item &&
        typeof item.salt === 'string' &&
        typeof item.digest === 'string',
    )
    .slice(0, mostDigests)
    .map(({ salt, digest }) => ({ salt, digest }));
}

/** Repeats are told by their number alone, without what is offered: it is what was offered first. */
function isToldByNumber({ password_digests, credentials }: RefusedConnectionTable): boolean {
  return password_digests === '[]' && credentials === 'basic';
}

/** From another address it may be another password: whom the operator sees is whose password he adopts. */
function digestsOfAddress({ remote_address }: RefusedConnectionTable) {
  return sql<string>`case when refused_connection.remote_address = ${remote_address} then refused_connection.password_digests else '[]' end`;
}

async function rememberOne(refusal: RefusedConnectionTable, tx: Writer): Promise<void> {
  const { network_id: _id, first_at: _first, count, password_digests, ...latest } = refusal;
  const digests = { password_digests: isToldByNumber(refusal) ? digestsOfAddress(refusal) : password_digests };
  await tx
    .insertInto('refused_connection')
    .values(refusal)
    .onConflict((on) =>
      on.column('network_id').doUpdateSet({ ...latest, ...digests, count: sql`refused_connection.count + ${count}` }),
    )
    .execute();
}

/** What another batch is writing is not among the oldest, and is not waited for: it may wait for this one. */
async function forgetOldest(remembered: number, tx: Writer, rowLocks: boolean): Promise<void> {
  await tx
    .deleteFrom('refused_connection')
    .where('network_id', 'in', (select) =>
      select
        .selectFrom('refused_connection')
        .select('network_id')
        .orderBy('last_at', 'desc')
        .orderBy('network_id')
        .limit(manyMore)
        .offset(remembered)
        .$if(rowLocks, (oldest) => oldest.forUpdate().skipLocked()),
    )
    .execute();
}
