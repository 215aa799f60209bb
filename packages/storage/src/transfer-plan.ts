import type { Migration } from './database.ts';

/**
 * What of a service's database moves when everything is exported and imported (apps/transfer). The service says it,
 * since it owns its tables; a test compares it with what the migrations make.
 */
export interface TransferPlan {
  /** As in `OpenOptions.name`. */
  database: string;
  migrations: readonly Migration[];
  /** In the order in which they are written: what must never be missing beside the others comes first. */
  tables: readonly TransferTable[];
  /** The other tables of the database, and why they stay. */
  leftOut: Readonly<Record<string, string>>;
}

export interface TransferTable {
  name: string;
  /** The columns of the primary key: rows are read in their order. */
  key: readonly string[];
  /** What becomes of a row whose key is in the target already. By default the target keeps what it has. */
  whenThere?: WhenThere;
  /** Has rows before anybody did anything: they do not make a target count as used. */
  startsFilled?: true;
}

export type WhenThere =
  /** A counter: the higher `column` stays, so that nothing is given out twice. */
  | { keep: 'highest'; column: string }
  /** Must be the same as in the file. As long as `replacedWhileEmpty` has no row, the target's is replaced. */
  | { keep: 'same'; replacedWhileEmpty: string; refusal: string };
