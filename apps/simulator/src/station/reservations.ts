import type { Connector } from './connector.ts';
import type { Station } from './context.ts';
import type { ConnectorStatus } from './dialect.ts';

export interface Reservation {
  id: number;
  token: string;
  group?: string;
  expiry: Date;
}

export type ReserveOutcome = 'Accepted' | 'Faulted' | 'Occupied' | 'Rejected' | 'Unavailable';

/** 1.6 §5.13, 2.x H01 to H04. */
export interface Reservations {
  reserve(connectorId: number, reservation: Reservation): ReserveOutcome;
  /** False: there is none with this id. */
  cancel(id: number): boolean;
  /** Undefined: it is free for everybody. */
  on(connector: Connector): Reservation | undefined;
  /** Whether this token may use the connector now. */
  mayUse(connector: Connector, token: string): boolean;
  /** The reservation that a transaction of this token uses up. */
  use(connector: Connector, token: string): Reservation | undefined;
}

export function createReservations(
  station: Station,
  report: (connector: Connector, status: ConnectorStatus) => Promise<void>,
): Reservations {
  const reserved = new Map<Connector, { reservation: Reservation; expiry: AbortController }>();

  function release(connector: Connector): Reservation | undefined {
    const place = reserved.get(connector);
    place?.expiry.abort();
    reserved.delete(connector);
    return place?.reservation;
  }

  function free(connector: Connector): void {
    release(connector);
    if (connector.status === 'Reserved') station.own(report(connector, 'Available'), 'StatusNotification');
  }

  async function expire(connector: Connector, { id, expiry }: Reservation, signal: AbortSignal): Promise<void> {
    await station.clock.sleep((expiry.getTime() - station.clock.now().getTime()) / 1000, signal);
    free(connector);
    station.say('reservation-expired', `reservation ${id} has expired`, { reservationId: id });
    const message = station.dialect.reservationExpired(id);
    if (message !== undefined && station.isOnline()) await station.tell(message);
  }

  const isFor = (reservation: Reservation, token: string) =>
    reservation.token === token ||
    (reservation.group !== undefined && station.authorization.known(token)?.group === reservation.group);

  return {
    reserve(connectorId, reservation) {
      const same = [...reserved].find(([, place]) => place.reservation.id === reservation.id)?.[0];
      const connector = station.connectors.find(
        ({ id, status }) => (connectorId === 0 || id === connectorId) && (connectorId !== 0 || status === 'Available'),
      );
      if (connector === undefined) return connectorId === 0 ? 'Occupied' : 'Rejected';
      if (!connector.isOperative) return 'Unavailable';
      if (connector !== same && (connector.status !== 'Available' || reserved.has(connector))) return 'Occupied';
      // 1.6 §5.13, H01.FR.02: the same id replaces.
      if (same !== undefined) release(same);
      const expiry = new AbortController();
      reserved.set(connector, { reservation, expiry });
      station.own(expire(connector, reservation, expiry.signal), 'expiry of a reservation');
      station.own(report(connector, 'Reserved'), 'StatusNotification');
      return 'Accepted';
    },
    cancel(id) {
      const connector = [...reserved].find(([, place]) => place.reservation.id === id)?.[0];
      if (connector === undefined) return false;
      free(connector);
      return true;
    },
    on: (connector) => reserved.get(connector)?.reservation,
    mayUse(connector, token) {
      const place = reserved.get(connector);
      return place === undefined || isFor(place.reservation, token);
    },
    use: (connector, token) => {
      const place = reserved.get(connector);
      return place !== undefined && isFor(place.reservation, token) ? release(connector) : undefined;
    },
  };
}
