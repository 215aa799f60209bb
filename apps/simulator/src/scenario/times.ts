/** Times of a scenario, in simulated seconds from its start, which is a midnight. */

export const durationPattern = String.raw`^(?=\d)(\d+d)?(\d+h)?(\d+m)?(\d+s)?$`;
export const momentPattern = String.raw`^((\d+d )?([01]\d|2[0-3]):[0-5]\d|(?=\d)(\d+d)?(\d+h)?(\d+m)?(\d+s)?)$`;
export const windowPattern = String.raw`^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$`;

export const daySeconds = 86_400;
const units: Readonly<Record<string, number>> = { d: daySeconds, h: 3600, m: 60, s: 1 };

/** `1d6h`, `90m`, `20s`. */
export function secondsOf(duration: string): number {
  let seconds = 0;
  for (const [, count, unit] of duration.matchAll(/(\d+)([dhms])/g))
    seconds += Number(count) * (units[unit ?? ''] ?? 0);
  return seconds;
}

/** `06:30` is on the first day, `1d 06:30` on the second; `2h15m` is counted from the start as well. */
export function momentOf(text: string): number {
  const [, days = '0d', time] = /^(?:(\d+d) )?(\d\d:\d\d)$/.exec(text) ?? [];
  return time === undefined ? secondsOf(text) : secondsOf(days) + timeOfDay(time);
}

/** `07:00-09:30`: from and to, in seconds of a day. */
export function windowOf(text: string): { from: number; to: number } {
  const [from = '', to = ''] = text.split('-');
  return { from: timeOfDay(from), to: timeOfDay(to) };
}

function timeOfDay(text: string): number {
  const [hours, minutes] = text.split(':');
  return Number(hours) * 3600 + Number(minutes) * 60;
}

/** Of a moment of the scenario, for people: `06:30`, `1d 06:30`. */
export function clockText(seconds: number): string {
  const days = Math.floor(seconds / daySeconds);
  const time = new Date((seconds % daySeconds) * 1000).toISOString().slice(11, 16);
  return days === 0 ? time : `${days}d ${time}`;
}
