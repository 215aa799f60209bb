/** The keys of the standard beside those of the Core profile, as 1.6 §9.2 to §9.4 and the security whitepaper §7 sort them. */
const keysOf: Readonly<Record<string, readonly string[]>> = {
  'Local authorization list': ['LocalAuthListEnabled', 'LocalAuthListMaxLength', 'SendLocalListMaxLength'],
  Reservation: ['ReserveConnectorZeroSupported'],
  Security: [
    'AdditionalRootCertificateCheck',
    'AuthorizationKey',
    'CertificateSignedMaxChainSize',
    'CertificateStoreMaxLength',
    'CpoName',
    'SecurityProfile',
  ],
  'Smart charging': [
    'ChargeProfileMaxStackLevel',
    'ChargingScheduleAllowedChargingRateUnit',
    'ChargingScheduleMaxPeriods',
    'ConnectorSwitch3to1PhaseSupported',
    'MaxChargingProfilesInstalled',
  ],
  Core: [
    'AllowOfflineTxForUnknownId',
    'AuthorizationCacheEnabled',
    'AuthorizeRemoteTxRequests',
    'BlinkRepeat',
    'ClockAlignedDataInterval',
    'ConnectionTimeOut',
    'ConnectorPhaseRotation',
    'ConnectorPhaseRotationMaxLength',
    'GetConfigurationMaxKeys',
    'HeartbeatInterval',
    'LightIntensity',
    'LocalAuthorizeOffline',
    'LocalPreAuthorize',
    'MaxEnergyOnInvalidId',
    'MeterValuesAlignedData',
    'MeterValuesAlignedDataMaxLength',
    'MeterValuesSampledData',
    'MeterValuesSampledDataMaxLength',
    'MeterValueSampleInterval',
    'MinimumStatusDuration',
    'NumberOfConnectors',
    'ResetRetries',
    'StopTransactionOnEVSideDisconnect',
    'StopTransactionOnInvalidId',
    'StopTxnAlignedData',
    'StopTxnAlignedDataMaxLength',
    'StopTxnSampledData',
    'StopTxnSampledDataMaxLength',
    'SupportedFeatureProfiles',
    'SupportedFeatureProfilesMaxLength',
    'SupportedFileTransferProtocols',
    'TransactionMessageAttempts',
    'TransactionMessageRetryInterval',
    'UnlockConnectorOnEVSideDisconnect',
    'WebSocketPingInterval',
  ],
};

const profiles = new Map(
  Object.entries(keysOf).flatMap(([profile, keys]) => keys.map((key) => [key.toLowerCase(), profile])),
);

/** The feature profile to which a key of 1.6 belongs, in whatever case it is written; that of a vendor has none. */
export const profileOfKey = (key: string): string => profiles.get(key.toLowerCase()) ?? 'Of the vendor';
