import type { ChargePointFilters } from '../../data/charge-points.ts';
import type { FilterValues } from '../../data/filter-codec.ts';
import { type ConnectorState, connectorStates, statusesOf } from '../../format/connector-state.ts';

/** What of this page is in its address. */
export const filterKinds = {
  q: 'text',
  state: 'list',
  protocol: 'text',
  tag: 'text',
  firmware: 'text',
} as const;

export type PageFilters = FilterValues<typeof filterKinds>;

const protocols = ['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'] as const;

/** States that can be filtered by: in 2.x a connector is no more than occupied. */
export const filterStates: readonly ConnectorState[] = [
  ...connectorStates.filter((state) => state !== 'offline'),
  'occupied',
];

/** In the words of the API. `online` and `offline` are of the charge point, all others of one of its connectors. */
export function apiFilters({ q, state = [], protocol, tag, firmware }: PageFilters): ChargePointFilters {
  const statuses = state.flatMap((one) => statusesOf(one as ConnectorState));
  const isOffline = state.includes('offline');
  const spoken = protocols.find((one) => one === protocol);
  return {
    ...(q === undefined ? {} : { q }),
    ...(isOffline ? { connected: false } : state.length > 0 ? { connected: true } : {}),
    ...(statuses.length > 0 && !isOffline ? { status: statuses } : {}),
    ...(spoken === undefined ? {} : { protocol: spoken }),
    ...(tag === undefined ? {} : { tag }),
    ...(firmware === undefined ? {} : { firmwareVersion: firmware }),
  };
}

export const isFiltered = (filters: PageFilters): boolean => Object.keys(filters).length > 0;

/** Offline and the states of connectors exclude each other: what was chosen last counts. */
export function toggleState(chosen: readonly string[], state: string): string[] {
  if (chosen.includes(state)) return chosen.filter((one) => one !== state);
  if (state === 'offline' || state === 'online') return [state];
  return [...chosen.filter((one) => one !== 'offline' && one !== 'online'), state];
}
