import type { BulkStatement, SqlValue } from '@ocpp-csms/storage';
import { type RawBuilder, sql } from 'kysely';

/** An insert of rows, for a bulk and for a transaction. */
export interface Insert {
  /** `INSERT INTO table (columns)` */
  into: string;
  columns: number;
  /** `ON CONFLICT …` */
  otherwise: string;
}

export function bulkInsert(
  { into, columns, otherwise }: Insert,
  rows: readonly (readonly SqlValue[])[],
): BulkStatement {
  const marks = Array.from({ length: columns }, () => '?').join(', ');
  return { sql: `${into} VALUES (${marks}) ${otherwise}`, rows };
}

/** All rows in one statement: PostgreSQL takes 65,535 values in one. */
export function insertOf({ into, otherwise }: Insert, rows: readonly (readonly SqlValue[])[]): RawBuilder<unknown> {
  const values = rows.map((row) => sql`(${sql.join([...row])})`);
  return sql`${sql.raw(into)} VALUES ${sql.join(values)} ${sql.raw(otherwise)}`;
}
