import type { Kysely } from 'kysely';
import type { Filter } from '../filter.ts';
import type { Order } from '../log-store.ts';
import type { LoggedMessage, LogLine } from '../message.ts';
import { pairAnswers } from './pair-answers.ts';
import type { LogSchema } from './schema.ts';
import { type Position, positionOf, readWindow } from './window.ts';

/** How much one question may look through before it answers with what it has and where to go on. */
export interface SearchBudget {
  /** Messages, piece by piece. */
  messages: readonly number[];
  /** With a client: blocks in which it spoke, piece by piece. */
  blocks: readonly number[];
  milliseconds: number;
}

/** Small pieces first, since most questions are answered by the newest messages. */
export const searchBudget: SearchBudget = {
  messages: [500, 2000, 8000, ...Array.from({ length: 30 }, () => 20_000)],
  blocks: [20, 80, 320, ...Array.from({ length: 60 }, () => 1000)],
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
  const lines: LogLine[] = [];
  let after = request.after;
  for (const size of request.filter.client === undefined ? budget.messages : budget.blocks) {
    const window = await readWindow(read, {
      ...request,
      after,
      size,
      limit: limit + 1 - lines.length,
      upToSeq: undefined,
    });
    lines.push(...window.lines);
    if (lines.length > limit) return fullPage(read, lines.slice(0, limit));
    if (window.end === undefined) return { items: await pairAnswers(read, lines) };
    after = window.end;
    if (elapsed() > until) break;
  }
  return {
    items: await pairAnswers(read, lines),
    ...(after === undefined ? {} : { next: after, scannedTo: after.time }),
  };
}

async function fullPage(read: Kysely<LogSchema>, lines: readonly LogLine[]): Promise<SearchPage> {
  const last = lines.at(-1);
  return { items: await pairAnswers(read, lines), ...(last === undefined ? {} : { next: positionOf(last) }) };
}
