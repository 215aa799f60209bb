import type { ActionOf, JsonObject, OcppVersion, ResponseOf } from '@ocpp-csms/ocpp';

/** The actions of one version whose answer has no required member: nothing but "I have it". */
type Acknowledged<V extends OcppVersion> = {
  [A in ActionOf<V>]: Record<string, never> extends ResponseOf<V, A> ? A : never;
}[ActionOf<V>];

export const acknowledged16: readonly Acknowledged<'ocpp1.6'>[] = [
  'DiagnosticsStatusNotification',
  'FirmwareStatusNotification',
  'LogStatusNotification',
  'MeterValues',
  'SecurityEventNotification',
  'SignedFirmwareStatusNotification',
  'StatusNotification',
];

export const acknowledged201: readonly Acknowledged<'ocpp2.0.1' | 'ocpp2.1'>[] = [
  'ClearedChargingLimit',
  'FirmwareStatusNotification',
  'LogStatusNotification',
  'MeterValues',
  'NotifyChargingLimit',
  'NotifyCustomerInformation',
  'NotifyDisplayMessages',
  'NotifyEvent',
  'NotifyMonitoringReport',
  'NotifyReport',
  'PublishFirmwareStatusNotification',
  'ReportChargingProfiles',
  'ReservationStatusUpdate',
  'SecurityEventNotification',
  'StatusNotification',
];

export const acknowledged21: readonly Acknowledged<'ocpp2.1'>[] = [
  ...acknowledged201,
  'BatterySwap',
  'ClosePeriodicEventStream',
  'NotifyDERAlarm',
  'NotifyDERStartStop',
  'NotifyPriorityCharging',
  'NotifySettlement',
  'ReportDERControl',
];

export function acknowledge(): JsonObject {
  return {};
}
