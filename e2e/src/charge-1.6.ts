import type { RequestOf } from '@ocpp-csms/ocpp';
import type { ChargePointClient } from '@ocpp-csms/testing';
import { expect } from 'vitest';
import { now } from './scenes.ts';

type ChargePoint = ChargePointClient<'ocpp1.6'>;
type Status = RequestOf<'ocpp1.6', 'StatusNotification'>['status'];
type StopReason = RequestOf<'ocpp1.6', 'StopTransaction'>['reason'];

/** The reusable states of the OCA test cases. */

/** BootNotification accepted, connectors 0 and 1 reported. */
export async function boot(chargePoint: ChargePoint): Promise<void> {
  const answer = await chargePoint.call('BootNotification', {
    chargePointVendor: 'Acme',
    chargePointModel: 'One',
    firmwareVersion: '1.0',
  });
  expect(answer.status).toBe('Accepted');
  for (const connectorId of [0, 1]) await report(chargePoint, 'Available', { connectorId });
}

export async function report(
  chargePoint: ChargePoint,
  status: Status,
  more: Partial<RequestOf<'ocpp1.6', 'StatusNotification'>> = {},
): Promise<void> {
  const answer = await chargePoint.call('StatusNotification', {
    connectorId: 1,
    errorCode: 'NoError',
    status,
    timestamp: now(),
    ...more,
  });
  expect(answer).toEqual({});
}

export async function authorize(chargePoint: ChargePoint, idTag: string): Promise<string> {
  const { idTagInfo } = await chargePoint.call('Authorize', { idTag });
  return idTagInfo.status;
}

export interface StartOptions {
  connectorId?: number;
  meterStart?: number;
  timestamp?: string;
  reservationId?: number;
}

export async function startTransaction(
  chargePoint: ChargePoint,
  idTag: string,
  { connectorId = 1, meterStart = 1000, timestamp = now(), ...more }: StartOptions = {},
): Promise<{ transactionId: number; status: string }> {
  const { transactionId, idTagInfo } = await chargePoint.call('StartTransaction', {
    connectorId,
    idTag,
    meterStart,
    timestamp,
    ...more,
  });
  expect(transactionId).toBeGreaterThan(0);
  return { transactionId, status: idTagInfo.status };
}

/** Authorized, plugged in, started: returns the transaction id. */
export async function charge(chargePoint: ChargePoint, idTag: string, options: StartOptions = {}): Promise<number> {
  expect(await authorize(chargePoint, idTag)).toBe('Accepted');
  await report(chargePoint, 'Preparing', { connectorId: options.connectorId ?? 1 });
  const { transactionId, status } = await startTransaction(chargePoint, idTag, options);
  expect(status).toBe('Accepted');
  await report(chargePoint, 'Charging', { connectorId: options.connectorId ?? 1 });
  return transactionId;
}

export async function meterValues(chargePoint: ChargePoint, transactionId: number, energyWh: number): Promise<void> {
  const answer = await chargePoint.call('MeterValues', {
    connectorId: 1,
    transactionId,
    meterValue: [
      {
        timestamp: now(),
        sampledValue: [{ value: String(energyWh), measurand: 'Energy.Active.Import.Register', unit: 'Wh' }],
      },
    ],
  });
  expect(answer).toEqual({});
}

export interface StopOptions {
  meterStop?: number;
  reason?: StopReason;
  idTag?: string;
  timestamp?: string;
}

export async function stopTransaction(
  chargePoint: ChargePoint,
  transactionId: number,
  { meterStop = 6000, timestamp = now(), reason, idTag }: StopOptions = {},
): Promise<RequestOf<'ocpp1.6', 'StopTransaction'> | object> {
  return chargePoint.call('StopTransaction', {
    transactionId,
    meterStop,
    timestamp,
    ...(reason === undefined ? {} : { reason }),
    ...(idTag === undefined ? {} : { idTag }),
  });
}
