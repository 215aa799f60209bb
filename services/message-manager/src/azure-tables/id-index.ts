import { createHash } from 'node:crypto';
import { bounded } from '../bounded.ts';
import { idTime } from '../id-range.ts';
import { type IndexEntry, pack, unpack } from './index-entry.ts';
import { keyOf, tieBreakerOf } from './keys.ts';
import { requestsAtOnce } from './log-tables.ts';
import type { Table } from './table.ts';
import { readMinutes } from './time-index.ts';

/** How far messageTime is from the time in the id of a message, usually. */
const usualMs = 60_000;
const rowKey = 'message';

/** The id tells not when the message was: it has a row of its own. There are few, of other programs or of wrong clocks. */
function isOdd({ rowKey: key, time }: IndexEntry): boolean {
  const made = idTime(tieBreakerOf(key));
  return made === undefined || Math.abs(made - time) > usualMs;
}

const partitionOf = (tieBreaker: string): string => `i${createHash('sha256').update(tieBreaker).digest('hex')}`;

export async function writeIdIndex(index: Table, entries: readonly IndexEntry[]): Promise<void> {
  await bounded(entries.filter(isOdd), requestsAtOnce, async (entry) => {
    const partitionKey = partitionOf(tieBreakerOf(entry.rowKey));
    await index.put(pack([entry]).map((properties) => ({ partitionKey, rowKey, ...properties })));
  });
}

export async function removeIds(index: Table, entries: readonly IndexEntry[]): Promise<void> {
  await bounded(entries.filter(isOdd), requestsAtOnce, (entry) =>
    index.remove(partitionOf(tieBreakerOf(entry.rowKey)), [rowKey]),
  );
}

/** Of messages with this id; there is one, but for ids that begin alike and are too long for a key. */
export async function entriesOfId(index: Table, id: string): Promise<IndexEntry[]> {
  const tieBreaker = keyOf(id);
  const row = await index.get(partitionOf(tieBreaker), rowKey);
  if (row !== undefined) return unpack(row);
  const time = idTime(id);
  if (time === undefined) return [];
  for await (const { entries } of readMinutes(index, { from: time - usualMs, to: time + usualMs, order: 'desc' })) {
    const found = entries.filter((entry) => tieBreakerOf(entry.rowKey) === tieBreaker);
    if (found.length > 0) return found;
  }
  return [];
}
