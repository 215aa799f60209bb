import { isJsonObject, type JsonObject } from '@ocpp-csms/ocpp';
import { tokenInfo16 } from '../dialect-1.6.ts';
import type { CompositeSchedule } from '../smart-charging/composite-schedule.ts';
import type { ChargingProfile, Purpose } from '../smart-charging/profile.ts';
import type { Controls } from './controls.ts';

type Command = (payload: JsonObject, controls: Controls) => JsonObject;

const status = (isGood: boolean, otherwise = 'Rejected') => ({ status: isGood ? 'Accepted' : otherwise });
const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);
const optional = (value: unknown) => (value === undefined ? undefined : Number(value));

/** What the CSMS may ask of a 1.6 charge point, with the security extension. */
export const commands16: Readonly<Record<string, Command>> = {
  CancelReservation: ({ reservationId }, { reservations }) => status(reservations.cancel(Number(reservationId))),
  ChangeAvailability: ({ connectorId, type }, { setOperative }) => ({
    status: setOperative(Number(connectorId), type === 'Operative'),
  }),
  ChangeConfiguration: ({ key, value }, { settings }) => {
    const outcomes = { accepted: 'Accepted', unknown: 'NotSupported', 'read-only': 'Rejected', invalid: 'Rejected' };
    return { status: outcomes[settings.change(String(key), String(value))] };
  },
  ClearCache: (_payload, { authorization }) => status(authorization.clearCache()),
  ClearChargingProfile: ({ id, connectorId, chargingProfilePurpose, stackLevel }, { profiles }) => {
    const purpose = purposes[String(chargingProfilePurpose)];
    const gone = profiles.clear({
      ...(id === undefined ? {} : { id: Number(id) }),
      ...(connectorId === undefined ? {} : { connectorId: Number(connectorId) }),
      ...(purpose === undefined ? {} : { purpose }),
      ...(stackLevel === undefined ? {} : { stackLevel: Number(stackLevel) }),
    });
    return status(gone.length > 0, 'Unknown');
  },
  DataTransfer: ({ vendorId, data }) => dataTransfer(vendorId, data),
  ExtendedTriggerMessage: ({ requestedMessage, connectorId }, { trigger }) =>
    status(trigger(String(requestedMessage), optional(connectorId)), 'NotImplemented'),
  GetCompositeSchedule: ({ connectorId, duration, chargingRateUnit }, { compositeSchedule }) => {
    const unit = chargingRateUnit === 'A' || chargingRateUnit === 'W' ? chargingRateUnit : undefined;
    const schedule = compositeSchedule(Number(connectorId), Number(duration), unit);
    return schedule === undefined ? status(true) : { ...status(true), ...inWords(Number(connectorId), schedule) };
  },
  GetConfiguration: ({ key }, { settings }) => {
    const wanted = Array.isArray(key) && key.length > 0 ? key.map(String) : undefined;
    const shown = (wanted ?? settings.all.flatMap(({ key16 }) => key16 ?? [])).flatMap((name) => {
      const setting = settings.find(name);
      if (setting === undefined) return [];
      const value = setting.access === 'write-only' ? {} : { value: setting.value };
      return [{ key: name, readonly: setting.access === 'read-only', ...value }];
    });
    const unknownKey = (wanted ?? []).filter((name) => settings.find(name) === undefined);
    return { configurationKey: shown, ...(unknownKey.length > 0 ? { unknownKey } : {}) };
  },
  GetDiagnostics: (_payload, { uploadLog }) => ({ fileName: uploadLog('diagnostics', undefined) }),
  GetLocalListVersion: (_payload, { authorization }) => ({ listVersion: authorization.listVersion }),
  GetLog: ({ requestId }, { uploadLog }) => ({ ...status(true), filename: uploadLog('log', Number(requestId)) }),
  RemoteStartTransaction: ({ idTag, connectorId, chargingProfile }, { startRemotely }) =>
    status(
      startRemotely({
        token: String(idTag),
        ...(connectorId === undefined ? {} : { connectorId: Number(connectorId) }),
        ...(isJsonObject(chargingProfile) ? { profile: profile16(Number(connectorId ?? 1), chargingProfile) } : {}),
      }),
    ),
  RemoteStopTransaction: ({ transactionId }, { stopRemotely }) => status(stopRemotely(String(transactionId))),
  ReserveNow: ({ connectorId, expiryDate, idTag, parentIdTag, reservationId }, { reservations }) => ({
    status: reservations.reserve(Number(connectorId), {
      id: Number(reservationId),
      token: String(idTag),
      expiry: new Date(String(expiryDate)),
      ...(parentIdTag === undefined ? {} : { group: String(parentIdTag) }),
    }),
  }),
  Reset: ({ type }, { reset }) => ({ status: reset(type === 'Hard' ? 'hard' : 'soft') }),
  SendLocalList: ({ listVersion, updateType, localAuthorizationList }, { authorization }) => ({
    status: authorization.update({
      isFull: updateType === 'Full',
      version: Number(listVersion),
      entries: objects(localAuthorizationList).map(({ idTag, idTagInfo }) => ({
        token: String(idTag),
        ...(isJsonObject(idTagInfo) ? { info: tokenInfo16(idTagInfo) } : {}),
      })),
    }),
  }),
  SetChargingProfile: ({ connectorId, csChargingProfiles }, controls) => {
    if (!isJsonObject(csChargingProfiles)) return status(false);
    const profile = profile16(Number(connectorId), csChargingProfiles);
    // 1.6 §5.16.2: without a transaction there is nothing that a TxProfile could be for.
    const transactionId = controls.transactionOn(profile.connectorId);
    if (profile.purpose === 'Tx' && transactionId !== (profile.transactionId ?? transactionId ?? ''))
      return status(false);
    if (profile.stackLevel > controls.settings.number('stackLevels')) return status(false);
    controls.profiles.set(profile);
    return status(true);
  },
  SignedUpdateFirmware: ({ requestId, firmware }, { updateFirmware }) => {
    const { retrieveDateTime, signingCertificate } = isJsonObject(firmware) ? firmware : {};
    const retrieveAt = new Date(String(retrieveDateTime));
    updateFirmware({ requestId: Number(requestId), isSigned: true, signingCertificate, retrieveAt });
    return status(true);
  },
  TriggerMessage: ({ requestedMessage, connectorId }, { trigger }) =>
    status(trigger(String(requestedMessage), optional(connectorId)), 'NotImplemented'),
  UnlockConnector: ({ connectorId }, { unlock }) => ({
    status: unlock(Number(connectorId)) ? 'Unlocked' : 'NotSupported',
  }),
  UpdateFirmware: ({ retrieveDate }, { updateFirmware }) => {
    updateFirmware({ isSigned: false, retrieveAt: new Date(String(retrieveDate)) });
    return {};
  },
};

