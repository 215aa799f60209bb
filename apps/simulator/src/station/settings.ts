/** The settings of a charge point under the names of both generations: 1.6 §9 and the 2.x device model (part 2, appendices). */
export type SettingName = (typeof rows)[number][0];

type Type = 'integer' | 'boolean' | 'text';
type Access = 'read-write' | 'read-only' | 'write-only';
type Row = readonly [
  name: string,
  key16: string | undefined,
  variable2: string | undefined,
  value: string,
  type: Type,
  access?: Access,
];

const measurands =
  'Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,Current.Offered,Power.Offered,SoC';

const rows = [
  ['heartbeatSeconds', 'HeartbeatInterval', 'OCPPCommCtrlr.HeartbeatInterval', '300', 'integer'],
  ['sampleSeconds', 'MeterValueSampleInterval', 'SampledDataCtrlr.TxUpdatedInterval', '60', 'integer'],
  ['alignedSeconds', 'ClockAlignedDataInterval', 'AlignedDataCtrlr.Interval', '0', 'integer'],
  ['sampled', 'MeterValuesSampledData', 'SampledDataCtrlr.TxUpdatedMeasurands', measurands, 'text'],
  ['aligned', 'MeterValuesAlignedData', 'AlignedDataCtrlr.Measurands', measurands, 'text'],
  ['sampledAtEnd', 'StopTxnSampledData', 'SampledDataCtrlr.TxEndedMeasurands', 'Energy.Active.Import.Register', 'text'],
  ['attempts', 'TransactionMessageAttempts', 'OCPPCommCtrlr.MessageAttempts[TransactionEvent]', '3', 'integer'],
  [
    'retrySeconds',
    'TransactionMessageRetryInterval',
    'OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]',
    '60',
    'integer',
  ],
  ['localList', 'LocalAuthListEnabled', 'LocalAuthListCtrlr.Enabled', 'true', 'boolean'],
  ['authorizationCache', 'AuthorizationCacheEnabled', 'AuthCacheCtrlr.Enabled', 'true', 'boolean'],
  ['localPreAuthorize', 'LocalPreAuthorize', 'AuthCtrlr.LocalPreAuthorize', 'false', 'boolean'],
  ['localAuthorizeOffline', 'LocalAuthorizeOffline', 'AuthCtrlr.LocalAuthorizeOffline', 'true', 'boolean'],
  ['offlineForUnknown', 'AllowOfflineTxForUnknownId', 'AuthCtrlr.OfflineTxForUnknownIdEnabled', 'false', 'boolean'],
  ['stopOnInvalidId', 'StopTransactionOnInvalidId', 'TxCtrlr.StopTxOnInvalidId', 'true', 'boolean'],
  ['authorizeRemote', 'AuthorizeRemoteTxRequests', 'AuthCtrlr.AuthorizeRemoteStart', 'false', 'boolean'],
  ['stopOnUnplug', 'StopTransactionOnEVSideDisconnect', 'TxCtrlr.StopTxOnEVSideDisconnect', 'true', 'boolean'],
  ['connectionTimeoutSeconds', 'ConnectionTimeOut', 'TxCtrlr.EVConnectionTimeOut', '60', 'integer'],
  ['resetRetries', 'ResetRetries', 'OCPPCommCtrlr.ResetRetries', '1', 'integer'],
  ['pingSeconds', 'WebSocketPingInterval', 'OCPPCommCtrlr.WebSocketPingInterval', '0', 'integer'],
  ['unlockOnUnplug', 'UnlockConnectorOnEVSideDisconnect', 'OCPPCommCtrlr.UnlockOnEVSideDisconnect', 'true', 'boolean'],
  ['connectors', 'NumberOfConnectors', undefined, '1', 'integer', 'read-only'],
  ['phaseRotation', 'ConnectorPhaseRotation', undefined, '1.RST', 'text'],
  ['alignedAtEnd', 'StopTxnAlignedData', 'AlignedDataCtrlr.TxEndedMeasurands', '', 'text'],
  [
    'profiles',
    'SupportedFeatureProfiles',
    undefined,
    'Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger',
    'text',
    'read-only',
  ],
  ['keysAtOnce', 'GetConfigurationMaxKeys', undefined, '100', 'integer', 'read-only'],
  ['listLength', 'LocalAuthListMaxLength', undefined, '1000', 'integer', 'read-only'],
  ['listPart', 'SendLocalListMaxLength', 'LocalAuthListCtrlr.ItemsPerMessage', '100', 'integer', 'read-only'],
  ['stackLevels', 'ChargeProfileMaxStackLevel', 'SmartChargingCtrlr.ProfileStackLevel', '10', 'integer', 'read-only'],
  [
    'rateUnits',
    'ChargingScheduleAllowedChargingRateUnit',
    'SmartChargingCtrlr.RateUnit',
    'Current,Power',
    'text',
    'read-only',
  ],
  ['periods', 'ChargingScheduleMaxPeriods', 'SmartChargingCtrlr.PeriodsPerSchedule', '100', 'integer', 'read-only'],
  ['profilesAtOnce', 'MaxChargingProfilesInstalled', 'SmartChargingCtrlr.Entries', '50', 'integer', 'read-only'],
  ['password', 'AuthorizationKey', 'SecurityCtrlr.BasicAuthPassword', '', 'text', 'write-only'],
  ['securityProfile', 'SecurityProfile', 'SecurityCtrlr.SecurityProfile', '1', 'integer', 'read-only'],
  ['operator', 'CpoName', 'SecurityCtrlr.OrganizationName', '', 'text'],
  ['offlineThresholdSeconds', undefined, 'OCPPCommCtrlr.OfflineThreshold', '60', 'integer'],
  ['networkPriority', undefined, 'OCPPCommCtrlr.NetworkConfigurationPriority', '0', 'text'],
  ['fileProtocols', undefined, 'OCPPCommCtrlr.FileTransferProtocols', 'HTTP,HTTPS,FTP', 'text', 'read-only'],
  ['startPoint', undefined, 'TxCtrlr.TxStartPoint', 'Authorized', 'text', 'read-only'],
  ['stopPoint', undefined, 'TxCtrlr.TxStopPoint', 'Authorized,EVConnected', 'text', 'read-only'],
  ['timeSource', undefined, 'ClockCtrlr.TimeSource', 'Heartbeat', 'text', 'read-only'],
  ['reservation', undefined, 'ReservationCtrlr.Enabled', 'true', 'boolean'],
  ['smartCharging', undefined, 'SmartChargingCtrlr.Enabled', 'true', 'boolean'],
  ['itemsPerReport', undefined, 'DeviceDataCtrlr.ItemsPerMessage[GetReport]', '20', 'integer', 'read-only'],
] as const satisfies readonly Row[];

