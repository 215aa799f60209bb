import type { MessageFacts } from '@ocpp-csms/calls';
import type { SessionContext } from '../context.ts';
import type { ReservationTable, SessionDatabase, TransactionTable } from '../schema.ts';

export const reservationStatuses = [
  /** ReserveNow is on its way, or its outcome is not known. */
  'requested',
  'accepted',
  /** The charge point said Faulted, Occupied, Unavailable or Rejected; `detail` says which. */
  'refused',
  'used',
  'cancelled',
  'expired',
  /** 2.x: the charge point gave it up. */
  'removed',
] as const;
export type ReservationStatus = (typeof reservationStatuses)[number];

/** Those that may still change by themselves. */
const live: readonly ReservationStatus[] = ['requested', 'accepted'];

export async function findReservation(
  database: SessionDatabase,
  client: string,
  reservationId: number,
): Promise<ReservationTable | undefined> {
  return database
    .selectFrom('reservation')
    .selectAll()
    .where('client', '=', client)
    .where('reservation_id', '=', reservationId)
    .executeTakeFirst();
}

/** Adds it, or replaces one with the same id: a charge point keeps one for each id (1.6 §5.13). */
export async function saveReservation(database: SessionDatabase, row: ReservationTable): Promise<void> {
  const { client: _, reservation_id: __, created_at: ___, ...changes } = row;
  await database
    .insertInto('reservation')
    .values(row)
    .onConflict((conflict) => conflict.columns(['client', 'reservation_id']).doUpdateSet(changes))
    .execute();
}

/** Returns whether anything changed: what is over stays over. */
export async function setReservationStatus(
  database: SessionDatabase,
  { client, reservationId }: { client: string; reservationId: number },
  { status, detail, at, usedBy }: { status: ReservationStatus; detail?: string; at: string; usedBy?: string },
): Promise<boolean> {
  const changed = await database
    .updateTable('reservation')
    .set({ status, detail: detail ?? null, updated_at: at, ...(usedBy === undefined ? {} : { used_by: usedBy }) })
    .where('client', '=', client)
    .where('reservation_id', '=', reservationId)
    // A charge point may tell of an expired reservation that was used just before.
    .where('status', 'in', status === 'used' ? [...live, 'expired'] : live)
    .where('status', '!=', status)
    .returning('client')
    .executeTakeFirst();
  return changed !== undefined;
}

/** The transaction ends the reservation that it names, if it is one of the same charge point (1.6 §4.8, H03). */
export async function useReservation(
  database: SessionDatabase,
  { client, reservation_id, id }: TransactionTable,
  { emit }: Pick<MessageFacts, 'emit'>,
  { clock }: Pick<SessionContext, 'clock'>,
): Promise<void> {
  if (reservation_id === null) return;
  const at = clock.now().toISOString();
  const reservationId = reservation_id;
  if (await setReservationStatus(database, { client, reservationId }, { status: 'used', at, usedBy: id })) {
    emit('ReservationChanged', { reservationId, status: 'used' });
  }
}
