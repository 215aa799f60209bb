import { isJsonObject, type JsonObject, type OcppVersion } from '@ocpp-csms/ocpp';
import type { Memory } from './memory.ts';
import type { RuleId } from './rules.ts';

/** A rule that was put to the test; without a problem it was kept. */
export interface Verdict {
  rule: RuleId;
  problem: string | undefined;
}

interface Context {
  now: Date;
  memory: Memory;
}

const clockToleranceMs = 5 * 60_000;

const verdict = (rule: RuleId, isBroken: boolean, problem: string): Verdict => ({
  rule,
  problem: isBroken ? problem : undefined,
});
const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);
const member = (value: unknown): JsonObject => (isJsonObject(value) ? value : {});

/** What the schema of a CALL of the CSMS can not say. */
export function checkCall(version: OcppVersion, action: string, payload: JsonObject, context: Context): Verdict[] {
  const times = timesIn(payload).map((time) => verdict('time-format', !isTime(time), `${time} is not`));
  const check = version === 'ocpp1.6' ? calls16[action] : calls2[action];
  return [...times, ...(check?.(payload, context) ?? [])];
}

type CallCheck = (payload: JsonObject, context: Context) => Verdict[];

const calls16: Readonly<Record<string, CallCheck>> = {
  RemoteStartTransaction: ({ connectorId, chargingProfile }) => [
    ...connectorVerdict(connectorId),
    ...(isJsonObject(chargingProfile) ? remoteStartProfile(chargingProfile, [chargingProfile.chargingSchedule]) : []),
  ],
  ReserveNow: ({ expiryDate }, { now }) => [reservationVerdict(expiryDate, now)],
  SendLocalList: ({ listVersion, updateType, localAuthorizationList }, { memory }) =>
    listVerdicts({ version: listVersion, updateType, memory }, objects(localAuthorizationList), 'idTag', 'idTagInfo'),
  SetChargingProfile: ({ connectorId, csChargingProfiles }, { memory }) => {
    const profile = member(csChargingProfiles);
    return [
      ...profileVerdicts(profile, [profile.chargingSchedule], Number(connectorId), 'ChargePointMaxProfile'),
      ...transactionVerdict(profile, Number(connectorId), memory),
    ];
  },
  UnlockConnector: ({ connectorId }) => connectorVerdict(connectorId),
  TriggerMessage: ({ connectorId }) => connectorVerdict(connectorId),
  ExtendedTriggerMessage: ({ connectorId }) => connectorVerdict(connectorId),
};

const calls2: Readonly<Record<string, CallCheck>> = {
  RequestStartTransaction: ({ evseId, chargingProfile }) => [
    ...connectorVerdict(evseId),
    ...(isJsonObject(chargingProfile) ? remoteStartProfile(chargingProfile, schedulesOf(chargingProfile)) : []),
  ],
  ReserveNow: ({ expiryDateTime }, { now }) => [reservationVerdict(expiryDateTime, now)],
  SendLocalList: ({ versionNumber, updateType, localAuthorizationList }, { memory }) =>
    listVerdicts(
      { version: versionNumber, updateType, memory },
      objects(localAuthorizationList),
      'idToken',
      'idTokenInfo',
    ),
  SetChargingProfile: ({ evseId, chargingProfile }, { memory }) => {
    const profile = member(chargingProfile);
    const { chargingProfilePurpose: purpose, transactionId, chargingProfileKind: kind } = profile;
    return [
      ...profileVerdicts(profile, schedulesOf(profile), Number(evseId), 'ChargingStationMaxProfile'),
      ...transactionVerdict(profile, Number(evseId), memory),
      verdict('profile-external', purpose === 'ChargingStationExternalConstraints', `its purpose is ${purpose}`),
      ...(purpose === 'TxProfile'
        ? [verdict('profile-transaction', transactionId === undefined, 'there is no transactionId')]
        : []),
      ...(purpose === 'ChargingStationMaxProfile'
        ? [verdict('profile-max-relative', kind === 'Relative', 'it is relative')]
        : []),
    ];
  },
  UnlockConnector: ({ evseId, connectorId }) => [...connectorVerdict(evseId), ...connectorVerdict(connectorId)],
  UpdateFirmware: ({ firmware }) => [locationVerdict(member(firmware).location)],
  GetLog: ({ log }) => [locationVerdict(member(log).remoteLocation)],
};

const schedulesOf = ({ chargingSchedule }: JsonObject): unknown[] =>
  Array.isArray(chargingSchedule) ? chargingSchedule : [chargingSchedule];

