import { isJsonObject, type JsonObject } from '@ocpp-csms/ocpp';
import type { Commands, Dialect, Message, StopReason, Transaction } from './scene.ts';

const evse = { id: 1, connectorId: 1 };
const status = (good: boolean, otherwise = 'Rejected') => ({ status: good ? 'Accepted' : otherwise });
const idToken = (token: string) => ({ idToken: token, type: 'ISO14443' });

type Answer = (payload: JsonObject, commands: Commands) => JsonObject;

interface VariableName {
  component: { name: string };
  variable: { name: string };
  attributeValue?: string;
}

const keyOf = ({ component, variable }: VariableName) => `${component.name}.${variable.name}`;

const answers: Readonly<Record<string, Answer>> = {
  RequestStartTransaction: ({ idToken: token, remoteStartId }, { remoteStart }) =>
    status(remoteStart(isJsonObject(token) ? String(token.idToken) : '', Number(remoteStartId))),
  RequestStopTransaction: ({ transactionId }, { remoteStop }) => status(remoteStop(String(transactionId))),
  Reset: ({ type }, { reset }) => {
    reset(type === 'Immediate');
    return status(true);
  },
  ChangeAvailability: ({ operationalStatus }, { setOperative }) =>
    status(setOperative(operationalStatus === 'Operative'), 'Scheduled'),
  UnlockConnector: (_payload, { unlock }) => {
    unlock();
    return { status: 'Unlocked' };
  },
  TriggerMessage: ({ requestedMessage }, { trigger }) => status(trigger(String(requestedMessage)), 'NotImplemented'),
  GetVariables: ({ getVariableData }, { configuration }) => ({
    getVariableResult: (getVariableData as VariableName[]).map((name) => ({
      ...readVariable(name, configuration),
      ...named(name),
    })),
  }),
  SetVariables: ({ setVariableData }, { configuration }) => ({
    setVariableResult: (setVariableData as VariableName[]).map((name) => {
      const known = configuration.has(keyOf(name));
      if (known) configuration.set(keyOf(name), name.attributeValue ?? '');
      return { attributeStatus: known ? 'Accepted' : 'UnknownVariable', ...named(name) };
    }),
  }),
  GetTransactionStatus: (_payload, { transactionId }) => ({
    ongoingIndicator: transactionId !== undefined,
    messagesInQueue: false,
  }),
  ClearCache: () => status(true),
  GetLocalListVersion: () => ({ versionNumber: 0 }),
  SendLocalList: () => status(true),
  DataTransfer: () => ({ status: 'UnknownVendorId' }),
};

const named = ({ component, variable }: VariableName) => ({ component, variable });

function readVariable(name: VariableName, configuration: Map<string, string>): JsonObject {
  const value = configuration.get(keyOf(name));
  return value === undefined
    ? { attributeStatus: 'UnknownVariable' }
    : { attributeStatus: 'Accepted', attributeValue: value };
}

function meterValue({ meter, power }: Transaction, context: string, now: Date): JsonObject[] {
  const sampledValue = [
    { value: meter, context, measurand: 'Energy.Active.Import.Register', unitOfMeasure: { unit: 'Wh' } },
    { value: power, context, measurand: 'Power.Active.Import', unitOfMeasure: { unit: 'W' } },
  ];
  return [{ timestamp: now.toISOString(), sampledValue }];
}

function event(
  transaction: Transaction,
  eventType: string,
  triggerReason: string,
  now: Date,
  more: JsonObject,
): Message {
  const { transactionInfo, ...rest } = more;
  return {
    action: 'TransactionEvent',
    payload: {
      eventType,
      timestamp: now.toISOString(),
      triggerReason,
      seqNo: transaction.seqNo++,
      transactionInfo: { transactionId: transaction.id, ...(isJsonObject(transactionInfo) ? transactionInfo : {}) },
      evse,
      ...rest,
    },
  };
}

const triggers: Partial<Record<StopReason, string>> = {
  Remote: 'RemoteStop',
  DeAuthorized: 'Deauthorized',
  HardReset: 'ResetCommand',
  SoftReset: 'ResetCommand',
  UnlockCommand: 'UnlockCommand',
};
const reasons: Partial<Record<StopReason, string>> = {
  Remote: 'Remote',
  DeAuthorized: 'DeAuthorized',
  HardReset: 'ImmediateReset',
  SoftReset: 'ImmediateReset',
  UnlockCommand: 'Other',
};

/** OCPP 2.0.1 and 2.1, one EVSE with one connector. */
export const dialect2: Dialect = {
  boot: (id) => ({
    action: 'BootNotification',
    payload: {
      reason: 'PowerUp',
      chargingStation: {
        vendorName: 'ocpp-csms',
        model: 'Simulator',
        serialNumber: id.slice(0, 25),
        firmwareVersion: '1.0',
      },
    },
  }),
  heartbeat: () => ({ action: 'Heartbeat', payload: {} }),
  status: (state, now) => ({
    action: 'StatusNotification',
    payload: {
      timestamp: now.toISOString(),
      connectorStatus: state === 'Available' || state === 'Unavailable' ? state : 'Occupied',
      evseId: evse.id,
      connectorId: evse.connectorId,
    },
  }),
  authorize: (token) => ({ action: 'Authorize', payload: { idToken: idToken(token) } }),
  tokenStatus: ({ idTokenInfo }) => (isJsonObject(idTokenInfo) ? String(idTokenInfo.status) : undefined),
  start: (transaction) => {
    const { token, startedAt, remoteStartId } = transaction;
    return event(transaction, 'Started', remoteStartId === undefined ? 'Authorized' : 'RemoteStart', startedAt, {
      idToken: idToken(token),
      meterValue: meterValue(transaction, 'Transaction.Begin', startedAt),
      transactionInfo: { chargingState: 'Charging', ...(remoteStartId === undefined ? {} : { remoteStartId }) },
    });
  },
  transactionId: () => undefined,
  meterValues: (transaction, now) =>
    event(transaction, 'Updated', 'MeterValuePeriodic', now, {
      meterValue: meterValue(transaction, 'Sample.Periodic', now),
    }),
  stop: (transaction, reason, now) =>
    event(transaction, 'Ended', triggers[reason] ?? 'StopAuthorized', now, {
      meterValue: meterValue(transaction, 'Transaction.End', now),
      transactionInfo: { stoppedReason: reasons[reason] ?? 'Local' },
    }),
  answer: (action, payload, commands) => answers[action]?.(payload, commands),
  configuration: (meterIntervalSeconds) =>
    new Map([
      ['OCPPCommCtrlr.HeartbeatInterval', '300'],
      ['SampledDataCtrlr.TxUpdatedInterval', String(meterIntervalSeconds)],
      ['AuthCtrlr.AuthorizeRemoteStart', 'false'],
    ]),
};
