import { parseFilter } from '../filter.ts';
import type { LogStore } from '../log-store.ts';
import type { LoggedMessage } from '../message.ts';
import { type Heard, type Moment, momentOf } from './moment-of.ts';

/** Of each kind of message, so many are looked at. */
const mostOfAKind = 500;
const pageSize = 100;
/** Each of them is a bounded look into the log. */
const mostPages = 8;

export interface MomentInLog extends Moment {
  /** Set when not all of the log was looked at: what was said before this time is not in it. */
  lookedBackTo?: string;
}

/** How the charge point was at this time (milliseconds since 1970), by what it had said until then. */
export async function lookBack(store: Pick<LogStore, 'search'>, client: string, at: number): Promise<MomentInLog> {
  const to = new Date(at + 1).toISOString();
  const newest = (most: number, messageType?: string) =>
    readNewest(store, { client, to, ...(messageType === undefined ? {} : { messageType, direction: 2 }) }, most);
  const [last, heartbeat, boot, status, notified, started, stopped, events] = await Promise.all([
    newest(1),
    newest(1, 'Heartbeat'),
    newest(1, 'BootNotification'),
    newest(mostOfAKind, 'StatusNotification'),
    newest(mostOfAKind, 'NotifyEvent'),
    newest(mostOfAKind, 'StartTransaction'),
    newest(mostOfAKind, 'StopTransaction'),
    newest(mostOfAKind, 'TransactionEvent'),
  ]);
  const heard: Heard = {
    last: last.messages[0],
    heartbeat: heartbeat.messages[0],
    boot: boot.messages[0],
    statuses: newestFirst([...status.messages, ...notified.messages]),
    transactions: newestFirst([...started.messages, ...stopped.messages, ...events.messages]),
  };
  const ends = [last, heartbeat, boot, status, notified, started, stopped, events].flatMap(({ end }) => end ?? []);
  return { ...momentOf(heard), ...(ends.length === 0 ? {} : { lookedBackTo: ends.toSorted().at(-1) as string }) };
}

interface Found {
  messages: LoggedMessage[];
  /** How far was looked, when there is more. */
  end?: string;
}

interface Wanted {
  client: string;
  to: string;
  messageType?: string;
  direction?: number;
}

async function readNewest(store: Pick<LogStore, 'search'>, wanted: Wanted, most: number): Promise<Found> {
  const filter = parseFilter({ ...wanted, origin: 'client' });
  const messages: LoggedMessage[] = [];
  let after: unknown;
  let end: string | undefined;
  for (let pages = 0; pages < mostPages && messages.length < most; pages++) {
    const limit = Math.min(pageSize, most - messages.length);
    const page = await store.search({ filter, order: 'desc', limit, ...(after === undefined ? {} : { after }) });
    messages.push(...page.items);
    if (page.next === undefined) return { messages };
    after = page.next;
    end = page.scannedTo === undefined ? page.items.at(-1)?.messageTime : new Date(page.scannedTo).toISOString();
  }
  // Of which the newest alone is wanted, there is nothing more to look for.
  return most === 1 && messages.length === 1 ? { messages } : { messages, ...(end === undefined ? {} : { end }) };
}

/** Stable: those of one millisecond stay as they were. */
const newestFirst = (messages: LoggedMessage[]): LoggedMessage[] =>
  messages.toSorted((one, other) => Date.parse(other.messageTime) - Date.parse(one.messageTime));