function connectorVerdict(number: unknown): Verdict[] {
  return number === undefined ? [] : [verdict('connector-number', !(Number(number) > 0), `it is ${number}`)];
}

function locationVerdict(url: unknown): Verdict {
  return verdict('file-location', !URL.canParse(String(url)), 'it is no URL');
}

function reservationVerdict(expiry: unknown, now: Date): Verdict {
  return verdict('reservation-expiry', !(Date.parse(String(expiry)) > now.getTime()), `it ends at ${expiry}`);
}

function listVerdicts(
  { version, updateType, memory }: { version: unknown; updateType: unknown; memory: Memory },
  entries: readonly JsonObject[],
  tokenName: string,
  infoName: string,
): Verdict[] {
  const number = Number(version);
  const tokens = entries.map((entry) => JSON.stringify(entry[tokenName]));
  const isFull = updateType === 'Full';
  const tooLow = number <= 0 || (!isFull && memory.listVersion !== undefined && number <= memory.listVersion);
  memory.listVersion = number;
  const isIncomplete = isFull && entries.some((entry) => entry[infoName] === undefined);
  const isTwice = new Set(tokens).size < tokens.length;
  return [
    verdict('list-version', tooLow, `it is ${version}`),
    verdict('list-tokens', isIncomplete || isTwice, isTwice ? 'a token is there twice' : `a token has no ${infoName}`),
  ];
}

function remoteStartProfile(profile: JsonObject, schedules: readonly unknown[]): Verdict[] {
  const { chargingProfilePurpose: purpose, transactionId } = profile;
  const isWrong = purpose !== 'TxProfile' || transactionId !== undefined;
  return [
    verdict('remote-start-profile', isWrong, `purpose ${purpose}, transactionId ${transactionId}`),
    ...scheduleVerdicts(profile, schedules),
  ];
}

function profileVerdicts(
  profile: JsonObject,
  schedules: readonly unknown[],
  connectorId: number,
  maxPurpose: string,
): Verdict[] {
  const { chargingProfilePurpose: purpose } = profile;
  const isMisplaced = (purpose === maxPurpose && connectorId !== 0) || (purpose === 'TxProfile' && connectorId === 0);
  return [
    verdict('profile-purpose', isMisplaced, `a ${purpose} for connector ${connectorId}`),
    ...scheduleVerdicts(profile, schedules),
  ];
}

/** Where it names one: 1.6 may leave that out. */
function transactionVerdict(
  { chargingProfilePurpose: purpose, transactionId }: JsonObject,
  connectorId: number,
  { begunAt }: Memory,
): Verdict[] {
  if (purpose !== 'TxProfile' || transactionId === undefined) return [];
  const id = String(transactionId);
  const place = begunAt.get(id);
  const isElsewhere = place !== undefined && place !== connectorId;
  const problem = isElsewhere
    ? `${id} began at ${place}, and it is for ${connectorId}`
    : `there is no transaction ${id}`;
  return [verdict('profile-known-transaction', isElsewhere || !begunAt.has(id), problem)];
}

function scheduleVerdicts(
  { chargingProfileKind: kind, recurrencyKind, validFrom, validTo }: JsonObject,
  schedules: readonly unknown[],
): Verdict[] {
  const isRecurring = kind === 'Recurring';
  const isNever = Date.parse(String(validFrom)) >= Date.parse(String(validTo));
  return [
    verdict('profile-validity', isNever, `it is valid from ${validFrom} to ${validTo}`),
    verdict(
      'profile-recurrency',
      isRecurring !== (recurrencyKind !== undefined),
      `kind ${kind}, recurrencyKind ${recurrencyKind}`,
    ),
    ...schedules.map(member).flatMap(({ startSchedule, chargingSchedulePeriod }) => {
      const starts = objects(chargingSchedulePeriod).map(({ startPeriod }) => Number(startPeriod));
      const isOutOfOrder = starts.some((start, index) => index > 0 && start <= (starts[index - 1] ?? 0));
      return [
        kind === 'Relative'
          ? verdict('profile-relative', startSchedule !== undefined, `it starts at ${startSchedule}`)
          : verdict('profile-start', startSchedule === undefined, `a schedule of kind ${kind} has no startSchedule`),
        verdict('profile-first-period', starts[0] !== 0, `it starts at ${starts[0]}`),
        verdict('profile-period-order', isOutOfOrder, `they start at ${starts.join(', ')}`),
      ];
    }),
  ];
}

