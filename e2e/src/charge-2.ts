import { randomUUID } from 'node:crypto';
import type { RequestOf, ResponseOf } from '@ocpp-csms/ocpp';
import type { ChargePointClient } from '@ocpp-csms/testing';
import { expect } from 'vitest';
import { now } from './scenes.ts';

export const versions2 = ['ocpp2.0.1', 'ocpp2.1'] as const;
export type Version2 = (typeof versions2)[number];
type ChargePoint = ChargePointClient<Version2>;
type EventRequest = RequestOf<'ocpp2.0.1', 'TransactionEvent'>;

/** BootNotification accepted, the connector of EVSE 1 reported. */
export async function boot(chargePoint: ChargePoint): Promise<void> {
  const chargingStation = { vendorName: 'Acme', model: 'Two', firmwareVersion: '2.0' };
  const answer = await chargePoint.call('BootNotification', { reason: 'PowerUp', chargingStation });
  expect(answer).toMatchObject({ status: 'Accepted', interval: expect.any(Number) });
  await report(chargePoint, 'Available');
}

export async function report(
  chargePoint: ChargePoint,
  connectorStatus: RequestOf<'ocpp2.0.1', 'StatusNotification'>['connectorStatus'],
): Promise<void> {
  expect(
    await chargePoint.call('StatusNotification', { timestamp: now(), connectorStatus, evseId: 1, connectorId: 1 }),
  ).toEqual({});
}

export const idTokenOf = (idToken: string) => ({ idToken, type: 'ISO14443' as const });

export async function authorize(chargePoint: ChargePoint, idToken: string): Promise<string> {
  const { idTokenInfo } = await chargePoint.call('Authorize', { idToken: idTokenOf(idToken) });
  return idTokenInfo.status;
}

export const energy = (
  value: number,
  context: 'Transaction.Begin' | 'Transaction.End' | 'Sample.Periodic' = 'Sample.Periodic',
) => [
  {
    timestamp: now(),
    sampledValue: [
      { value, context, measurand: 'Energy.Active.Import.Register' as const, unitOfMeasure: { unit: 'Wh' } },
    ],
  },
];

type More = Partial<Omit<EventRequest, 'transactionInfo'>> & { info?: Partial<EventRequest['transactionInfo']> };

export interface Transaction2 {
  readonly transactionId: string;
  /** The payload of the next event: numbers itself. */
  event(eventType: EventRequest['eventType'], triggerReason: EventRequest['triggerReason'], more?: More): EventRequest;
  /** Builds the next event and sends it. */
  send(
    eventType: EventRequest['eventType'],
    triggerReason: EventRequest['triggerReason'],
    more?: More,
  ): Promise<ResponseOf<Version2, 'TransactionEvent'>>;
}

/** A transaction of EVSE 1 as the charge point sees it. */
export function transactionOn(chargePoint: ChargePoint, transactionId: string = randomUUID()): Transaction2 {
  let seqNo = 0;
  const event: Transaction2['event'] = (eventType, triggerReason, { info, ...more } = {}) => ({
    eventType,
    triggerReason,
    timestamp: now(),
    seqNo: seqNo++,
    transactionInfo: { transactionId, ...info },
    evse: { id: 1, connectorId: 1 },
    ...more,
  });
  return {
    transactionId,
    event,
    send: (eventType, triggerReason, more) =>
      chargePoint.call('TransactionEvent', event(eventType, triggerReason, more)),
  };
}

/** Started with this token and accepted. */
export async function startCharging(
  chargePoint: ChargePoint,
  idToken: string,
  meterStart = 1000,
): Promise<Transaction2> {
  const transaction = transactionOn(chargePoint);
  const { idTokenInfo } = await transaction.send('Started', 'Authorized', {
    idToken: idTokenOf(idToken),
    meterValue: energy(meterStart, 'Transaction.Begin'),
    info: { chargingState: 'Charging' },
  });
  expect(idTokenInfo?.status).toBe('Accepted');
  return transaction;
}
