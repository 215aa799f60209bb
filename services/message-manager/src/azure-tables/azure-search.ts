import type { Filter } from '../filter.ts';
import { lineFilter } from '../filter.ts';
import type { Order, Page } from '../log-store.ts';
import { pairAnswers } from './azure-answers.ts';
import type { LogTables } from './log-tables.ts';
import type { FoundLine } from './message-entity.ts';
import { type Position, positionOf } from './position.ts';
import { walkAll } from './walk-all.ts';
import { walkClient } from './walk-client.ts';

export interface AzureSearchRequest {
  filter: Filter;
  order: Order;
  limit: number;
  after?: Position;
  /** Milliseconds after which it answers with what it has. */
  budgetMs?: number;
  /** For the budget, in milliseconds. */
  elapsed?: () => number;
}

export type AzurePage = Omit<Page, 'next'> & { next?: Position };

const searchMs = 1500;

/** One page, from a bounded look into the log. */
export async function search(tables: LogTables, request: AzureSearchRequest): Promise<AzurePage> {
  const { filter, order, limit, after, budgetMs = searchMs, elapsed = () => performance.now() } = request;
  const until = elapsed() + budgetMs;
  const { holds } = lineFilter(filter);
  const lines: FoundLine[] = [];
  const walk = { filter, order, after };
  const steps = filter.client === undefined ? walkAll(tables, walk) : walkClient(tables, walk);
  for await (const { line, time, client, rowKey } of steps) {
    if (line !== undefined && holds(line)) {
      const last = lines.at(-1);
      if (lines.length === limit && last !== undefined)
        return { items: await pairAnswers(tables, lines), next: positionOf(last) };
      lines.push(line);
    }
    if (elapsed() > until) {
      return { items: await pairAnswers(tables, lines), next: { time, client, rowKey }, scannedTo: time };
    }
  }
  return { items: await pairAnswers(tables, lines) };
}
