import { actions } from './generated/actions.ts';
import type { OcppVersion } from './versions.ts';

export interface ActionInfo {
  readonly action: string;
  /** Who may send the request. */
  readonly from: 'charge-point' | 'csms' | 'both';
  /** A `send` is never answered (J21 §4.2.4). */
  readonly kind: 'call' | 'send';
}

/** The schemas do not tell who sends a message; part 2 of the specifications does. All others are sent by the CSMS. */
const fromChargePoint = new Set([
  'Authorize',
  'BatterySwap',
  'BootNotification',
  'ClearedChargingLimit',
  'ClosePeriodicEventStream',
  'DiagnosticsStatusNotification',
  'FirmwareStatusNotification',
  'Get15118EVCertificate',
  'GetCertificateChainStatus',
  'GetCertificateStatus',
  'Heartbeat',
  'LogStatusNotification',
  'MeterValues',
  'NotifyChargingLimit',
  'NotifyCustomerInformation',
  'NotifyDERAlarm',
  'NotifyDERStartStop',
  'NotifyDisplayMessages',
  'NotifyEVChargingNeeds',
  'NotifyEVChargingSchedule',
  'NotifyEvent',
  'NotifyMonitoringReport',
  'NotifyPeriodicEventStream',
  'NotifyPriorityCharging',
  'NotifyReport',
  'NotifySettlement',
  'OpenPeriodicEventStream',
  'PublishFirmwareStatusNotification',
  'PullDynamicScheduleUpdate',
  'ReportChargingProfiles',
  'ReportDERControl',
  'ReservationStatusUpdate',
  'SecurityEventNotification',
  'SignCertificate',
  'SignedFirmwareStatusNotification',
  'StartTransaction',
  'StatusNotification',
  'StopTransaction',
  'TransactionEvent',
  'VatNumberValidation',
]);

const catalogue: Record<OcppVersion, ReadonlyMap<string, ActionInfo>> = {
  'ocpp1.6': describe(actions['ocpp1.6']),
  'ocpp2.0.1': describe(actions['ocpp2.0.1']),
  'ocpp2.1': describe(actions['ocpp2.1']),
};

const lists: Record<OcppVersion, readonly ActionInfo[]> = {
  'ocpp1.6': [...catalogue['ocpp1.6'].values()],
  'ocpp2.0.1': [...catalogue['ocpp2.0.1'].values()],
  'ocpp2.1': [...catalogue['ocpp2.1'].values()],
};

/** Every action of a version, in alphabetical order. */
export function actionsOf(version: OcppVersion): readonly ActionInfo[] {
  return lists[version];
}

/** `undefined` when the version does not know the action. The name is case-sensitive (J16 §4.2.1, J2.x §4.2.1). */
export function actionInfo(version: OcppVersion, action: string): ActionInfo | undefined {
  return catalogue[version].get(action);
}

function describe(kinds: Readonly<Record<string, 'call' | 'send'>>): ReadonlyMap<string, ActionInfo> {
  return new Map(Object.entries(kinds).map(([action, kind]) => [action, { action, from: senderOf(action), kind }]));
}

function senderOf(action: string): ActionInfo['from'] {
  if (action === 'DataTransfer') return 'both';
  return fromChargePoint.has(action) ? 'charge-point' : 'csms';
}
