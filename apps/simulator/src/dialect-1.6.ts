import { isJsonObject, type JsonObject } from '@ocpp-csms/ocpp';
import type { TokenInfo } from './station/authorization.ts';
import type { Dialect, Moment, SampleContext } from './station/dialect.ts';
import { measurandsOf, readings } from './station/meter.ts';

/** OCPP 1.6, with the messages of its security extension. */
export const dialect16: Dialect = {
  boot: (id, _reason, firmwareVersion) => ({
    action: 'BootNotification',
    payload: {
      chargePointVendor: 'ocpp-csms',
      chargePointModel: 'Simulator',
      chargePointSerialNumber: id.slice(0, 25),
      firmwareVersion,
    },
  }),
  heartbeat: () => ({ action: 'Heartbeat', payload: {} }),
  status: (connectorId, status, now) => ({
    action: 'StatusNotification',
    payload: { connectorId, errorCode: 'NoError', status, timestamp: now.toISOString() },
  }),
  authorize: (token) => ({ action: 'Authorize', payload: { idTag: token } }),
  tokenInfo: ({ idTagInfo }) => (isJsonObject(idTagInfo) ? tokenInfo16(idTagInfo) : undefined),
  started: ({ connectorId, token, meterStart, startedAt, reservationId }) => {
    const payload = {
      connectorId,
      idTag: token,
      meterStart: Math.round(meterStart),
      timestamp: startedAt.toISOString(),
    };
    const reserved = reservationId === undefined ? {} : { reservationId };
    return () => ({ action: 'StartTransaction', payload: { ...payload, ...reserved } });
  },
  transactionId: ({ transactionId }) => (transactionId === undefined ? undefined : String(transactionId)),
  metered: (transaction, moment, context, settings) => {
    const meterValue = meterValue16(moment, context, measurandsOf(context, settings));
    return () => ({
      action: 'MeterValues',
      payload: { connectorId: transaction.connectorId, transactionId: idOf(transaction.id), meterValue },
    });
  },
  stateChanged: () => undefined,
  stopped: (transaction, moment, reason, settings) => {
    const measurands = settings.text('sampledAtEnd');
    const payload = {
      idTag: transaction.token,
      meterStop: Math.round(moment.meterWh),
      timestamp: moment.at.toISOString(),
      reason,
      ...(measurands === '' ? {} : { transactionData: meterValue16(moment, 'Transaction.End', measurands) }),
    };
    return () => ({ action: 'StopTransaction', payload: { transactionId: idOf(transaction.id), ...payload } });
  },
  meterValues: (connectorId, moment, context, settings) => ({
    action: 'MeterValues',
    payload: { connectorId, meterValue: meterValue16(moment, context, measurandsOf(context, settings)) },
  }),
  securityEvent: (type, now) => ({
    action: 'SecurityEventNotification',
    payload: { type, timestamp: now.toISOString() },
  }),
  firmwareStatus: (status, requestId) =>
    requestId === undefined
      ? { action: 'FirmwareStatusNotification', payload: { status } }
      : { action: 'SignedFirmwareStatusNotification', payload: { status, requestId } },
  logStatus: (status, requestId) => ({
    action: 'LogStatusNotification',
    payload: { status, ...(requestId === undefined ? {} : { requestId }) },
  }),
  diagnosticsStatus: (status) => ({ action: 'DiagnosticsStatusNotification', payload: { status } }),
  reservationExpired: () => undefined,
};

/** 1.6 errata 3.18: -1 for a start that was never answered. */
function idOf(id: string | undefined): number {
  return id === undefined ? -1 : Number(id);
}

export function tokenInfo16({ status, expiryDate, parentIdTag }: JsonObject): TokenInfo {
  return {
    status: String(status),
    ...(expiryDate === undefined ? {} : { expiry: new Date(String(expiryDate)) }),
    ...(parentIdTag === undefined ? {} : { group: String(parentIdTag) }),
  };
}

function meterValue16(moment: Moment, context: SampleContext, measurands: string): JsonObject[] {
  const sampledValue = readings(moment, measurands).map(({ value, ...reading }) => ({
    value: String(value),
    context,
    ...reading,
  }));
  return [{ timestamp: moment.at.toISOString(), sampledValue }];
}
