import type { Kysely } from 'kysely';
import type { Filter } from './filter.ts';
import type { LoggedMessage } from './message.ts';
import { pairAnswers } from './pair-answers.ts';
import type { LogSchema, MessageRow } from './schema.ts';
import { type Order, type Position, positionOf, readWindow } from './window.ts';

/** How much one question may look through before it answers with what it has and where to go on. */
export interface SearchBudget {
  /** Messages, piece by piece. */
  messages: readonly number[];
  /** With a client: seconds in which it spoke, piece by piece. In a second there may be thousands of messages. */
  seconds: readonly number[];
  milliseconds: number;
}

/** Small pieces first, since most questions are answered by the newest messages. */
export const searchBudget: SearchBudget = {
  messages: [500, 2000, 8000, ...Array.from({ length: 30 }, () => 20_000)],
  seconds: [10, 40, 160, 640, ...Array.from({ length: 30 }, () => 2500)],
  milliseconds: 1500,
};

export interface SearchRequest {
  filter: Filter;
  order: Order;
  limit: number;
  after?: Position;
  budget?: SearchBudget;
  /** For the time budget, in milliseconds. */
  elapsed?: () => number;
}

export interface SearchPage {
  items: LoggedMessage[];
  /** Where to go on; absent at the end of the log. */
  next?: Position;
  /** Set when the budget was used up before the page was full: nothing more was found up to this time (milliseconds). */
  scannedTo?: number;
}

/** One page, from a bounded look into the log. */
export async function search(read: Kysely<LogSchema>, request: SearchRequest): Promise<SearchPage> {
  const { limit, budget = searchBudget, elapsed = () => performance.now() } = request;
  const until = elapsed() + budget.milliseconds;
  const rows: MessageRow[] = [];
  let after = request.after;
  for (const size of request.filter.client === undefined ? budget.messages : budget.seconds) {
    const window = await readWindow(read, {
      ...request,
      after,
      size,
      limit: limit + 1 - rows.length,
      upToSeq: undefined,
    });
    rows.push(...window.rows);
    if (rows.length > limit) return fullPage(read, rows.slice(0, limit));
    if (window.end === undefined) return { items: await pairAnswers(read, rows) };
    after = window.end;
    if (elapsed() > until) break;
  }
  return {
    items: await pairAnswers(read, rows),
    ...(after === undefined ? {} : { next: after, scannedTo: after.time }),
  };
}

async function fullPage(read: Kysely<LogSchema>, rows: readonly MessageRow[]): Promise<SearchPage> {
  const last = rows.at(-1);
  return { items: await pairAnswers(read, rows), ...(last === undefined ? {} : { next: positionOf(last) }) };
}
