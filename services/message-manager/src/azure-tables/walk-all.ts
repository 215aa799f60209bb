import { type IndexEntry, mayBeWanted } from './index-entry.ts';
import { startOfMinute } from './keys.ts';
import { type LogTables, readEntries } from './log-tables.ts';
import { compare, type Step, type Walk } from './position.ts';
import { readMinutes } from './time-index.ts';

/** Messages read at a time: few at first, since most questions are answered by the first page. */
const firstPiece = 32;
const maxPiece = 256;

/** Over all clients, minute by minute of the index. */
export async function* walkAll(tables: LogTables, { filter, order, after }: Walk): AsyncGenerator<Step> {
  const { from = 0, to = Number.MAX_SAFE_INTEGER } = filter;
  const bounds =
    order === 'asc'
      ? { from: Math.max(from, after?.time ?? 0), to: to - 1 }
      : { from, to: Math.min(to - 1, after?.time ?? Number.MAX_SAFE_INTEGER) };
  const isWanted = (entry: IndexEntry) =>
    mayBeWanted(entry, filter) && (after === undefined || compare(entry, after, order) > 0);
  let size = firstPiece;
  for await (const { minute, entries } of readMinutes(tables.index, { ...bounds, order })) {
    const wanted = entries.filter(isWanted).sort((one, other) => compare(one, other, order));
    for (let at = 0; at < wanted.length; at += size) {
      yield* await readPiece(tables, wanted.slice(at, at + size));
    }
    size = Math.min(size * 2, maxPiece);
    yield { ...edgeOf(minute, order) };
  }
}

async function readPiece(tables: LogTables, piece: readonly IndexEntry[]): Promise<Step[]> {
  const lines = await readEntries(tables, piece);
  return lines.map((line) => ({ line, time: line.time, client: line.message.client, rowKey: line.rowKey }));
}

/** Behind all messages of the minute. */
function edgeOf(minute: number, order: Walk['order']) {
  return order === 'asc'
    ? { time: startOfMinute(minute + 1), client: '', rowKey: '' }
    : { time: startOfMinute(minute), client: '', rowKey: '' };
}
