import type { Filter } from '../filter.ts';
import { InvalidCursor, type Order } from '../log-store.ts';
import type { FoundLine } from './message-entity.ts';

/** A place in the log between two messages: it is ordered by time, then client, then row key. */
export interface Position {
  /** Milliseconds since 1970. */
  time: number;
  client: string;
  rowKey: string;
}

export interface Walk {
  filter: Filter;
  order: Order;
  after: Position | undefined;
}

/** How far the walk has come, and the message that it met there when it may be wanted. */
export interface Step extends Position {
  line?: FoundLine;
}

export const positionOf = ({ time, message: { client }, rowKey }: FoundLine): Position => ({ time, client, rowKey });

/** Above 0: the one comes later. */
export function compare(one: Position, other: Position, order: Order): number {
  const ascending =
    one.time - other.time || compareText(one.client, other.client) || compareText(one.rowKey, other.rowKey);
  return order === 'asc' ? ascending : -ascending;
}

function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

export const cursorOf = ({ time, client, rowKey }: Position): unknown => [time, client, rowKey];

export function positionFrom(cursor: unknown): Position {
  const [time, client, rowKey] = Array.isArray(cursor) ? (cursor as unknown[]) : [];
  if (Number.isSafeInteger(time) && typeof client === 'string' && typeof rowKey === 'string') {
    return { time: time as number, client, rowKey };
  }
  throw new InvalidCursor('not a position in the log');
}
