import type { Charging } from '@ocpp-csms/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api } from './api.ts';
import { keys } from './keys.ts';

/** Meter values are no events: what is drawn is asked for this often while somebody looks. */
const everyMs = 10_000;
/** As many as the API takes. */
const mostAtOnce = 500;

/** What is drawn at these charge points, by networkId. */
export function useChargingAt(networkIds: readonly string[]) {
  const asked = networkIds.slice(0, mostAtOnce);
  return useQuery({
    queryKey: keys.chargingAt(asked),
    queryFn: async ({ signal }) => {
      const { items } = await api.get('/session/charging', {
        query: { networkId: [...asked], limit: 1000 },
        signal,
      });
      return Map.groupBy(items, ({ networkId }) => networkId);
    },
    enabled: asked.length > 0,
    refetchInterval: everyMs,
    placeholderData: keepPreviousData,
    // A map is no JSON: nothing of the answer before is taken over.
    structuralSharing: false,
  });
}

export interface Outlet {
  evseId?: number | undefined;
  connectorId: number;
}

/** Which of them is at this connector. 1.6 names the connector, 2.x the EVSE and often no connector. */
export function chargingAtOutlet(
  all: readonly Charging[] | undefined,
  { evseId, connectorId }: Outlet,
): Charging | undefined {
  return all?.find((one) =>
    evseId === undefined
      ? one.connectorId === connectorId
      : one.evseId === evseId && (one.connectorId === undefined || one.connectorId === connectorId),
  );
}

export function useTransactionsOf(networkId: string) {
  return useQuery({
    queryKey: keys.transactionsOf(networkId),
    queryFn: ({ signal }) =>
      api.get('/session/transactions', { query: { chargePointId: networkId, limit: 10 }, signal }),
  });
}

/** More than this is thinned out before it is drawn, and is asked for page by page. */
const mostReadings = 5000;

export function useMeterValues(transactionId: string, isActive: boolean, enabled = true) {
  return useQuery({
    enabled,
    queryKey: keys.meterValues(transactionId),
    queryFn: async ({ signal }) => {
      const readings = [];
      const request = { params: { id: transactionId }, query: { limit: 1000 }, signal };
      for await (const reading of api.each('/session/transactions/{id}/meter-values', request)) {
        readings.push(reading);
        if (readings.length >= mostReadings) break;
      }
      return readings;
    },
    refetchInterval: isActive ? everyMs : false,
  });
}
