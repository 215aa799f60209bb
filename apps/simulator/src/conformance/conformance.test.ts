import { loadValidator, type OcppVersion } from '@ocpp-csms/ocpp';
import { describe, expect, test } from 'vitest';
import { type Conformance, createConformance } from './conformance.ts';
import { reportOn, reportText } from './report.ts';
import { applies, type RuleId, rules } from './rules.ts';

const validators = { 'ocpp1.6': await loadValidator('ocpp1.6'), 'ocpp2.0.1': await loadValidator('ocpp2.0.1') };
const now = new Date('2026-01-01T12:00:00Z');
const later = '2026-01-01T13:00:00.000Z';

/** Frames in their order: `<` of the CSMS, `>` of the charge point. */
type Script = (['<' | '>', unknown] | ['reconnect'])[];
type Version = keyof typeof validators;

function watch(script: Script, version: Version = 'ocpp1.6'): Conformance {
  const conformance = createConformance({
    id: 'CP1',
    version: version as OcppVersion,
    validator: validators[version],
    now: () => now,
  });
  conformance.connected();
  for (const [side, frame] of script) {
    const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
    if (side === '>') conformance.sent(text);
    else if (side === '<') conformance.received(text);
    else conformance.connected();
  }
  return conformance;
}

const broken = (script: Script, version?: Version) => {
  const { findings, notes } = watch(script, version);
  return [...findings, ...notes].map(({ rule }) => rule);
};

const currentTime = '2026-01-01T12:00:00.000Z';
const boot16 = { chargePointVendor: 'v', chargePointModel: 'm' };
const boot2 = { reason: 'PowerUp', chargingStation: { vendorName: 'v', model: 'm' } };
const booted = (status: string, boot: object = boot16, interval = 60): Script => [
  ['>', [2, 'b', 'BootNotification', boot]],
  ['<', [3, 'b', { status, interval, currentTime }]],
];
const accepted = booted('Accepted');
const accepted2 = booted('Accepted', boot2);
const asked = (action: string, payload: object): Script => [...accepted, ['<', [2, 'c', action, payload]]];
const asked2 = (action: string, payload: object): Script => [...accepted2, ['<', [2, 'c', action, payload]]];
const answered = (action: string, payload: object, answer: unknown, msgId = 'a'): Script => [
  ['>', [2, msgId, action, payload]],
  ['<', answer],
];
const heartbeat = (answer: unknown): Script => [...accepted, ...answered('Heartbeat', {}, answer)];
const start = { connectorId: 1, idTag: 'T', meterStart: 0, timestamp: currentTime };
const started = (transactionId: number, payload: object = start, msgId = 's'): Script =>
  answered('StartTransaction', payload, [3, msgId, { transactionId, idTagInfo: { status: 'Accepted' } }], msgId);

const schedule = (more: object = {}) => ({
  chargingRateUnit: 'W',
  startSchedule: currentTime,
  chargingSchedulePeriod: [{ startPeriod: 0, limit: 1000 }],
  ...more,
});
const profile = (more: object = {}) => ({
  chargingProfileId: 1,
  stackLevel: 0,
  chargingProfilePurpose: 'TxDefaultProfile',
  chargingProfileKind: 'Absolute',
  chargingSchedule: schedule(),
  ...more,
});
const setProfile = (more: object = {}, connectorId = 1) =>
  asked('SetChargingProfile', { connectorId, csChargingProfiles: profile(more) });
const setProfile2 = (more: object = {}, evseId = 1) => {
  const { chargingProfileId: id, chargingSchedule, ...common } = profile(more);
  return asked2('SetChargingProfile', {
    evseId,
    chargingProfile: { id, ...common, chargingSchedule: [{ id: 1, ...chargingSchedule }] },
  });
};
const list = (listVersion: number, updateType: string, localAuthorizationList: object[] = []): Script[number] => [
  '<',
  [2, `l${listVersion}`, 'SendLocalList', { listVersion, updateType, localAuthorizationList }],
];
const done: Script[number] = ['>', [3, 'l5', { status: 'Accepted' }]];
const entry = { idTag: 'T', idTagInfo: { status: 'Accepted' } };
const event = {
  eventType: 'Started',
  timestamp: currentTime,
  triggerReason: 'Authorized',
  seqNo: 0,
  transactionInfo: { transactionId: 't' },
};

