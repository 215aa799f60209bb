import { isJsonObject, type JsonObject } from '@ocpp-csms/ocpp';

const iso = /^(\d{4}-\d\d-\d\d)([T ])(\d\d:\d\d:\d\d)((?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)$/;

/** The times in a payload, in milliseconds since 1970; one without a zone is taken as UTC. */
export function timesIn(value: unknown): number[] {
  if (typeof value === 'string') return timeOf(value) ?? [];
  if (Array.isArray(value)) return value.flatMap(timesIn);
  return isJsonObject(value) ? Object.values(value).flatMap(timesIn) : [];
}

function timeOf(text: string): [number] | undefined {
  const [, date, , clock, rest = ''] = iso.exec(text) ?? [];
  if (date === undefined) return undefined;
  const time = Date.parse(`${date}T${clock}${/(?:Z|[+-]\d\d:?\d\d)$/.test(rest) ? rest : `${rest}Z`}`);
  return Number.isNaN(time) ? undefined : [time];
}

export interface Shift {
  /** Whole seconds, so that fractions stay as they are written. */
  seconds: number;
  /** Times outside are those of another clock, 1970 for example, and stay wrong. */
  from: number;
  to: number;
}

/** The payload with its times moved; each keeps the form in which the charge point wrote it. */
export function shiftTimes(payload: JsonObject, shift: Shift): JsonObject {
  return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, shiftValue(value, shift)]));
}

function shiftValue(value: unknown, shift: Shift): unknown {
  if (typeof value === 'string') return shiftText(value, shift);
  if (Array.isArray(value)) return value.map((element) => shiftValue(element, shift));
  return isJsonObject(value) ? shiftTimes(value, shift) : value;
}

function shiftText(text: string, { seconds, from, to }: Shift): string {
  const [time] = timeOf(text) ?? [];
  const [, date, separator, clock, rest] = iso.exec(text) ?? [];
  if (time === undefined || time < from || time > to) return text;
  const moved = new Date(Date.parse(`${date}T${clock}Z`) + seconds * 1000).toISOString();
  return `${moved.slice(0, 10)}${separator}${moved.slice(11, 19)}${rest}`;
}
