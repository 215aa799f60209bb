import type { LogEntry } from './log-entry.ts';
import { timesIn } from './times.ts';

export interface Timeline {
  /** Milliseconds since 1970. */
  start: number;
  /** Of each entry, in seconds after the start: never less than that of the one before. */
  offsets: number[];
}

const dayMs = 86_400_000;

/**
 * When each was said. A line without a time is as late as the one before it; a log without days, or without times,
 * begins at the first time that its messages name, and without any of those now.
 */
export function timelineOf(entries: readonly LogEntry[], now: Date): Timeline {
  const times = withDays(entries, firstTimeIn(entries) ?? now.getTime());
  const start = times.find((time) => time !== undefined) ?? firstTimeIn(entries) ?? now.getTime();
  let offset = 0;
  const offsets = times.map((time) => {
    offset = Math.max(offset, ((time ?? 0) - start) / 1000);
    return Math.round(offset * 1000) / 1000;
  });
  return { start, offsets };
}

/** A time of day that is far before the last one is one of the next day. */
function withDays(entries: readonly LogEntry[], anyTime: number): (number | undefined)[] {
  let day = Math.floor(anyTime / dayMs) * dayMs;
  let last = day;
  return entries.map(({ time, isTimeOfDay }) => {
    if (time === undefined || !isTimeOfDay) return time;
    if (day + time < last - dayMs / 2) day += dayMs;
    last = day + time;
    return last;
  });
}

function firstTimeIn(entries: readonly LogEntry[]): number | undefined {
  for (const { frame } of entries) {
    const [time] = 'payload' in frame ? timesIn(frame.payload) : [];
    if (time !== undefined) return time;
  }
  return undefined;
}
