import Type from 'typebox';
import { Problem } from './problem.ts';

/** A time in a query or body: ISO 8601 with a zone. Turn it into a `Date` with `parseTime`. */
export const isoTime = Type.String({
  format: 'iso-time',
  maxLength: 40,
  description: 'ISO 8601 with a zone, such as 2026-01-02T03:04:05Z or 2026-01-02T04:04:05+01:00.',
});

const isoWithZone =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?:Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)$/i;

export function isIsoTime(text: string): boolean {
  const [, year, month, day] = isoWithZone.exec(text) ?? [];
  if (year === undefined || Number.isNaN(instant(text))) return false;
  // Date.parse makes 3 March of 31 February.
  return Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
}

/** `name` is the parameter, for the message. Throws a 400 `Problem` for what is not a time with a zone. */
export function parseTime(text: string, name = 'time'): Date {
  if (!isIsoTime(text)) {
    throw new Problem(400, 'invalid-request', `${name} is not a time with a zone such as 2026-01-02T03:04:05Z.`, {
      errors: [{ path: name, message: 'must be ISO 8601 with a zone' }],
    });
  }
  return new Date(instant(text));
}

/** `+01:00` in a URL arrives as a space and 01:00 when it was not escaped. That is not guessed: it is refused. */
const instant = (text: string): number => Date.parse(text.replace(',', '.').replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
