import type { FilterValues } from '../../data/filter-codec.ts';
import type { MessageFilters } from '../../data/messages.ts';
import type { LiveFilters } from '../../data/messages-live.ts';

/** What of a list of messages is in its address. */
export const filterKinds = {
  client: 'text',
  action: 'text',
  /** Who spoke: client or server. */
  by: 'text',
  /** CALL, CALLRESULT …, by the number. */
  kind: 'text',
  errors: 'flag',
  deviations: 'flag',
  /** Milliseconds that the answer took at least. */
  slow: 'text',
  q: 'text',
  msgId: 'text',
  from: 'text',
  to: 'text',
} as const;

export type ListFilters = FilterValues<typeof filterKinds>;
export type SetFilters = (change: ListFilters) => void;

/** What else is in the address: the message that is open, and those that are compared. */
export const openKinds = { message: 'text', compare: 'list' } as const;
export type Opened = FilterValues<typeof openKinds>;
export type Open = (change: Opened) => void;

export const kinds = [
  { value: '2', label: 'CALL' },
  { value: '3', label: 'CALLRESULT' },
  { value: '4', label: 'CALLERROR' },
  { value: '5', label: 'CALLRESULTERROR' },
  { value: '6', label: 'SEND' },
  { value: '0', label: 'Not readable' },
] as const;

const directions = [0, 2, 3, 4, 5, 6] as const;

/** In the words of the API. What the address has and the API would not take is left out. */
export function apiFilters(filters: ListFilters, ofClient?: string): MessageFilters {
  const client = ofClient ?? filters.client;
  const direction = directions.find((one) => String(one) === filters.kind);
  const origin = (['client', 'server'] as const).find((one) => one === filters.by);
  const minLatencyMs = latencyIn(filters.slow);
  const [from, to] = [timeIn(filters.from), timeIn(filters.to)];
  return {
    ...(client === undefined ? {} : { client }),
    ...(filters.action === undefined ? {} : { messageType: filters.action }),
    ...(origin === undefined ? {} : { origin }),
    ...(direction === undefined || minLatencyMs !== undefined ? {} : { direction }),
    ...(filters.errors ? { errors: true } : {}),
    ...(filters.deviations ? { deviations: true } : {}),
    ...(minLatencyMs === undefined ? {} : { minLatencyMs }),
    ...(filters.q === undefined ? {} : { q: filters.q }),
    ...(filters.msgId === undefined ? {} : { msgId: filters.msgId }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

/** What can be followed live; undefined when nothing new can be among what is looked for, or nobody knows yet. */
export function liveFilters({ minLatencyMs, ...filters }: MessageFilters): LiveFilters | undefined {
  return minLatencyMs === undefined && filters.to === undefined ? filters : undefined;
}

export const isFiltered = (filters: ListFilters): boolean => Object.keys(filters).length > 0;

const longestLatencyMs = 86_400_000;

function latencyIn(text: string | undefined): number | undefined {
  const milliseconds = Number(text);
  const isLatency = text !== undefined && Number.isInteger(milliseconds) && milliseconds >= 0;
  return isLatency && milliseconds <= longestLatencyMs ? milliseconds : undefined;
}

function timeIn(text: string | undefined): string | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** For a field of a time in the viewer's zone: `2026-01-02T04:04:05`. */
export function localTime(iso: string | undefined): string {
  const time = new Date(iso ?? Number.NaN);
  if (Number.isNaN(time.getTime())) return '';
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
