/** How a connector is, in the words of the console: one palette, one icon, one word each. */
export const connectorStates = [
  'available',
  'preparing',
  'charging',
  'suspended',
  'finishing',
  'reserved',
  'unavailable',
  'faulted',
  'offline',
] as const;
export type ConnectorState = (typeof connectorStates)[number] | 'occupied' | 'unknown';

const byStatus: Readonly<Record<string, ConnectorState>> = {
  Available: 'available',
  Preparing: 'preparing',
  Charging: 'charging',
  SuspendedEV: 'suspended',
  SuspendedEVSE: 'suspended',
  Finishing: 'finishing',
  Reserved: 'reserved',
  Unavailable: 'unavailable',
  Faulted: 'faulted',
  Occupied: 'occupied',
};

/** 2.x: `Occupied` says no more than that a cable is in; the transaction says what goes on. */
const byChargingState: Readonly<Record<string, ConnectorState>> = {
  Charging: 'charging',
  EVConnected: 'preparing',
  SuspendedEV: 'suspended',
  SuspendedEVSE: 'suspended',
  Idle: 'finishing',
};

export function stateOf(
  { status }: { status: string },
  { connected, chargingState }: { connected: boolean; chargingState?: string | undefined },
): ConnectorState {
  if (!connected) return 'offline';
  const state = Object.hasOwn(byStatus, status) ? (byStatus[status] ?? 'unknown') : 'unknown';
  if (state === 'occupied' && chargingState !== undefined) return byChargingState[chargingState] ?? state;
  return state;
}

/** Which OCPP statuses a state stands for, to filter by. */
export function statusesOf(state: ConnectorState): string[] {
  return Object.entries(byStatus)
    .filter(([, own]) => own === state)
    .map(([status]) => status);
}

/** What the charge point said, where that says more than the state. */
export const statusWords: Readonly<Record<string, string>> = {
  SuspendedEV: 'the vehicle does not draw',
  SuspendedEVSE: 'the charge point does not deliver',
  Occupied: 'a cable is plugged in',
};
