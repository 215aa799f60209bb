import { InvalidArgumentError } from 'commander';

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

export function wholeNumber(text: string): number {
  const value = positiveNumber(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

/** An option that may be given several times. */
export const repeated = (text: string, before: string[] = []): string[] => [...before, text];

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** `2h`: two hours ago, or ahead. */
type Direction = 'ago' | 'ahead';

/** A time as people write it, local where it names no zone: `2026-01-31`, `2026-01-31 14:00`, or how far from now, `2h`. */
export function timeOf(text: string, now: Date, direction: Direction): string {
  const [, count, unit = ''] = /^(\d+)\s*(s|m|min|h|d)$/.exec(text) ?? [];
  if (count !== undefined) {
    const distance = Number(count) * (units[unit] ?? 0);
    return new Date(now.getTime() + (direction === 'ago' ? -distance : distance)).toISOString();
  }
  // Without a time, JavaScript would take it for UTC.
  const written = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text.replace(/^(\d{4}-\d{2}-\d{2}) /, '$1T');
  const time = /^\d{4}-\d{2}-\d{2}T/.test(written) ? new Date(written) : undefined;
  if (time === undefined || Number.isNaN(time.getTime()))
    throw new InvalidArgumentError(
      'It must be a time such as 2026-01-31, "2026-01-31 14:00", 2026-01-31T13:00:00Z, or how far from now: 30m, 2h, 7d.',
    );
  return time.toISOString();
}