/** For each rule a script that breaks it, and nothing else. */
const violations: Record<RuleId, Script | { version: Version; script: Script }> = {
  frame: [...accepted, ['<', [2, 'c', 'ClearCache']]],
  'message-id-length': [...accepted, ['<', [2, 'c'.repeat(37), 'ClearCache', {}]]],
  'message-id-unique': [
    ...asked('ClearCache', {}),
    ['>', [3, 'c', { status: 'Accepted' }]],
    ['<', [2, 'c', 'ClearCache', {}]],
  ],
  'call-in-flight': [...asked('ClearCache', {}), ['<', [2, 'd', 'ClearCache', {}]]],
  'answer-asked': heartbeat([3, 'other', { currentTime }]),
  'answer-once': [...heartbeat([3, 'a', { currentTime }]), ['<', [3, 'a', { currentTime }]]],
  'answer-valid': heartbeat([3, 'a', { currentTime, extra: 1 }]),
  'call-known': asked('Heartbeat', {}),
  'call-valid': asked('Reset', { type: 'Lukewarm' }),
  'error-code': heartbeat([4, 'a', 'NotSupportedYet', '', {}]).concat(),
  'error-description': {
    version: 'ocpp2.0.1',
    script: [
      ...accepted2,
      ...answered('DataTransfer', { vendorId: 'v' }, [4, 'a', 'NotSupported', 'x'.repeat(256), {}]),
    ],
  },
  'error-deserved': heartbeat([4, 'a', 'InternalError', '', {}]),
  'transaction-refused': [...accepted, ...answered('StartTransaction', start, [4, 'a', 'InternalError', '', {}])],
  'boot-interval': booted('Accepted', boot16, 0),
  'boot-first': [
    ['>', [2, 'b', 'BootNotification', boot16]],
    ['<', [2, 'c', 'ClearCache', {}]],
  ],
  'boot-rejected': [...booted('Rejected'), ['<', [2, 'c', 'ClearCache', {}]]],
  'pending-start': [...booted('Pending'), ['<', [2, 'c', 'RemoteStartTransaction', { idTag: 'T' }]]],
  'time-format': heartbeat([3, 'a', { currentTime: '2026-01-01T12:00:00.123456Z' }]),
  'time-plausible': heartbeat([3, 'a', { currentTime: '2026-01-01T14:00:00.000Z' }]),
  'time-forward': heartbeat([3, 'a', { currentTime: '2026-01-01T11:59:00.000Z' }]),
  'time-milliseconds': heartbeat([3, 'a', { currentTime: '2026-01-01T12:00:00Z' }]),
  'transaction-id': [...accepted, ...started(0)],
  'transaction-id-unique': [...accepted, ...started(7), ...started(7, { ...start, idTag: 'U' }, 's2')],
  'token-info': {
    version: 'ocpp2.0.1',
    script: [
      ...accepted2,
      ...answered('TransactionEvent', { ...event, idToken: { idToken: 'T', type: 'ISO14443' } }, [3, 'a', {}]),
    ],
  },
  'token-expired': [
    ...accepted,
    ...answered('Authorize', { idTag: 'T' }, [
      3,
      'a',
      { idTagInfo: { status: 'Accepted', expiryDate: '2025-01-01T00:00:00Z' } },
    ]),
  ],
  'profile-purpose': setProfile({ chargingProfilePurpose: 'ChargePointMaxProfile' }, 1),
  'profile-external': {
    version: 'ocpp2.0.1',
    script: setProfile2({ chargingProfilePurpose: 'ChargingStationExternalConstraints' }, 0),
  },
  'profile-transaction': { version: 'ocpp2.0.1', script: setProfile2({ chargingProfilePurpose: 'TxProfile' }) },
  'profile-known-transaction': [
    ...accepted,
    ...started(7),
    [
      '<',
      [
        2,
        'c',
        'SetChargingProfile',
        { connectorId: 2, csChargingProfiles: profile({ chargingProfilePurpose: 'TxProfile', transactionId: 7 }) },
      ],
    ],
  ],
  'profile-validity': setProfile({ validFrom: later, validTo: currentTime }),
  'profile-start': setProfile({
    chargingSchedule: { chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 1 }] },
  }),
  'profile-relative': setProfile({ chargingProfileKind: 'Relative' }),
  'profile-max-relative': {
    version: 'ocpp2.0.1',
    script: setProfile2(
      {
        chargingProfilePurpose: 'ChargingStationMaxProfile',
        chargingProfileKind: 'Relative',
        chargingSchedule: { chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 1 }] },
      },
      0,
    ),
  },
  'profile-recurrency': setProfile({ chargingProfileKind: 'Recurring' }),
  'profile-first-period': setProfile({
    chargingSchedule: schedule({ chargingSchedulePeriod: [{ startPeriod: 60, limit: 1 }] }),
  }),
  'profile-period-order': setProfile({
    chargingSchedule: schedule({
      chargingSchedulePeriod: [
        { startPeriod: 0, limit: 1 },
        { startPeriod: 60, limit: 1 },
        { startPeriod: 30, limit: 1 },
      ],
    }),
  }),
  'remote-start-profile': asked('RemoteStartTransaction', { idTag: 'T', chargingProfile: profile() }),
  'reservation-expiry': asked('ReserveNow', {
    connectorId: 1,
    expiryDate: '2025-12-31T00:00:00Z',
    idTag: 'T',
    reservationId: 1,
  }),
  'list-version': [...accepted, list(5, 'Full', [entry]), done, list(4, 'Differential')],
  'list-tokens': [...accepted, list(5, 'Full', [entry, entry])],
  'connector-number': asked('UnlockConnector', { connectorId: 0 }),
  'file-location': {
    version: 'ocpp2.0.1',
    script: asked2('UpdateFirmware', {
      requestId: 1,
      firmware: { location: 'somewhere', retrieveDateTime: currentTime },
    }),
  },
};

