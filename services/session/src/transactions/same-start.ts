import type { FlagCode } from '../flags.ts';
import type { SessionDatabase, TransactionTable } from '../schema.ts';
import { lastBootOf } from './boots.ts';
import type { Start } from './read-start.ts';

export interface SameStart {
  /** The transaction that this start has begun before. */
  transaction?: TransactionTable;
  /** For a new one: the place among those with the same key. */
  generation: number;
  flags: readonly FlagCode[];
}

/** Longer than any charge point repeats a start without a reboot in between and less than a session. */
const repeatMinutes = 10;

/**
 * The natural key says: connector, token, time as text, meter (field-faults row 33). With a clock that is not set it
 * says less: a charge point that begins at 1970 after each boot sends the same start for another session (row 35).
 * Then it is a new session if the charge point booted since, and the known one had ended by then, or had begun long
 * before; both are flagged. Everything else is a repeat.
 */
export async function findSameStart(database: SessionDatabase, start: Start): Promise<SameStart> {
  const known = await database
    .selectFrom('charging_transaction')
    .selectAll()
    .where('client', '=', start.client)
    .where('start_key', '=', start.key)
    .orderBy('start_generation', 'desc')
    .executeTakeFirst();
  if (known === undefined) return { generation: 0, flags: [] };
  const generation = (known.start_generation ?? 0) + 1;
  if (!start.time.flags.includes('implausible-time')) return { transaction: known, generation, flags: [] };
  const bootedAt = await lastBootOf(database, start.client);
  if (!isNewSession(known, start.receivedAt, bootedAt)) return { transaction: known, generation, flags: [] };
  return { generation, flags: ['weak-clock-new-session'] };
}

function isNewSession(known: TransactionTable, receivedAt: string, bootedAt: string | undefined): boolean {
  if (bootedAt === undefined || bootedAt <= known.start_received_at) return false;
  if (known.stop_received_at !== null) return known.stop_received_at < bootedAt;
  return Date.parse(receivedAt) - Date.parse(known.start_received_at) > repeatMinutes * 60_000;
}
