import { encodeCursor } from '@ocpp-csms/http';

/** `items` were asked for with one more than `limit`: that one says whether there is another page. */
export function page<Item>(
  items: Item[],
  limit: number,
  cursorOf: (last: Item) => unknown,
): { items: Item[]; nextCursor?: string } {
  const last = items[limit - 1];
  if (items.length <= limit || last === undefined) return { items };
  return { items: items.slice(0, limit), nextCursor: encodeCursor(cursorOf(last)) };
}
