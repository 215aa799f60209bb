/** The years between which the time of a charge point is believed (field-faults row 35). */
export interface PlausibleTimes {
  from: Date;
  futureMinutes: number;
}

export type TimeFlag = 'implausible-time' | 'no-zone';

export interface ReadTime {
  /** ISO 8601 UTC with milliseconds: what the charge point says, or, where that is not plausible, when we received it. */
  at: string;
  /** As the charge point wrote it; '' when it did not. */
  raw: string;
  flags: readonly TimeFlag[];
}

const form = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9})\d*)?)? ?([Zz]|[+-]\d\d(?::?\d\d)?)?$/;

/** Reads what a charge point gives as a time. Never throws: what is not plausible becomes the time of reception, and is flagged. */
export function readTime(raw: unknown, receivedAt: string, { from, futureMinutes }: PlausibleTimes): ReadTime {
  const text = typeof raw === 'string' ? raw : '';
  const parsed = parseInstant(text);
  const latest = Date.parse(receivedAt) + futureMinutes * 60_000;
  if (parsed === undefined || parsed.ms < from.getTime() || parsed.ms > latest) {
    return { at: receivedAt, raw: text, flags: ['implausible-time'] };
  }
  return { at: new Date(parsed.ms).toISOString(), raw: text, flags: parsed.hasZone ? [] : ['no-zone'] };
}

/** A text without a zone counts as UTC. `undefined` for what is not a time of the calendar. */
function parseInstant(text: string): { ms: number; hasZone: boolean } | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = '0', fraction = '', zone] = match;
  const [y, mo, d] = [Number(year), Number(month), Number(day)];
  if (mo < 1 || mo > 12 || d < 1 || (d > 28 && d > daysIn(y, mo))) return undefined;
  if (Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const milliseconds = Math.floor(Number(`0.${fraction || '0'}`) * 1000);
  const local = Date.UTC(y, mo - 1, d, Number(hour), Number(minute), Number(second), milliseconds);
  return { ms: local - offsetMs(zone), hasZone: zone !== undefined };
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function offsetMs(zone = 'Z'): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const digits = zone.slice(1).replace(':', '');
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || '0')) * 60_000;
}
