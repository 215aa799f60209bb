import { isJsonObject, type JsonObject } from '@ocpp-csms/ocpp';
import { tokenInfo2 } from '../dialect-2.ts';
import type { ChargingProfile, Purpose } from '../smart-charging/profile.ts';
import type { ProfileFilter } from '../smart-charging/profile-store.ts';
import type { Setting } from '../station/settings.ts';
import { dataTransfer, kindOf, scheduleOf } from './commands-1.6.ts';
import type { Controls } from './controls.ts';

type Command = (payload: JsonObject, controls: Controls) => JsonObject;

const status = (isGood: boolean, otherwise = 'Rejected') => ({ status: isGood ? 'Accepted' : otherwise });
const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);
const member = (value: unknown): JsonObject => (isJsonObject(value) ? value : {});
const tokenOf = (value: unknown) => String(member(value).idToken);

/** What the CSMS may ask of a 2.0.1 or 2.1 charging station. */
export const commands2: Readonly<Record<string, Command>> = {
  CancelReservation: ({ reservationId }, { reservations }) => status(reservations.cancel(Number(reservationId))),
  ChangeAvailability: ({ evse, operationalStatus }, { setOperative }) => ({
    status: setOperative(Number(member(evse).id ?? 0), operationalStatus === 'Operative'),
  }),
  ClearCache: (_payload, { authorization }) => status(authorization.clearCache()),
  ClearChargingProfile: ({ chargingProfileId, chargingProfileCriteria }, { profiles }) => {
    const { evseId, chargingProfilePurpose, stackLevel } = member(chargingProfileCriteria);
    const filter = filterOf({ id: chargingProfileId, evseId, purpose: chargingProfilePurpose, stackLevel });
    return status(profiles.clear(filter).length > 0, 'Unknown');
  },
  DataTransfer: ({ vendorId, data }) => dataTransfer(vendorId, data),
  GetBaseReport: ({ requestId, reportBase }, controls) => {
    if (reportBase !== 'FullInventory' && reportBase !== 'ConfigurationInventory') return { status: 'NotSupported' };
    controls.later('report', () => report(Number(requestId), controls.settings.all, controls));
    return status(true);
  },
  GetReport: ({ requestId, componentVariable, componentCriteria }, controls) => {
    if (componentCriteria !== undefined) return { status: 'NotSupported' };
    const wanted = objects(componentVariable);
    const found = controls.settings.all.filter(
      (setting) => wanted.length === 0 || wanted.some((one) => isOf(one, setting)),
    );
    if (found.length === 0) return { status: 'EmptyResultSet' };
    controls.later('report', () => report(Number(requestId), found, controls));
    return status(true);
  },
  GetChargingProfiles: ({ requestId, evseId, chargingProfile }, controls) => {
    const { chargingProfilePurpose, stackLevel, chargingProfileId } = member(chargingProfile);
    const ids = Array.isArray(chargingProfileId) ? chargingProfileId.map(Number) : undefined;
    const filter = filterOf({ evseId, purpose: chargingProfilePurpose, stackLevel });
    const found = controls.profiles.find(filter).filter(({ id }) => ids?.includes(id) ?? true);
    if (found.length === 0) return { status: 'NoProfiles' };
    controls.later('charging profiles', () => reportProfiles(Number(requestId), found, controls));
    return status(true);
  },
  GetCompositeSchedule: ({ evseId, duration, chargingRateUnit }, { compositeSchedule }) => {
    const unit = chargingRateUnit === 'A' || chargingRateUnit === 'W' ? chargingRateUnit : undefined;
    const schedule = compositeSchedule(Number(evseId), Number(duration), unit);
    if (schedule === undefined) return status(false);
    return {
      ...status(true),
      schedule: {
        evseId: Number(evseId),
        duration: schedule.duration,
        scheduleStart: schedule.start.toISOString(),
        chargingRateUnit: schedule.unit,
        chargingSchedulePeriod: schedule.periods.map(({ start, limit }) => ({ startPeriod: start, limit })),
      },
    };
  },
  GetLocalListVersion: (_payload, { authorization }) => ({ versionNumber: Math.max(0, authorization.listVersion) }),
  GetLog: ({ requestId }, { uploadLog }) => ({ ...status(true), filename: uploadLog('log', Number(requestId)) }),
  GetTransactionStatus: ({ transactionId }, { connectors, hasQueue }) => {
    if (transactionId === undefined) return { messagesInQueue: hasQueue };
    const ongoingIndicator = connectors.some(({ running }) => running?.transaction.id === transactionId);
    return { ongoingIndicator, messagesInQueue: hasQueue };
  },
  GetVariables: ({ getVariableData }, { settings }) => ({
    getVariableResult: objects(getVariableData).map((data) => ({
      ...readVariable(data, settings.find(nameOf(data))),
      ...addressOf(data),
    })),
  }),
  RequestStartTransaction: ({ idToken, evseId, remoteStartId, chargingProfile }, { startRemotely }) =>
    status(
      startRemotely({
        token: tokenOf(idToken),
        remoteStartId: Number(remoteStartId),
        ...(evseId === undefined ? {} : { connectorId: Number(evseId) }),
        ...(isJsonObject(chargingProfile) ? { profile: profile2(Number(evseId ?? 1), chargingProfile) } : {}),
      }),
    ),
  RequestStopTransaction: ({ transactionId }, { stopRemotely }) => status(stopRemotely(String(transactionId))),
  ReserveNow: ({ id, expiryDateTime, idToken, evseId, groupIdToken }, { reservations }) => ({
    status: reservations.reserve(Number(evseId ?? 0), {
      id: Number(id),
      token: tokenOf(idToken),
      expiry: new Date(String(expiryDateTime)),
      ...(isJsonObject(groupIdToken) ? { group: tokenOf(groupIdToken) } : {}),
    }),
  }),
  Reset: ({ type }, { reset }) => ({ status: reset(type === 'OnIdle' ? 'when-idle' : 'hard') }),
  SendLocalList: ({ versionNumber, updateType, localAuthorizationList }, { authorization }) => {
    const outcome = authorization.update({
      isFull: updateType === 'Full',
      version: Number(versionNumber),
      entries: objects(localAuthorizationList).map(({ idToken, idTokenInfo }) => ({
        token: tokenOf(idToken),
        ...(isJsonObject(idTokenInfo) ? { info: tokenInfo2(idTokenInfo) } : {}),
      })),
    });
    // D01.FR.13 has no word of its own for a list that is switched off.
    return { status: outcome === 'NotSupported' ? 'Failed' : outcome };
  },
  SetChargingProfile: ({ evseId, chargingProfile }, controls) => {
    if (!isJsonObject(chargingProfile)) return status(false);
    const profile = profile2(Number(evseId), chargingProfile);
    const transactionId = controls.transactionOn(profile.connectorId);
    // K01.FR.03, K01.FR.09: it must be the transaction that is under way there.
    if (profile.purpose === 'Tx' && (transactionId === undefined || profile.transactionId !== transactionId))
      return status(false);
    controls.profiles.set(profile);
    return status(true);
  },
  SetVariables: ({ setVariableData }, { settings }) => ({
    setVariableResult: objects(setVariableData).map((data) => ({
      attributeStatus: isActual(data)
        ? setOutcomes[settings.change(nameOf(data), String(data.attributeValue))]
        : 'NotSupportedAttributeType',
      ...addressOf(data),
    })),
  }),
  TriggerMessage: ({ requestedMessage, evse }, { trigger }) => {
    const evseId = member(evse).id;
    return status(
      trigger(String(requestedMessage), evseId === undefined ? undefined : Number(evseId)),
      'NotImplemented',
    );
  },
  UnlockConnector: ({ evseId }, { unlock, transactionOn }) => {
    if (transactionOn(Number(evseId)) !== undefined) return { status: 'OngoingAuthorizedTransaction' };
    return { status: unlock(Number(evseId)) ? 'Unlocked' : 'UnknownConnector' };
  },
  UpdateFirmware: ({ requestId, firmware }, { updateFirmware }) => {
    const { retrieveDateTime, signature, signingCertificate } = member(firmware);
    const retrieveAt = new Date(String(retrieveDateTime));
    updateFirmware({ requestId: Number(requestId), isSigned: signature !== undefined, signingCertificate, retrieveAt });
    return status(true);
  },
};