interface AskedCall {
  action: string;
  payload: JsonObject;
}

/** What the schema of an answer can not say. */
export function checkAnswer(call: AskedCall, answer: JsonObject, context: Context): Verdict[] {
  const times = timesIn(answer).map((time) => verdict('time-format', !isTime(time), `${time} is not`));
  return [...times, ...(answers[call.action]?.(call, answer, context) ?? [])];
}

type AnswerCheck = (call: AskedCall, answer: JsonObject, context: Context) => Verdict[];

const answers: Readonly<Record<string, AnswerCheck>> = {
  BootNotification: (_call, { status, interval, currentTime }, context) => {
    const isWrong = Number(interval) < 0 || (status === 'Accepted' && !(Number(interval) > 0));
    return [verdict('boot-interval', isWrong, `it is ${interval}`), ...currentTimeVerdicts(currentTime, context)];
  },
  Heartbeat: (_call, { currentTime }, context) => currentTimeVerdicts(currentTime, context),
  Authorize: (_call, { idTagInfo, idTokenInfo }, context) => expiryVerdicts(idTagInfo ?? idTokenInfo, context),
  StartTransaction: ({ payload }, { transactionId, idTagInfo }, context) => [
    verdict('transaction-id', !(Number(transactionId) > 0), `it is ${transactionId}`),
    startedVerdict(payload, Number(transactionId), context.memory),
    verdict('token-info', !isJsonObject(idTagInfo), 'there is no idTagInfo'),
    ...expiryVerdicts(idTagInfo, context),
  ],
  StopTransaction: (_call, { idTagInfo }, context) => expiryVerdicts(idTagInfo, context),
  TransactionEvent: ({ payload }, { idTokenInfo }, context) => [
    ...(payload.idToken === undefined
      ? []
      : [
          verdict(
            'token-info',
            !isJsonObject(idTokenInfo),
            'the event has an idToken, and the answer has no idTokenInfo',
          ),
        ]),
    ...expiryVerdicts(idTokenInfo, context),
  ],
};

function currentTimeVerdicts(text: unknown, { now, memory }: Context): Verdict[] {
  const time = Date.parse(String(text));
  const before = memory.lastTime ?? time;
  memory.lastTime = time;
  const isFarOff = !(Math.abs(time - now.getTime()) <= clockToleranceMs);
  return [
    verdict('time-plausible', isFarOff, `${text}, and here it is ${now.toISOString()}`),
    verdict('time-forward', time < before, `${text} after ${new Date(before).toISOString()}`),
    verdict('time-milliseconds', !/\.\d{3}Z$/.test(String(text)), `it is ${text}`),
  ];
}

/** The same start, said again, must get the same id; another one another. */
function startedVerdict(start: JsonObject, transactionId: number, memory: Memory): Verdict {
  const { connectorId, idTag, timestamp, meterStart } = start;
  const key = JSON.stringify([connectorId, idTag, timestamp, meterStart]);
  const before = memory.transactionIds.get(key);
  const isTaken = [...memory.transactionIds].some(([other, id]) => other !== key && id === transactionId);
  memory.transactionIds.set(key, transactionId);
  memory.begunAt.set(String(transactionId), Number(connectorId));
  const hasChanged = before !== undefined && before !== transactionId;
  return verdict(
    'transaction-id-unique',
    isTaken || hasChanged,
    hasChanged ? `the same start got ${before} before, now ${transactionId}` : `${transactionId} is that of another`,
  );
}

function expiryVerdicts(info: unknown, { now }: Context): Verdict[] {
  if (!isJsonObject(info)) return [];
  const expiry = info.expiryDate ?? info.cacheExpiryDateTime;
  if (expiry === undefined) return [];
  const isOver = info.status === 'Accepted' && Date.parse(String(expiry)) < now.getTime() - clockToleranceMs;
  return [verdict('token-expired', isOver, `Accepted until ${expiry}`)];
}

const timeNames = new Set([
  'currentTime',
  'timestamp',
  'expiryDate',
  'expiryDateTime',
  'cacheExpiryDateTime',
  'startSchedule',
  'validFrom',
  'validTo',
  'retrieveDate',
  'retrieveDateTime',
  'installDate',
  'installDateTime',
  'startTime',
  'stopTime',
  'oldestTimestamp',
  'latestTimestamp',
]);

function timesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(timesIn);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'string' ? (timeNames.has(name) ? [inner] : []) : timesIn(inner),
  );
}

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(text) && !Number.isNaN(Date.parse(text));
}
