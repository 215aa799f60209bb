import type { Bus } from '@ocpp-csms/bus';

export interface KnownChargePoint {
  networkId: string;
  chargePointId?: string;
  /** device-manager says that there is no such charge point. */
  isUnknown?: boolean;
  /** The subprotocol of its last connection, where device-manager tells. */
  protocol?: string;
}

/**
 * Finds the networkId of what a caller gives as chargePointId or networkId. When device-manager does not know it, or is
 * not there, the text itself is the networkId: the ledger outlives the registry.
 */
export async function resolveChargePoint(bus: Bus, id: string): Promise<KnownChargePoint> {
  try {
    const answer = (await bus.request(
      'device-manager.charge-point',
      { id },
      { timeoutMs: 2000 },
    )) as KnownChargePoint | null;
    return answer ?? { networkId: id, isUnknown: true };
  } catch {
    return { networkId: id };
  }
}
