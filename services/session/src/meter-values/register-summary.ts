import { sql } from 'kysely';
import type { SessionDatabase } from '../schema.ts';

/** What the import register did during a transaction, in Wh, in the order in which it was measured. */
export interface RegisterSummary {
  readings: number;
  first: number | null;
  last: number | null;
  highest: number | null;
  /** How often it read less than before. */
  drops: number;
}

/** Meters round differently in different messages: so much, in Wh, is no drop. */
const toleranceWh = 1;

export async function summariseRegister(
  database: SessionDatabase,
  { client, transactionRef }: { client: string; transactionRef: string },
): Promise<RegisterSummary> {
  // Many charge points give times in whole seconds, and late events come in any order: within one moment, a register rises.
  const order = sql.raw('measured_at, register_wh');
  const { rows } = await sql<Record<keyof RegisterSummary, number | null>>`
    select count(*) as readings, max(register_wh) as highest,
      max(case when place = 1 then register_wh end) as first,
      max(case when place_from_end = 1 then register_wh end) as last,
      sum(case when register_wh < previous - ${toleranceWh} then 1 else 0 end) as drops
    from (
      select register_wh, lag(register_wh) over (order by ${order}) as previous,
        row_number() over (order by ${order}) as place,
        row_number() over (order by measured_at desc, register_wh desc) as place_from_end
      from meter_value
      where client = ${client} and transaction_ref = ${transactionRef} and transaction_ref <> '' and register_wh is not null
    ) as readings`.execute(database);
  const [row] = rows;
  return {
    readings: Number(row?.readings ?? 0),
    first: row?.first ?? null,
    last: row?.last ?? null,
    highest: row?.highest ?? null,
    drops: Number(row?.drops ?? 0),
  };
}
