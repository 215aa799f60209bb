import { onMessage } from '../handlers.ts';
import { type ReservationStatus, setReservationStatus } from './reservation-store.ts';

const statuses: ReadonlyMap<string, ReservationStatus> = new Map([
  ['Expired', 'expired'],
  ['Removed', 'removed'],
]);

/** H04.FR.01, H01.FR.16 (TC_H_20): the charge point ended a reservation by itself. Another one's reservation is not touched. */
export const reservationStatusUpdate = onMessage(
  ['ocpp2.0.1', 'ocpp2.1'],
  'ReservationStatusUpdate',
  async ({ request, networkId, emit }, context) => {
    const { reservationId, reservationUpdateStatus } = request;
    const status = statuses.get(reservationUpdateStatus);
    if (status === undefined) return;
    const at = context.clock.now().toISOString();
    const change = { status, detail: reservationUpdateStatus, at };
    if (await setReservationStatus(await context.begin(), { client: networkId, reservationId }, change)) {
      emit('ReservationChanged', { reservationId, status });
    }
  },
);
