import type { Bus } from '@ocpp-csms/bus';
import type { Clock } from '@ocpp-csms/runtime';
import type { Database } from '@ocpp-csms/storage';
import type { Kysely } from 'kysely';
import type { SessionSchema } from '../schema.ts';

export interface ExpiryOptions {
  database: Database<SessionSchema>;
  bus: Bus;
  clock: Clock;
  newId: () => string;
  node: string;
}

/** 1.6 charge points do not say that a reservation has expired (1.6 §5.13): its time says it. */
export async function expireReservations({ database, bus, clock, newId, node }: ExpiryOptions): Promise<void> {
  const now = clock.now().toISOString();
  // One statement: what several nodes find, one of them gets.
  const expire = (transaction: Kysely<SessionSchema>) =>
    transaction
      .updateTable('reservation')
      .set({ status: 'expired', updated_at: now })
      .where('status', 'in', ['accepted', 'requested'])
      .where('expires_at', '<', now)
      .returning(['client', 'reservation_id'])
      .execute();
  const expired = await database.write(expire, { beside: [] });
  for (const { client, reservation_id } of expired) {
    const data = { reservationId: Number(reservation_id), status: 'expired' };
    await bus.publish('Events', {
      id: newId(),
      serverNode: node,
      client,
      messageTime: now,
      event: 'ReservationChanged',
      data,
    });
  }
}
