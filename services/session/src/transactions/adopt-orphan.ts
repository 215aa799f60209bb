import type { MessageFacts } from '@ocpp-csms/calls';
import type { SessionContext } from '../context.ts';
import { parseFlags } from '../flags.ts';
import type { OrphanTable, SessionDatabase, TransactionTable } from '../schema.ts';
import { readTime } from '../times.ts';
import { moveEvidence } from './evidence.ts';
import { fits } from './find-stopped.ts';
import { applyStop, type Stop } from './stop.ts';
import { type StopRequest, stopOf } from './stop-transaction.ts';

/** The most orphans of one charge point that are looked at. */
const mostOrphans = 100;

/**
 * A stop may be here before its start: the start was parked, or the charge point gave up on it for a while. The one
 * orphan of this charge point that fits it ends it; with two that do, none is taken.
 */
export async function adoptOrphan(
  database: SessionDatabase,
  row: TransactionTable,
  facts: MessageFacts,
  context: SessionContext,
): Promise<void> {
  const orphans = await database
    .selectFrom('orphan_message')
    .selectAll()
    .where('client', '=', row.client)
    .where('adopted_by', 'is', null)
    .where('stopped_at', '>=', row.started_at)
    .orderBy('id', 'desc')
    .limit(mostOrphans)
    .execute();
  const fitting = orphans
    .map((orphan) => ({ orphan, stop: readOrphan(orphan, context) }))
    .filter(({ orphan, stop }) => isFor(row, orphan, stop));
  const [only] = fitting;
  if (only === undefined || fitting.length > 1) return;
  await applyStop(database, row, only.stop, ['matched-without-id'], { facts, context });
  await database.updateTable('orphan_message').set({ adopted_by: row.id }).where('id', '=', only.orphan.id).execute();
  await moveEvidence(database, only.orphan.id, row.id);
}

/** A foreign id stays for review. An id that is merely unknown must have the token to go by. */
function isFor(row: TransactionTable, orphan: OrphanTable, stop: Stop): boolean {
  const flags = parseFlags(orphan.flags);
  if (flags.includes('foreign-transaction-id')) return false;
  if (flags.includes('unknown-transaction-id') && stop.idToken === undefined) return false;
  return fits(row, stop);
}

function readOrphan({ client, request, received_at }: OrphanTable, context: SessionContext): Stop {
  const said = JSON.parse(request) as StopRequest;
  return stopOf(said, {
    client,
    receivedAt: received_at,
    time: readTime(said.timestamp, received_at, context.plausibleTimes),
  });
}
