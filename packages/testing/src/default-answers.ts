import type { JsonObject, OcppVersion } from '@ocpp-csms/ocpp';

type Answer = (payload: JsonObject) => JsonObject;

const accepted: Answer = () => ({ status: 'Accepted' });

const common: Readonly<Record<string, Answer>> = {
  CancelReservation: accepted,
  CertificateSigned: accepted,
  ChangeAvailability: accepted,
  ClearCache: accepted,
  ClearChargingProfile: accepted,
  DataTransfer: accepted,
  DeleteCertificate: accepted,
  GetInstalledCertificateIds: () => ({ status: 'NotFound' }),
  GetLog: accepted,
  InstallCertificate: accepted,
  ReserveNow: accepted,
  Reset: accepted,
  SendLocalList: accepted,
  SetChargingProfile: accepted,
  TriggerMessage: accepted,
  UnlockConnector: () => ({ status: 'Unlocked' }),
};

const answers16: Readonly<Record<string, Answer>> = {
  ...common,
  ChangeConfiguration: accepted,
  ExtendedTriggerMessage: accepted,
  GetCompositeSchedule: () => ({ status: 'Rejected' }),
  GetConfiguration: () => ({ configurationKey: [], unknownKey: [] }),
  GetDiagnostics: () => ({ fileName: 'diagnostics.zip' }),
  GetLocalListVersion: () => ({ listVersion: 0 }),
  RemoteStartTransaction: accepted,
  RemoteStopTransaction: accepted,
  SignedUpdateFirmware: accepted,
  UpdateFirmware: () => ({}),
};

interface Variable {
  component: JsonObject;
  variable: JsonObject;
  attributeType?: string;
}

const setVariable = ({ component, variable }: Variable) => ({ component, variable, attributeStatus: 'Accepted' });
const getVariable = ({ component, variable }: Variable) => ({
  component,
  variable,
  attributeStatus: 'UnknownVariable',
});

const answers2: Readonly<Record<string, Answer>> = {
  ...common,
  CostUpdated: () => ({}),
  CustomerInformation: accepted,
  GetBaseReport: accepted,
  GetChargingProfiles: () => ({ status: 'NoProfiles' }),
  GetCompositeSchedule: () => ({ status: 'Rejected' }),
  GetLocalListVersion: () => ({ versionNumber: 0 }),
  GetReport: accepted,
  GetTransactionStatus: () => ({ messagesInQueue: false }),
  GetVariables: ({ getVariableData }) => ({ getVariableResult: (getVariableData as Variable[]).map(getVariable) }),
  RequestStartTransaction: accepted,
  RequestStopTransaction: accepted,
  SetNetworkProfile: accepted,
  SetVariables: ({ setVariableData }) => ({ setVariableResult: (setVariableData as Variable[]).map(setVariable) }),
  UpdateFirmware: accepted,
};

/** What an obliging charge point answers to a CALL of the CSMS; `undefined` for what it does not implement. */
export function defaultAnswer(version: OcppVersion, action: string, payload: JsonObject): JsonObject | undefined {
  return (version === 'ocpp1.6' ? answers16 : answers2)[action]?.(payload);
}
