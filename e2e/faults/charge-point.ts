import { randomUUID } from 'node:crypto';
import { connectChargePoint, type TestChargePoint, type TestChargePointOptions } from '@ocpp-csms/testing';
import { password } from '../src/registry.ts';

type Version = 'ocpp1.6' | 'ocpp2.0.1';

const bootOf = {
  'ocpp1.6': { chargePointVendor: 'Fault', chargePointModel: 'One' },
  'ocpp2.0.1': { reason: 'PowerUp', chargingStation: { vendorName: 'Fault', model: 'Two' } },
};

/** Connected and booted. */
export async function joined<V extends Version = 'ocpp1.6'>(
  options: Partial<TestChargePointOptions<V>> & { url: string; networkId: string },
): Promise<TestChargePoint<V>> {
  const protocol = options.protocol ?? ('ocpp1.6' as V);
  const chargePoint = await connectChargePoint<V>({ password, ...options, protocol });
  await chargePoint.callAs(randomUUID(), 'BootNotification', bootOf[protocol]);
  return chargePoint;
}

export const now = () => new Date().toISOString();

/** A CALL, under a message id of its own. */
export function say(chargePoint: Pick<TestChargePoint, 'callAs'>, action: string, payload: unknown): Promise<unknown> {
  return chargePoint.callAs(randomUUID(), action, payload);
}

export async function startTransaction(
  chargePoint: TestChargePoint<'ocpp1.6'>,
  idTag: string,
  meterStart: number,
): Promise<number> {
  const answer = await say(chargePoint, 'StartTransaction', { connectorId: 1, idTag, meterStart, timestamp: now() });
  return (answer as { transactionId: number }).transactionId;
}

export async function stopTransaction(
  chargePoint: TestChargePoint<'ocpp1.6'>,
  transactionId: number,
  meterStop: number,
): Promise<void> {
  await say(chargePoint, 'StopTransaction', { transactionId, meterStop, timestamp: now() });
}