const purposes: Readonly<Record<string, Purpose>> = {
  ChargingStationMaxProfile: 'StationMax',
  ChargingStationExternalConstraints: 'ExternalConstraints',
  TxDefaultProfile: 'TxDefault',
  TxProfile: 'Tx',
};

const setOutcomes = {
  accepted: 'Accepted',
  unknown: 'UnknownVariable',
  'read-only': 'Rejected',
  invalid: 'Rejected',
} as const;

function filterOf(wanted: { id?: unknown; evseId?: unknown; purpose?: unknown; stackLevel?: unknown }): ProfileFilter {
  const purpose = purposes[String(wanted.purpose)];
  return {
    ...(wanted.id === undefined ? {} : { id: Number(wanted.id) }),
    ...(wanted.evseId === undefined ? {} : { connectorId: Number(wanted.evseId) }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(wanted.stackLevel === undefined ? {} : { stackLevel: Number(wanted.stackLevel) }),
  };
}

/** One schedule is used, the first: this station speaks no ISO 15118, for which there may be three. */
function profile2(connectorId: number, original: JsonObject): ChargingProfile {
  const { recurrencyKind, validFrom, validTo, transactionId } = original;
  return {
    id: Number(original.id),
    connectorId,
    stackLevel: Number(original.stackLevel),
    purpose: purposes[String(original.chargingProfilePurpose)] ?? 'TxDefault',
    kind: kindOf(original.chargingProfileKind),
    ...(recurrencyKind === 'Daily' || recurrencyKind === 'Weekly' ? { recurrency: recurrencyKind } : {}),
    ...(validFrom === undefined ? {} : { validFrom: new Date(String(validFrom)) }),
    ...(validTo === undefined ? {} : { validTo: new Date(String(validTo)) }),
    ...(transactionId === undefined ? {} : { transactionId: String(transactionId) }),
    schedule: scheduleOf(objects(original.chargingSchedule)[0] ?? {}),
    original,
  };
}

/** `Component.Variable`, with `[Instance]`, as settings.ts names them. */
function nameOf({ component, variable }: JsonObject): string {
  const { name, instance } = member(variable);
  return `${member(component).name}.${name}${instance === undefined ? '' : `[${instance}]`}`;
}

function addressOf({ component, variable, attributeType }: JsonObject): JsonObject {
  return { component, variable, ...(attributeType === undefined ? {} : { attributeType }) };
}

const isActual = ({ attributeType }: JsonObject) => attributeType === undefined || attributeType === 'Actual';

function readVariable(data: JsonObject, setting: Setting | undefined): JsonObject {
  if (setting === undefined) return { attributeStatus: 'UnknownVariable' };
  if (!isActual(data)) return { attributeStatus: 'NotSupportedAttributeType' };
  // B06.FR.09
  if (setting.access === 'write-only') return { attributeStatus: 'Rejected' };
  return { attributeStatus: 'Accepted', attributeValue: setting.value };
}

const mutability = { 'read-write': 'ReadWrite', 'read-only': 'ReadOnly', 'write-only': 'WriteOnly' } as const;
const dataTypes = { integer: 'integer', boolean: 'boolean', text: 'string' } as const;

/** B08: without a variable all of the component are meant. */
function isOf({ component, variable }: JsonObject, { variable2 }: Setting): boolean {
  const whole = `${member(component).name}.`;
  return variable === undefined ? variable2?.startsWith(whole) === true : variable2 === nameOf({ component, variable });
}

/** B07: the whole device model, in parts. */
async function report(requestId: number, found: readonly Setting[], { settings, tell, now }: Controls): Promise<void> {
  const items = found.flatMap(reportItem);
  const size = settings.number('itemsPerReport');
  for (let first = 0, seqNo = 0; first < items.length; first += size, seqNo++) {
    await tell({
      action: 'NotifyReport',
      payload: {
        requestId,
        generatedAt: now().toISOString(),
        seqNo,
        tbc: first + size < items.length,
        reportData: items.slice(first, first + size),
      },
    });
  }
}

function reportItem({ variable2, access, type, value }: Setting): JsonObject[] {
  const [, component, name, instance] = /^([^.]+)\.([^[]+)(?:\[(.+)\])?$/.exec(variable2 ?? '') ?? [];
  if (component === undefined) return [];
  const shown = access === 'write-only' ? {} : { value };
  return [
    {
      component: { name: component },
      variable: { name, ...(instance === undefined ? {} : { instance }) },
      variableAttribute: [{ type: 'Actual', mutability: mutability[access], ...shown }],
      variableCharacteristics: { dataType: dataTypes[type], supportsMonitoring: false },
    },
  ];
}

/** K09: those of each EVSE apart. */
async function reportProfiles(requestId: number, found: ChargingProfile[], { tell }: Controls): Promise<void> {
  const byEvse = [...Map.groupBy(found, ({ connectorId }) => connectorId)];
  for (const [index, [evseId, profiles]] of byEvse.entries()) {
    await tell({
      action: 'ReportChargingProfiles',
      payload: {
        requestId,
        chargingLimitSource: 'CSO',
        evseId,
        chargingProfile: profiles.map(({ original }) => original),
        tbc: index < byEvse.length - 1,
      },
    });
  }
}
