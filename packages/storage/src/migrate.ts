import { sql, type Transaction } from 'kysely';
import type { Engine, Migration } from './database.ts';
import { NewerData } from './newer-data.ts';
import { compareTextByBytes } from './postgres-collation.ts';

/** Runs `work` in one transaction. */
type Write = (work: (transaction: Transaction<unknown>) => Promise<void>) => Promise<void>;

export interface MigrateOptions {
  /** For the refusal: the path of the database, or where it is. */
  place: string;
  engine: Engine;
  migrations: readonly Migration[];
  write: Write;
  /** Milliseconds since 1970. */
  clock: () => number;
}

/** Applies what is missing, in the order of the names, each in a transaction of its own. Refuses a database that is newer than this program. */
export async function migrate({ place, engine, migrations, write, clock }: MigrateOptions): Promise<void> {
  const ordered = [...migrations].sort((one, other) => (one.name < other.name ? -1 : 1));
  refuseTwins(ordered);
  await write(async (transaction) => {
    await sql`CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL)`.execute(
      transaction,
    );
    refuseNewer(place, await appliedNames(transaction), ordered);
  });
  for (const migration of ordered) await write((transaction) => apply(transaction, migration, { engine, clock }));
}

/** Looks again inside the transaction: another process may have been faster. */
async function apply(
  transaction: Transaction<unknown>,
  migration: Migration,
  { engine, clock }: Pick<MigrateOptions, 'engine' | 'clock'>,
): Promise<void> {
  const applied = await appliedNames(transaction);
  if (applied.includes(migration.name)) return;
  await migration.up(transaction, engine);
  if (engine === 'postgresql') await compareTextByBytes(transaction);
  const appliedAt = new Date(clock()).toISOString();
  await sql`INSERT INTO migration (name, applied_at) VALUES (${migration.name}, ${appliedAt})`.execute(transaction);
}

async function appliedNames(transaction: Transaction<unknown>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`SELECT name FROM migration ORDER BY name`.execute(transaction);
  return rows.map(({ name }) => name);
}

function refuseNewer(place: string, applied: readonly string[], known: readonly Migration[]): void {
  const unknown = applied.filter((name) => !known.some((migration) => migration.name === name));
  if (unknown.length === 0) return;
  throw new NewerData(place, unknown);
}

function refuseTwins(ordered: readonly Migration[]): void {
  for (const [index, { name }] of ordered.entries()) {
    if (ordered[index + 1]?.name === name) throw new Error(`two migrations are called ${name}`);
  }
}