describe('each rule is seen to be broken, alone', () => {
  test.each(Object.entries(violations) as [RuleId, (typeof violations)[RuleId]][])('%s', (rule, violation) => {
    const { version, script } = Array.isArray(violation) ? { version: undefined, script: violation } : violation;
    const found = new Set(broken(script, version));
    // A code that is none is also an error that was not deserved; an id that was not used is one that nobody waits for.
    const alsoBroken: Partial<Record<RuleId, RuleId[]>> = {
      'error-code': ['error-deserved'],
      'time-format': ['time-milliseconds'],
    };
    expect([...found].filter((other) => !alsoBroken[rule]?.includes(other))).toEqual([rule]);
  });
});

describe('what a CSMS may do', () => {
  const profile2 = { chargingProfilePurpose: 'TxProfile', transactionId: 't' };
  const good: [string, Script, Version?][] = [
    [
      'accept, answer, ask',
      [
        ...heartbeat([3, 'a', { currentTime }]),
        ['<', [2, 'c', 'ClearCache', {}]],
        ['>', [3, 'c', { status: 'Accepted' }]],
        ['<', [2, 'd', 'ClearCache', {}]],
      ],
    ],
    ['ask at once when a connection comes back without a boot', [['<', [2, 'c', 'ClearCache', {}]]]],
    ['configure while pending', [...booted('Pending'), ['<', [2, 'c', 'GetConfiguration', {}]]]],
    [
      'refuse what comes before the boot is accepted',
      [...booted('Pending'), ...answered('Heartbeat', {}, [4, 'a', 'SecurityError', 'wait', {}])],
    ],
    [
      'refuse what is not valid',
      [...accepted, ...answered('Heartbeat', { no: 1 }, [4, 'a', 'FormationViolation', '', {}])],
    ],
    [
      'refuse what can not be read, by its id',
      [...accepted, ['>', '[2,"a","MeterValues",{"transactionId":,}]'], ['<', [4, 'a', 'FormationViolation', '', {}]]],
    ],
    [
      'not support what is optional',
      [...accepted, ...answered('DataTransfer', { vendorId: 'v' }, [4, 'a', 'NotSupported', '', {}])],
    ],
    [
      'give a start that is said again its id again',
      [...accepted, ...started(7), ...started(7, start, 's2'), ...started(8, { ...start, idTag: 'U' }, 's3')],
    ],
    ['set profiles of all kinds', setProfile()],
    ['set a daily profile', setProfile({ chargingProfileKind: 'Recurring', recurrencyKind: 'Daily' })],
    ['limit the whole charge point', setProfile({ chargingProfilePurpose: 'ChargePointMaxProfile' }, 0)],
    [
      'limit a transaction of 2.x',
      [
        ...accepted2,
        ...answered('TransactionEvent', { ...event, evse: { id: 1 } }, [3, 'a', {}]),
        ...setProfile2(profile2).slice(-1),
      ],
      'ocpp2.0.1',
    ],
    ['reserve', asked('ReserveNow', { connectorId: 1, expiryDate: later, idTag: 'T', reservationId: 1 })],
    ['send lists', [...accepted, list(5, 'Full', [entry]), done, list(6, 'Differential', [{ idTag: 'T' }])]],
    [
      'use the same id on another connection',
      [...asked('ClearCache', {}), ['reconnect'], ['<', [2, 'c', 'ClearCache', {}]]],
    ],
    [
      'answer nothing that could not be read with -1',
      [...accepted2, ['<', [4, '-1', 'RpcFrameworkError', '', {}]]],
      'ocpp2.0.1',
    ],
  ];
  test.each(good)('%s', (_what, script, version) => expect(watch(script, version).findings).toEqual([]));
});

test('a strict charge point refuses what breaks a rule, and obeys what does not', () => {
  const conformance = watch(accepted);
  expect(conformance.received('[2,"1","Reset",{"type":"Lukewarm"}]')).toMatchObject({ code: 'FormatViolation' });
  conformance.sent('[4,"1","FormationViolation","",{}]');
  expect(conformance.received('[2,"2","Reset",{"type":"Soft"}]')).toBeUndefined();
});

test('secrets are in no finding', () => {
  const script = asked('ChangeConfiguration', { key: 'AuthorizationKey', value: 'my-secret-password', extra: 1 });
  expect(JSON.stringify(watch(script).findings)).not.toContain('my-secret-password');
});

test('the report counts, names the clause and shows some frames', () => {
  const report = reportOn([watch(violations['connector-number'] as Script), watch(accepted)]);
  expect(report).toMatchObject({ chargePoints: 2, findings: [{ rule: 'connector-number' }] });
  expect(report.rules).toBe((Object.keys(rules) as RuleId[]).filter((rule) => applies(rule, true)).length);
  const text = reportText(report);
  expect(text).toContain('1 finding');
  expect(text).toContain('1.6 §6.33');
  expect(text).toContain('[2,"c","UnlockConnector",{"connectorId":0}]');
  expect(reportText(reportOn([watch(accepted)]))).toMatch(/nothing found \(1 charge point, 1 frame/);
});
