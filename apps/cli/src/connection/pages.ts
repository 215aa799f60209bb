import type { Api, Query } from './api.ts';

interface Page<Item> {
  items: Item[];
  nextCursor?: string;
}

/** Of the API. */
const largestPage = 1000;

export interface Listing<Item> {
  items: AsyncGenerator<Item>;
  /** After the last item: whether the API has more than were wanted. */
  hasMore(): boolean;
}

/** Up to `limit` items of a list, page by page. A page may have few items, or none, and others follow. */
export function listing<Item>(api: Api, path: string, query: Query, limit: number): Listing<Item> {
  let more = false;
  async function* items(): AsyncGenerator<Item> {
    let left = limit;
    let cursor: string | undefined;
    do {
      const page: Page<Item> = await api.get(path, { ...query, cursor, limit: Math.min(left, largestPage) });
      for (const item of page.items) {
        if (left === 0) {
          more = true;
          return;
        }
        yield item;
        left--;
      }
      cursor = page.nextCursor;
    } while (cursor !== undefined && left > 0);
    more = cursor !== undefined;
  }
  return { items: items(), hasMore: () => more };
}
