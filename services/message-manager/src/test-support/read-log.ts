import type { Database } from '@ocpp-csms/storage';
import { type FilterQuery, parseFilter } from '../filter.ts';
import type { LogSchema } from '../schema.ts';
import { type SearchBudget, search } from '../search.ts';
import type { Order } from '../walk-blocks.ts';
import type { Position } from '../window.ts';

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
