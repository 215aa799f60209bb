import { bounded } from '../bounded.ts';
import type { IndexEntry } from './index-entry.ts';
import { partsKey } from './keys.ts';
import { type FoundEntity, type FoundLine, join, lineOf, partsOf, sizeOf } from './message-entity.ts';
import type { RecentLines } from './recent-lines.ts';
import type { Table } from './table.ts';

/** The table of the messages, and beside it what finds them without their client. */
export interface LogTables {
  messages: Table;
  index: Table;
  recent: RecentLines;
}

/** Requests under way at once, of each that asks or writes. */
export const requestsAtOnce = 16;

/** The message of the entity, with what is kept elsewhere since it is too large. */
export async function readLine(tables: LogTables, entity: FoundEntity): Promise<FoundLine> {
  if (partsOf(entity) === 0) return lineOf(entity, undefined);
  const partitionKey = partsKey(entity.partitionKey ?? '', entity.rowKey ?? '');
  let text = '';
  for await (const page of tables.index.pages({ filter: `PartitionKey eq '${partitionKey}'`, pageSize: 10 })) {
    for (const part of page) text += join('text', part);
  }
  return lineOf(entity, text);
}

/** The messages of the entries, in their order, as far as they are still there. */
export async function readEntries(tables: LogTables, entries: readonly IndexEntry[]): Promise<FoundLine[]> {
  const lines = await bounded(entries, requestsAtOnce, async ({ partitionKey, rowKey }) => {
    const known = tables.recent.get(partitionKey, rowKey);
    if (known !== undefined) return known;
    const entity = await tables.messages.get(partitionKey, rowKey);
    if (entity === undefined) return undefined;
    const line = await readLine(tables, entity);
    tables.recent.keep(partitionKey, line, sizeOf(entity));
    return line;
  });
  return lines.filter((line) => line !== undefined);
}
