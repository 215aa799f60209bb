import { createHash } from 'node:crypto';
import { idTime } from '../id-range.ts';

/** Azure allows 1 KiB for a key, which is 512 UTF-16 code units. */
const maxKeyLength = 400;
const timeDigits = 15;
const latestTime = 10 ** timeDigits - 1;
const minuteMs = 60_000;
const latestMinute = Math.floor(latestTime / minuteMs);

/** `/ \ # ?` and control characters are forbidden in keys, half surrogate pairs are no text; `%` and `'` are known to trouble clients; `!` is what escapes. */
const forbidden = /[/\\#?%'!\p{Cc}\p{Cs}]/gu;

/** The text as a key: each forbidden UTF-16 code unit as `!` and four hexadecimal digits. One too long ends with its SHA-256. */
export function keyOf(text: string): string {
  const escaped = text.replace(forbidden, (unit) => `!${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (escaped.length <= maxKeyLength) return escaped;
  // Not within an escape or a surrogate pair.
  const start = escaped.slice(0, maxKeyLength - 80).replace(/![0-9a-f]{0,3}$|[\ud800-\udbff]$/, '');
  return `${start}!~${createHash('sha256').update(text, 'utf16le').digest('hex')}`;
}

/** What `keyOf` made the key of; of one that was too long its beginning. */
export function textOfKey(key: string): string {
  return key
    .replace(/!~[0-9a-f]{64}$/, '…')
    .replace(/!([0-9a-f]{4})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** A time in milliseconds since 1970, at the beginning of the row keys of its messages. */
export function timeKey(time: number): string {
  return String(clamped(time)).padStart(timeDigits, '0');
}

const clamped = (time: number): number => Math.min(Math.max(Math.floor(time), 0), latestTime);

interface Keyed {
  id: string;
  messageTime: string;
}

/** The same whenever the message is delivered: one whose time cannot be read is at the time that its id tells, or at 0. */
export function rowKeyOf({ id, messageTime }: Keyed): string {
  const time = Date.parse(messageTime);
  return `${timeKey(Number.isNaN(time) ? (idTime(id) ?? 0) : time)}-${keyOf(id)}`;
}

/** Milliseconds since 1970. */
export const timeOfRowKey = (rowKey: string): number => Number(rowKey.slice(0, timeDigits)) || 0;

/** `keyOf` the id of the message. */
export const tieBreakerOf = (rowKey: string): string => rowKey.slice(timeDigits + 1);

export const minuteOf = (time: number): number => Math.floor(clamped(time) / minuteMs);
export const startOfMinute = (minute: number): number => minute * minuteMs;
export const lastMinute = latestMinute;

/** Partitions of the index come with the newest first: the service knows no other order than that of the keys. */
export const minuteKey = (minute: number): string => `t${String(latestMinute - minute).padStart(12, '0')}`;
export const minuteOfKey = (key: string): number => latestMinute - Number(key.slice(1));
/** After every `minuteKey`. */
export const afterMinuteKeys = 'u';

export const journalKey = (writer: string): string => `w${keyOf(writer)}`;
export const partsKey = (partitionKey: string, rowKey: string): string =>
  `p${createHash('sha256').update(`${partitionKey}\n${rowKey}`).digest('hex')}`;