/** What is sent to the vendor that the simulator is comes back. */
export function dataTransfer(vendorId: unknown, data: unknown): JsonObject {
  if (vendorId !== 'ocpp-csms') return { status: 'UnknownVendorId' };
  return { status: 'Accepted', ...(data === undefined ? {} : { data }) };
}

const purposes: Readonly<Record<string, Purpose>> = {
  ChargePointMaxProfile: 'StationMax',
  TxDefaultProfile: 'TxDefault',
  TxProfile: 'Tx',
};

function profile16(connectorId: number, original: JsonObject): ChargingProfile {
  const { chargingSchedule, recurrencyKind, validFrom, validTo, transactionId } = original;
  const schedule = isJsonObject(chargingSchedule) ? chargingSchedule : {};
  return {
    id: Number(original.chargingProfileId),
    connectorId,
    stackLevel: Number(original.stackLevel),
    purpose: purposes[String(original.chargingProfilePurpose)] ?? 'TxDefault',
    kind: kindOf(original.chargingProfileKind),
    ...(recurrencyKind === 'Daily' || recurrencyKind === 'Weekly' ? { recurrency: recurrencyKind } : {}),
    ...(validFrom === undefined ? {} : { validFrom: new Date(String(validFrom)) }),
    ...(validTo === undefined ? {} : { validTo: new Date(String(validTo)) }),
    ...(transactionId === undefined ? {} : { transactionId: String(transactionId) }),
    schedule: scheduleOf(schedule),
    original,
  };
}

export function kindOf(kind: unknown): ChargingProfile['kind'] {
  return kind === 'Recurring' || kind === 'Relative' ? kind : 'Absolute';
}

/** The members have the same names in all versions. */
export function scheduleOf({
  startSchedule,
  duration,
  chargingRateUnit,
  chargingSchedulePeriod,
}: JsonObject): ChargingProfile['schedule'] {
  return {
    ...(startSchedule === undefined ? {} : { startSchedule: new Date(String(startSchedule)) }),
    ...(duration === undefined ? {} : { duration: Number(duration) }),
    unit: chargingRateUnit === 'A' ? 'A' : 'W',
    periods: objects(chargingSchedulePeriod).map(({ startPeriod, limit, numberPhases }) => ({
      start: Number(startPeriod),
      limit: Number(limit),
      ...(numberPhases === undefined ? {} : { phases: Number(numberPhases) }),
    })),
  };
}

function inWords(connectorId: number, { start, duration, unit, periods }: CompositeSchedule): JsonObject {
  const startSchedule = start.toISOString();
  const chargingSchedulePeriod = periods.map((period) => ({ startPeriod: period.start, limit: period.limit }));
  return {
    connectorId,
    scheduleStart: startSchedule,
    chargingSchedule: { duration, startSchedule, chargingRateUnit: unit, chargingSchedulePeriod },
  };
}
