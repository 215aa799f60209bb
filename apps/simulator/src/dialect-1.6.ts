import { isJsonObject, type JsonObject } from '@ocpp-csms/ocpp';
import type { Commands, Dialect, Transaction } from './scene.ts';

const connectorId = 1;
const status = (good: boolean, otherwise = 'Rejected') => ({ status: good ? 'Accepted' : otherwise });

type Answer = (payload: JsonObject, commands: Commands) => JsonObject;

const answers: Readonly<Record<string, Answer>> = {
  RemoteStartTransaction: ({ idTag }, { remoteStart }) => status(remoteStart(String(idTag))),
  RemoteStopTransaction: ({ transactionId }, { remoteStop }) => status(remoteStop(String(transactionId))),
  Reset: ({ type }, { reset }) => {
    reset(type === 'Hard');
    return status(true);
  },
  ChangeAvailability: ({ type }, { setOperative }) => status(setOperative(type === 'Operative'), 'Scheduled'),
  UnlockConnector: (_payload, { unlock }) => {
    unlock();
    return { status: 'Unlocked' };
  },
  TriggerMessage: ({ requestedMessage }, { trigger }) => status(trigger(String(requestedMessage)), 'NotImplemented'),
  GetConfiguration: ({ key }, { configuration }) => readConfiguration(key, configuration),
  ChangeConfiguration: ({ key, value }, { configuration }) => {
    if (!configuration.has(String(key))) return status(false, 'NotSupported');
    configuration.set(String(key), String(value));
    return status(true);
  },
  ClearCache: () => status(true),
  GetLocalListVersion: () => ({ listVersion: 0 }),
  SendLocalList: () => status(true),
  DataTransfer: () => ({ status: 'UnknownVendorId' }),
};

function readConfiguration(wanted: unknown, configuration: Map<string, string>): JsonObject {
  const keys = Array.isArray(wanted) && wanted.length > 0 ? wanted.map(String) : [...configuration.keys()];
  const configurationKey = keys.flatMap((key) => {
    const value = configuration.get(key);
    return value === undefined ? [] : [{ key, readonly: key === 'NumberOfConnectors', value }];
  });
  return { configurationKey, unknownKey: keys.filter((key) => !configuration.has(key)) };
}

function sampledValues({ meter, power }: Transaction): JsonObject[] {
  return [
    { value: String(meter), context: 'Sample.Periodic', measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
    { value: String(power), context: 'Sample.Periodic', measurand: 'Power.Active.Import', unit: 'W' },
  ];
}

/** OCPP 1.6, one connector. */
export const dialect16: Dialect = {
  boot: (id) => ({
    action: 'BootNotification',
    payload: {
      chargePointVendor: 'ocpp-csms',
      chargePointModel: 'Simulator',
      chargePointSerialNumber: id.slice(0, 25),
      firmwareVersion: '1.0',
    },
  }),
  heartbeat: () => ({ action: 'Heartbeat', payload: {} }),
  status: (state, now) => ({
    action: 'StatusNotification',
    payload: { connectorId, errorCode: 'NoError', status: state, timestamp: now.toISOString() },
  }),
  authorize: (token) => ({ action: 'Authorize', payload: { idTag: token } }),
  tokenStatus: ({ idTagInfo }) => (isJsonObject(idTagInfo) ? String(idTagInfo.status) : undefined),
  start: ({ token, meterStart, startedAt }) => ({
    action: 'StartTransaction',
    payload: { connectorId, idTag: token, meterStart, timestamp: startedAt.toISOString() },
  }),
  transactionId: ({ transactionId }) => (transactionId === undefined ? undefined : String(transactionId)),
  meterValues: (transaction, now) => ({
    action: 'MeterValues',
    payload: {
      connectorId,
      transactionId: Number(transaction.id),
      meterValue: [{ timestamp: now.toISOString(), sampledValue: sampledValues(transaction) }],
    },
  }),
  stop: ({ id, token, meter }, reason, now) => ({
    action: 'StopTransaction',
    payload: { transactionId: Number(id), idTag: token, meterStop: meter, timestamp: now.toISOString(), reason },
  }),
  answer: (action, payload, commands) => answers[action]?.(payload, commands),
  configuration: (meterIntervalSeconds) =>
    new Map([
      ['HeartbeatInterval', '300'],
      ['MeterValueSampleInterval', String(meterIntervalSeconds)],
      ['NumberOfConnectors', '1'],
      ['AuthorizeRemoteTxRequests', 'false'],
    ]),
};
