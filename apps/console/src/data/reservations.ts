import type { Reservation } from '@ocpp-csms/api-client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from './api.ts';
import { keys } from './keys.ts';
import { usePages } from './pages.ts';

export interface ReservationFilters {
  chargePointId?: string;
  status?: Reservation['status'];
}

export const reservationStatuses = [
  'requested',
  'accepted',
  'refused',
  'used',
  'cancelled',
  'expired',
  'removed',
] as const;

export function useReservations(filters: ReservationFilters) {
  return usePages(keys.reservationList(filters), ({ place, signal }) =>
    api.get('/session/reservations', { query: { ...filters, limit: 100, ...place }, signal }),
  );
}

export interface ReservationChoice {
  chargePointId: string;
  connectorId?: number;
  evseId?: number;
  idToken: string;
  idTokenType?: string;
  expiresAt: string;
}

export function useReserve() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ReservationChoice) => api.post('/session/reservations', { body }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.reservations }),
  });
}

export function useCancelReservation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete('/session/reservations/{id}', { params: { id } }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.reservations }),
  });
}
