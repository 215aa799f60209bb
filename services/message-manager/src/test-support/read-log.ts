import type { Database } from '@ocpp-csms/storage';
import type { LogSchema } from '../block-log/schema.ts';
import { type SearchBudget, search } from '../block-log/search.ts';
import type { Position } from '../block-log/window.ts';
import { type FilterQuery, parseFilter } from '../filter.ts';
import type { Order } from '../log-store.ts';

interface Reading {
  query?: FilterQuery;
  order?: Order;
  limit?: number;
  budget?: SearchBudget;
}

/** The ids of all messages that the filter wants, page by page. */
export async function allIds(
  { read }: Database<LogSchema>,
  { query = {}, order = 'asc', limit = 1000, ...rest }: Reading = {},
): Promise<string[]> {
  const ids: string[] = [];
  let after: Position | undefined;
  do {
    const page = await search(read, {
      filter: parseFilter(query),
      order,
      limit,
      ...rest,
      ...(after === undefined ? {} : { after }),
    });
    ids.push(...page.items.map(({ id }) => id));
    after = page.next;
  } while (after !== undefined);
  return ids;
}
