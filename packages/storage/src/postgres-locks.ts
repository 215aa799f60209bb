import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';

/**
 * Who may write at the same time, over all processes, by advisory locks of the transaction. A write that names nothing
 * holds the lock of the whole schema; one with keys shares that lock and holds those of its keys. They are taken as the
 * first thing, in one trip with `begin` and in one order, so that nobody waits for each other in a circle; each later
 * statement (read committed) sees what the holders before have committed.
 */
export function beginStatements(schema: string, beside?: readonly string[]): string {
  const whole = lockNumber(schema);
  if (beside === undefined) return `begin read write; select pg_advisory_xact_lock(${whole})`;
  const numbers = [...new Set(beside)].map((key) => lockNumber(`${schema} ${key}`)).sort(ascending);
  const keys = numbers.length === 0 ? '' : `; select pg_advisory_xact_lock(n) from unnest('{${numbers}}'::bigint[]) n`;
  return `begin read write; select pg_advisory_xact_lock_shared(${whole})${keys}`;
}

/**
 * Takes a lock until the end of the transaction, on PostgreSQL alone; false when another transaction has it. It never
 * waits, and so never in a circle.
 */
export async function tryLock<Schema>(transaction: Kysely<Schema>, name: string): Promise<boolean> {
  // As text: JavaScript's numbers have 53 bits.
  const number = sql.raw(`${lockNumber(`${name} (tried)`)}`);
  const { rows } = await sql<{ taken: number }>`select pg_try_advisory_xact_lock(${number}) as taken`.execute(
    transaction,
  );
  return rows[0]?.taken === 1;
}

/** 64 bits: two keys that share one by chance wait for each other, nothing worse. */
function lockNumber(name: string): bigint {
  return createHash('sha256').update(`ocpp-csms ${name}`).digest().readBigInt64BE();
}

function ascending(one: bigint, other: bigint): number {
  return one < other ? -1 : 1;
}
