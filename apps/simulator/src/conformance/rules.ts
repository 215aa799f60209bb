/** What a conformant charge point may expect of a CSMS: the clause of 1.6, that of 2.x, and the rule in words of ours. */
export const rules = {
  frame: ['J16 §4.2', 'J2.x §4.2', 'A message is a JSON array with the elements of its type, and no more.'],
  'message-id-length': ['J16 §4.1.4', 'J2.x §4.1.4', 'A message id has at most 36 characters.'],
  'message-id-unique': [
    'J16 §4.1.4',
    'J2.x §4.1.4',
    'A CALL has a message id that no other CALL of the CSMS on this connection had.',
  ],
  'call-in-flight': ['J16 §4.1.1', 'J2.x §4.1.1', 'No CALL before the last one was answered or has timed out.'],
  'answer-asked': ['J16 §4.2.2', 'J2.x §4.2.2', 'An answer repeats the message id of a CALL that waits for it.'],
  'answer-once': ['J16 §4.1.1', 'J2.x §4.1.1', 'A CALL is answered once.'],
  'answer-valid': ['1.6 §6', '2.x part 2 §1', 'The payload of an answer is valid by its schema.'],
  'call-known': ['1.6 §5', '2.x part 2 §1', 'A CALL has an action that a CSMS may ask for.'],
  'call-valid': ['1.6 §6', '2.x part 2 §1', 'The payload of a CALL is valid by its schema.'],
  'error-code': ['J16 §4.2.3', 'J2.x §4.3', 'A CALLERROR has a code of the table of its version.'],
  'error-description': ['', 'J2.x §4.2.3', 'A description of an error has at most 255 characters.'],
  'error-deserved': ['J16 §4.2.3', 'J2.x §4.2.3', 'What is valid and supported is not answered with a CALLERROR.'],
  'transaction-refused': [
    '1.6 §4.8, §4.10',
    'E01.FR.11, 2.x E',
    'A valid transaction message is never answered with a CALLERROR: the charge point would discard it.',
  ],
  'boot-interval': ['1.6 §4.2', 'B01.FR.05', 'The interval is above 0 where the boot is accepted, and never below 0.'],
  'boot-first': [
    '1.6 §4.2',
    'B02, B03',
    'No CALL before the first BootNotification of a connection that boots was answered.',
  ],
  'boot-rejected': ['1.6 §4.2', 'B03.FR.03', 'No CALL after the boot was rejected.'],
  'pending-start': ['1.6 §4.2', 'B02.FR.05', 'No remote start or stop while the boot is pending.'],
  'time-format': [
    '1.6 §3.15',
    '2.x part 2 §1',
    'A time is in UTC with a Z and with at most 3 digits for the fraction.',
  ],
  'time-plausible': ['1.6 §4.2, §4.6', 'B01.FR.06, G02', 'currentTime is the current time.'],
  'time-forward': ['1.6 §4.6', 'G02', 'currentTime does not run backwards.'],
  'time-milliseconds': [
    '1.6 §3.15',
    '2.x part 2 §1',
    'currentTime has milliseconds: they may be left out, and some firmware leaves a CSMS that does.',
  ],
  'transaction-id': ['1.6 §4.8', '', 'A transaction gets an id above 0.'],
  'transaction-id-unique': [
    '1.6 §4.8',
    '',
    'No two transactions get the same id, and one that is said again gets its own.',
  ],
  'token-info': ['1.6 §4.8', 'E01.FR.12', 'A start with a token is answered with what the token may.'],
  'token-expired': ['1.6 §7.8', 'C10', 'A token that has expired is not Accepted.'],
  'profile-purpose': [
    '1.6 §3.13.1',
    'K01',
    'The maximum of a charge point is for connector 0, a TxProfile for one connector.',
  ],
  'profile-external': ['', 'K01.FR.22', 'External constraints are not set by the CSMS.'],
  'profile-transaction': ['', 'K01.FR.03', 'A TxProfile names its transaction.'],
  'profile-known-transaction': [
    '1.6 §3.13.1, §5.16.3',
    'K01.FR.04, K01.FR.33',
    'A TxProfile is for a transaction that began at that connector.',
  ],
  'profile-validity': [
    '1.6 §7.8',
    'K01.FR.36',
    'A profile is valid from a time that is before the one that it is valid to.',
  ],
  'profile-start': ['1.6 errata 3.57', 'K01.FR.40', 'An absolute or recurring schedule has a start.'],
  'profile-relative': ['1.6 §7.13', 'K01.FR.41', 'A relative schedule has no start.'],
  'profile-max-relative': ['', 'K01.FR.38', 'The maximum of a charging station is not relative.'],
  'profile-recurrency': ['1.6 §7.9', 'K01', 'Recurring profiles, and only these, say how often they recur.'],
  'profile-first-period': ['1.6 §5.16.4', 'K01.FR.31', 'The first period of a schedule starts at 0.'],
  'profile-period-order': ['1.6 §7.13', 'K01.FR.35', 'The periods of a schedule come in the order of their start.'],
  'remote-start-profile': [
    '1.6 §5.16.2',
    'F01.FR.09, F01.FR.11',
    'The profile of a remote start is a TxProfile without a transaction.',
  ],
  'reservation-expiry': ['1.6 §5.13', 'H01', 'A reservation ends in the future.'],
  'list-version': [
    '1.6 §5.15',
    'D01',
    'The version of a local list is above 0, and a difference has a higher one than the list.',
  ],
  'list-tokens': ['1.6 §5.15', 'D01', 'A token is in a list once, and a full list says of each what it may.'],
  'connector-number': ['1.6 §6.33, §6.51, §6.53', 'F01, F05', 'What is for one connector names one: a number above 0.'],
  'file-location': ['', 'L01, N01', 'Where a file is fetched from or brought to is a URL.'],
} as const satisfies Record<string, readonly [clause16: string, clause2: string, words: string]>;

export type RuleId = keyof typeof rules;

const notes: ReadonlySet<RuleId> = new Set(['time-milliseconds']);

/** What breaks no clause, and is worth saying. */
export const isNote = (rule: RuleId): boolean => notes.has(rule);

export function clauseOf(rule: RuleId, is16: boolean): string {
  return is16 ? rules[rule][0] : rules[rule][1];
}

export function applies(rule: RuleId, is16: boolean): boolean {
  return clauseOf(rule, is16) !== '';
}
