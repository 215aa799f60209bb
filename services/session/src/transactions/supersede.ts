import { parseFlags, withFlags } from '../flags.ts';
import type { SessionDatabase, TransactionTable } from '../schema.ts';
import { updateTransaction } from './ledger.ts';

/**
 * A connector has one transaction at a time: when another begins there, the one before is over, though nobody said so.
 * It is closed without an end (`stoppedAt` stays open) and flagged; when its end arrives after all, that counts.
 * A transaction that began later than this one is left alone: then this one is told late.
 */
export async function supersede(database: SessionDatabase, begun: TransactionTable, now: string): Promise<void> {
  const place = begun.dialect === '1.6' ? 'connector_id' : 'evse_id';
  const outlet = begun[place];
  // Connector 0 is the charge point as a whole: nothing can be said of it.
  if (outlet === null || outlet === 0) return;
  const earlier = await database
    .selectFrom('charging_transaction')
    .select(['id', 'flags'])
    .where('client', '=', begun.client)
    .where('dialect', '=', begun.dialect)
    .where('active', '=', 1)
    .where(place, '=', outlet)
    .where('id', '!=', begun.id)
    .where('started_at', '<=', begun.started_at)
    .execute();
  for (const { id, flags } of earlier) {
    const flagged = JSON.stringify(withFlags(parseFlags(flags), 'no-stop-received'));
    await updateTransaction(database, id, { active: 0, flags: flagged, updated_at: now });
  }
}
