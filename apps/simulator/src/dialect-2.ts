import { isJsonObject, type JsonObject } from '@ocpp-csms/ocpp';
import type { TokenInfo } from './station/authorization.ts';
import type { Dialect, Moment, SampleContext, StopReason, Transaction } from './station/dialect.ts';
import type { Message } from './station/message.ts';
import { measurandsOf, readings } from './station/meter.ts';

/** OCPP 2.0.1 and 2.1; each EVSE has one connector. */
export const dialect2: Dialect = {
  boot: (id, reason, firmwareVersion) => ({
    action: 'BootNotification',
    payload: {
      reason,
      chargingStation: {
        vendorName: 'ocpp-csms',
        model: 'Simulator',
        serialNumber: id.slice(0, 25),
        firmwareVersion,
      },
    },
  }),
  heartbeat: () => ({ action: 'Heartbeat', payload: {} }),
  status: (evseId, status, now) => ({
    action: 'StatusNotification',
    payload: {
      timestamp: now.toISOString(),
      connectorStatus:
        status === 'Available' || status === 'Unavailable' || status === 'Reserved' ? status : 'Occupied',
      evseId,
      connectorId: 1,
    },
  }),
  authorize: (token) => ({ action: 'Authorize', payload: { idToken: idToken(token) } }),
  tokenInfo: ({ idTokenInfo }) => (isJsonObject(idTokenInfo) ? tokenInfo2(idTokenInfo) : undefined),
  started: (transaction, moment) => {
    const { token, remoteStartId, reservationId } = transaction;
    return event(transaction, moment, {
      eventType: 'Started',
      triggerReason: remoteStartId === undefined ? 'Authorized' : 'RemoteStart',
      context: 'Transaction.Begin',
      info: { chargingState: 'Charging', ...(remoteStartId === undefined ? {} : { remoteStartId }) },
      more: { idToken: idToken(token), ...(reservationId === undefined ? {} : { reservationId }) },
    });
  },
  transactionId: () => undefined,
  metered: (transaction, moment, context, settings) =>
    event(transaction, moment, {
      eventType: 'Updated',
      triggerReason: triggerOf[context] ?? 'MeterValuePeriodic',
      context,
      measurands: measurandsOf(context, settings),
    }),
  stateChanged: (transaction, moment, chargingState) =>
    event(transaction, moment, {
      eventType: 'Updated',
      triggerReason: 'ChargingStateChanged',
      context: 'Sample.Periodic',
      info: { chargingState },
    }),
  stopped: (transaction, moment, reason, settings) =>
    event(transaction, moment, {
      eventType: 'Ended',
      triggerReason: triggers[reason] ?? 'StopAuthorized',
      context: 'Transaction.End',
      measurands: settings.text('sampledAtEnd') || 'Energy.Active.Import.Register',
      info: { stoppedReason: stoppedReasons[reason] },
    }),
  meterValues: (evseId, moment, context, settings) => ({
    action: 'MeterValues',
    payload: { evseId, meterValue: meterValue2(moment, context, measurandsOf(context, settings)) },
  }),
  securityEvent: (type, now) => ({
    action: 'SecurityEventNotification',
    payload: { type, timestamp: now.toISOString() },
  }),
  firmwareStatus: (status, requestId) => ({
    action: 'FirmwareStatusNotification',
    payload: { status, ...(requestId === undefined ? {} : { requestId }) },
  }),
  logStatus: (status, requestId) => ({
    action: 'LogStatusNotification',
    payload: { status, ...(requestId === undefined ? {} : { requestId }) },
  }),
  diagnosticsStatus: (status) => ({ action: 'LogStatusNotification', payload: { status } }),
  reservationExpired: (reservationId) => ({
    action: 'ReservationStatusUpdate',
    payload: { reservationId, reservationUpdateStatus: 'Expired' },
  }),
};

export const idToken = (token: string) => ({ idToken: token, type: 'ISO14443' });

export function tokenInfo2({ status, cacheExpiryDateTime, groupIdToken }: JsonObject): TokenInfo {
  return {
    status: String(status),
    ...(cacheExpiryDateTime === undefined ? {} : { expiry: new Date(String(cacheExpiryDateTime)) }),
    ...(isJsonObject(groupIdToken) ? { group: String(groupIdToken.idToken) } : {}),
  };
}

const triggerOf: Partial<Record<SampleContext, string>> = { 'Sample.Clock': 'MeterValueClock', Trigger: 'Trigger' };

const triggers: Partial<Record<StopReason, string>> = {
  Remote: 'RemoteStop',
  DeAuthorized: 'Deauthorized',
  HardReset: 'ResetCommand',
  SoftReset: 'ResetCommand',
  UnlockCommand: 'UnlockCommand',
  PowerLoss: 'AbnormalCondition',
  EVDisconnected: 'EVDeparted',
};

const stoppedReasons: Readonly<Record<StopReason, string>> = {
  Local: 'Local',
  Remote: 'Remote',
  DeAuthorized: 'DeAuthorized',
  HardReset: 'ImmediateReset',
  SoftReset: 'ImmediateReset',
  UnlockCommand: 'Other',
  PowerLoss: 'PowerLoss',
  EVDisconnected: 'EVDisconnected',
};

interface Event {
  eventType: 'Started' | 'Updated' | 'Ended';
  triggerReason: string;
  context: SampleContext;
  measurands?: string;
  /** Into transactionInfo. */
  info?: JsonObject;
  more?: JsonObject;
}

/** It has its number and its time from when it happened, not from when it is sent (E04.FR.01). */
function event(transaction: Transaction, moment: Moment, { eventType, triggerReason, ...parts }: Event): () => Message {
  const message = {
    action: 'TransactionEvent',
    payload: {
      eventType,
      timestamp: moment.at.toISOString(),
      triggerReason,
      seqNo: transaction.seqNo++,
      ...(moment.offline ? { offline: true } : {}),
      transactionInfo: { transactionId: transaction.id, ...parts.info },
      evse: { id: transaction.connectorId, connectorId: 1 },
      meterValue: meterValue2(moment, parts.context, parts.measurands ?? 'Energy.Active.Import.Register'),
      ...parts.more,
    },
  };
  return () => message;
}

function meterValue2(moment: Moment, context: SampleContext, measurands: string): JsonObject[] {
  const sampledValue = readings(moment, measurands).map(({ unit, ...reading }) => ({
    ...reading,
    context,
    unitOfMeasure: { unit },
  }));
  return [{ timestamp: moment.at.toISOString(), sampledValue }];
}
