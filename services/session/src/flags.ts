/** What is unusual about a transaction, as codes that never change their meaning, and in words for a person. */
export const flagWords = {
  'implausible-time':
    'The charge point gave a time that cannot be right; when we received the message is used instead.',
  'no-zone': 'The charge point gave a time without a zone; it was taken as UTC.',
  'no-stop-received': 'Another transaction began on the same connector; the end of this one was never reported.',
  'late-stop': 'The end was reported after another transaction had begun on the same connector.',
  'matched-without-id': 'The end named no transaction that we know; it was matched by token, time and meter.',
  'no-transaction-id': 'The message names no transaction (0, -1 or nothing) and fits none without doubt.',
  'unknown-transaction-id': 'The message names a transaction that we do not know, and fits none without doubt.',
  'foreign-transaction-id': 'The message names a transaction of another charge point, which was left alone.',
  'stopped-by-other-token': 'It was ended with a token that is neither the one it began with nor of its group.',
  'conflicting-stop': 'The end was reported more than once, with different contents; the first one counts.',
  'stop-before-start': 'The end is reported to be before the beginning.',
  'missing-meter': 'There are not enough meter readings to say how much energy was delivered.',
  'meter-from-samples': 'A reading at the beginning or end is missing; sampled values were used for it.',
  'meter-went-backwards': 'The meter reads less at the end than at the beginning.',
  'meter-reset': 'The meter ran backwards in between.',
  'absurd-energy': 'The meter difference is more than any charger delivers in that time.',
  'session-relative-samples':
    'Sampled values count from the beginning of the session, unlike the readings at begin and end.',
  offline: 'At least a part was reported after the charge point had been offline.',
  'missing-events': 'Sequence numbers are missing: the charge point sent more than has arrived.',
  'seqno-reused': 'The charge point used a sequence number for two different events.',
  'no-seqno': 'An event came without a sequence number.',
  'no-started-event': 'The event that begins the transaction has not arrived.',
  'transaction-id-reused':
    'The charge point began twice under the same transaction id; readings may be of two sessions.',
  'weak-clock':
    'The clock of the charge point was not set, so that a repeat cannot be told from a new session by its time.',
  'weak-clock-new-session':
    'It began exactly like an earlier one, but after a reboot with a clock that was not set: taken as a new session.',
  'token-refused': 'The charge point began although the token was refused.',
} as const;

export type FlagCode = keyof typeof flagWords;

export interface Flag {
  code: string;
  words: string;
}

/** With one of these the energy is not to be billed before a person has looked at it. */
const disputing: ReadonlySet<FlagCode> = new Set([
  'missing-meter',
  'meter-went-backwards',
  'meter-reset',
  'absurd-energy',
  'transaction-id-reused',
]);

export function isDisputing(flag: FlagCode): boolean {
  return disputing.has(flag);
}

export function isFlagCode(text: string): text is FlagCode {
  return Object.hasOwn(flagWords, text);
}

export function withFlags(flags: readonly FlagCode[], ...more: readonly FlagCode[]): FlagCode[] {
  return [...new Set([...flags, ...more])].sort();
}

export function withoutFlags(flags: readonly FlagCode[], ...gone: readonly FlagCode[]): FlagCode[] {
  return flags.filter((flag) => !gone.includes(flag));
}

export function inWords(flags: readonly FlagCode[]): Flag[] {
  return flags.map((code) => ({ code, words: flagWords[code] }));
}

export function parseFlags(json: string): FlagCode[] {
  return (JSON.parse(json) as string[]).filter(isFlagCode);
}
