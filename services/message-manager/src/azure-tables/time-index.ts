import { randomUUID } from 'node:crypto';
import { bounded } from '../bounded.ts';
import type { Order } from '../log-store.ts';
import { type IndexEntry, pack, unpack } from './index-entry.ts';
import { afterMinuteKeys, lastMinute, minuteKey, minuteOf, minuteOfKey } from './keys.ts';
import { requestsAtOnce } from './log-tables.ts';
import type { Table } from './table.ts';

/** Entities in one answer; each tells of up to some thousand messages. */
const pageSize = 20;

/** A row for each batch and minute of messageTime. A batch that is written again has another row: readers leave it out. */
export async function writeTimeIndex(index: Table, entries: readonly IndexEntry[]): Promise<void> {
  const minutes = Map.groupBy(entries, ({ time }) => minuteOf(time));
  await bounded([...minutes], requestsAtOnce, async ([minute, ofMinute]) => {
    const batch = randomUUID();
    await index.put(
      pack(ofMinute).map((properties, n) => ({
        partitionKey: minuteKey(minute),
        rowKey: `${batch}-${n}`,
        ...properties,
      })),
    );
  });
}

/** A minute, and each message of it once. */
export interface Minute {
  minute: number;
  entries: IndexEntry[];
}

interface Range {
  /** Minutes, both included. */
  first: number;
  last: number;
}

const rangeFilter = ({ first, last }: Range): string =>
  `PartitionKey ge '${minuteKey(last)}' and PartitionKey le '${minuteKey(first)}' and PartitionKey lt '${afterMinuteKeys}'`;

/** The minutes of which there is something, in this order. `from` and `to` in milliseconds since 1970, both included. */
export async function* readMinutes(
  index: Table,
  { from = 0, to = Number.MAX_SAFE_INTEGER, order }: { from?: number; to?: number; order: Order },
): AsyncGenerator<Minute> {
  const range = { first: minuteOf(from), last: minuteOf(to) };
  if (order === 'desc') yield* newestFirst(index, range);
  else yield* oldestFirst(index, range);
}

/** As the service keeps them. */
async function* newestFirst(index: Table, range: Range): AsyncGenerator<Minute> {
  let current: Minute | undefined;
  for await (const page of index.pages({ filter: rangeFilter(range), pageSize })) {
    for (const entity of page) {
      const minute = minuteOfKey(entity.partitionKey ?? '');
      if (current !== undefined && current.minute !== minute) yield once(current);
      if (current?.minute !== minute) current = { minute, entries: [] };
      current.entries.push(...unpack(entity));
    }
  }
  if (current !== undefined) yield once(current);
}

async function* oldestFirst(index: Table, { first, last }: Range): AsyncGenerator<Minute> {
  for (let from = first; from <= last; ) {
    const minute = await oldestMinute(index, { first: from, last });
    if (minute === undefined) return;
    yield* newestFirst(index, { first: minute, last: minute });
    from = minute + 1;
  }
}

/** Looked for in ranges that grow, then halved: some dozen questions over decades, one where minute follows minute. */
export async function oldestMinute(index: Table, { first, last }: Range): Promise<number | undefined> {
  let from = first;
  for (let width = 1; from <= last; width *= 8) {
    const to = Math.min(last, lastMinute, from + width - 1);
    const found = await newestOf(index, { first: from, last: to });
    if (found !== undefined) return oldestBetween(index, from, found);
    from = to + 1;
  }
  return undefined;
}

async function oldestBetween(index: Table, from: number, known: number): Promise<number> {
  let low = from;
  let high = known;
  while (low < high) {
    const middle = Math.floor((low + high - 1) / 2);
    const found = await newestOf(index, { first: low, last: middle });
    if (found === undefined) low = middle + 1;
    else high = found;
  }
  return high;
}

async function newestOf(index: Table, range: Range): Promise<number | undefined> {
  const entity = await index.first({ filter: rangeFilter(range), select: ['PartitionKey', 'RowKey'] });
  return entity === undefined ? undefined : minuteOfKey(entity.partitionKey ?? '');
}

function once({ minute, entries }: Minute): Minute {
  const byKey = new Map(entries.map((entry) => [`${entry.partitionKey} ${entry.rowKey}`, entry]));
  return { minute, entries: [...byKey.values()] };
}