export interface Setting {
  readonly key16?: string;
  /** `Component.Variable`, with `[Instance]` where there is one. */
  readonly variable2?: string;
  readonly type: Type;
  readonly access: Access;
  value: string;
}

export type ChangeOutcome = 'accepted' | 'unknown' | 'read-only' | 'invalid';

export interface Settings {
  text(name: SettingName): string;
  number(name: SettingName): number;
  flag(name: SettingName): boolean;
  /** By the name that it has in this generation. */
  find(name: string): Setting | undefined;
  readonly all: readonly Setting[];
  change(name: string, value: string): ChangeOutcome;
}

export function createSettings(version: '1.6' | '2', overrides: Partial<Record<SettingName, string>>): Settings {
  const byName = new Map<SettingName, Setting>();
  const byPublicName = new Map<string, Setting>();
  for (const row of rows) {
    const [name, key16, variable2, value, type, access = 'read-write']: Row = row;
    const setting = {
      ...(key16 === undefined ? {} : { key16 }),
      ...(variable2 === undefined ? {} : { variable2 }),
      type,
      access,
      value: overrides[row[0]] ?? value,
    };
    byName.set(name as SettingName, setting);
    const publicName = version === '1.6' ? key16 : variable2;
    if (publicName !== undefined) byPublicName.set(publicName, setting);
  }
  const text = (name: SettingName) => byName.get(name)?.value ?? '';
  return {
    text,
    number: (name) => Number(text(name)) || 0,
    flag: (name) => text(name) === 'true',
    find: (name) => byPublicName.get(name),
    all: [...byPublicName.values()],
    change(name, value) {
      const setting = byPublicName.get(name);
      if (setting === undefined) return 'unknown';
      if (setting.access === 'read-only') return 'read-only';
      if (!isValid(setting.type, value)) return 'invalid';
      setting.value = value;
      return 'accepted';
    },
  };
}

function isValid(type: Type, value: string): boolean {
  if (type === 'integer') return /^\d{1,9}$/.test(value);
  return type === 'text' || value === 'true' || value === 'false';
}
