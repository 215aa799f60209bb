import { useQuery } from '@tanstack/react-query';
import { api } from './api.ts';
import type { ChargePointPage } from './charge-point-cache.ts';
import { keys } from './keys.ts';
import { usePages } from './pages.ts';

export interface ChargePointFilters {
  q?: string;
  connected?: boolean;
  status?: string[];
  protocol?: 'ocpp1.6' | 'ocpp2.0.1' | 'ocpp2.1';
  tag?: string;
  firmwareVersion?: string;
}

const pageSize = 200;

/** The list in the order of names, page by page as it is scrolled. */
export function useChargePoints(filters: ChargePointFilters) {
  return usePages(
    keys.chargePointList(filters),
    ({ place, signal }): Promise<ChargePointPage> =>
      api.get('/device-manager/charge-points', {
        query: { ...filters, sort: 'name', limit: pageSize, ...place },
        signal,
      }),
  );
}

export function useChargePoint(id: string, enabled = true) {
  return useQuery({
    queryKey: keys.chargePoint(id),
    queryFn: ({ signal }) => api.get('/device-manager/charge-points/{id}', { params: { id }, signal }),
    enabled,
  });
}

/** What there is to know of each connector: errors, what the vendor says, since when. */
export function useConnectors(networkId: string) {
  return useQuery({
    queryKey: keys.connectors(networkId),
    queryFn: ({ signal }) =>
      api.get('/device-manager/charge-points/{id}/connectors', { params: { id: networkId }, signal }),
  });
}

export function useBoots(networkId: string) {
  return useQuery({
    queryKey: keys.boots(networkId),
    queryFn: ({ signal }) =>
      api.get('/device-manager/charge-points/{id}/boots', { params: { id: networkId }, query: { limit: 5 }, signal }),
  });
}

export function useSummary() {
  return useQuery({
    queryKey: keys.summary,
    queryFn: ({ signal }) => api.get('/device-manager/summary', { signal }),
  });
}

const mostFound = 8;

/** A few that fit what was typed, for the palette. */
export function useFoundChargePoints(text: string) {
  return useQuery({
    queryKey: ['charge-points', 'found', text],
    queryFn: ({ signal }) =>
      api.get('/device-manager/charge-points', {
        query: { ...(text === '' ? {} : { q: text }), sort: 'name', limit: mostFound },
        signal,
      }),
    placeholderData: (before) => before,
  });
}
