const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `5 min ago`, `in 2 h`, `just now`; from a week on, the date. */
export function relativeTime(at: number, now: number): string {
  const distance = Math.abs(now - at);
  if (distance < 10 * second) return 'just now';
  if (distance >= 7 * day) return dateOf(at, now);
  return now >= at ? `${span(distance)} ago` : `in ${span(distance)}`;
}

/** How long, in one unit that says enough: `45 s`, `12 min`, `3 h`, `2 d`. */
export function span(milliseconds: number): string {
  if (milliseconds < minute) return `${Math.floor(milliseconds / second)} s`;
  if (milliseconds < hour) return `${Math.floor(milliseconds / minute)} min`;
  if (milliseconds < 2 * day) return `${Math.floor(milliseconds / hour)} h`;
  return `${Math.floor(milliseconds / day)} d`;
}

/** How long, to the minute: `1 h 05 min`. */
export function duration(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / minute));
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** When `relativeTime` reads otherwise next, from now: so that a page need not count seconds for what is hours old. */
export function untilNextWord(at: number, now: number): number {
  const distance = Math.abs(now - at);
  if (distance < minute) return second;
  if (distance < hour) return 15 * second;
  return 5 * minute;
}

function dateOf(at: number, now: number): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Date(at).toLocaleDateString(undefined, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  });
}

/** In the viewer's zone, with the zone, to the millisecond. */
export const exactTime = (at: number): string => (Number.isNaN(at) ? 'not known' : exactFormat.format(at));

// Made once: to make one takes longer than to use it a hundred times.
const exactFormat = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  timeZoneName: 'short',
});

/** `14:03:07.123`, in the viewer's zone. */
export const clockTime = (at: number): string => (Number.isNaN(at) ? 'not known' : clockFormat.format(at));

const clockFormat = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});

/** When a day of a date field (`2026-11-26`) begins where the viewer is, as ISO 8601; undefined: no date. */
export function startOfDay(date: string | undefined): string | undefined {
  return instantOf(date, 'T00:00:00.000');
}

/** The last millisecond of that day. */
export function endOfDay(date: string | undefined): string | undefined {
  return instantOf(date, 'T23:59:59.999');
}

function instantOf(date: string | undefined, time: string): string | undefined {
  const instant = new Date(`${date}${time}`);
  return date === undefined || Number.isNaN(instant.getTime()) ? undefined : instant.toISOString();
}

/** Midnight where the viewer is, as ISO 8601. */
export function startOfToday(now = new Date()): string {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate()).toISOString();
}

/** For a field of date and time: `2026-11-26T21:30`, where the viewer is. */
export function localDateTime(iso: string): string {
  const at = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
