import { keyOf, timeKey, timeOfRowKey } from './keys.ts';
import { type LogTables, readLine } from './log-tables.ts';
import type { FoundEntity } from './message-entity.ts';
import { compare, type Step, type Walk } from './position.ts';

const pageSize = 500;
/** Looked back at first; then more at a time. */
const firstWindowMs = 600_000;
const endOfTime = 10 ** 15 - 1;

interface Range {
  /** Milliseconds since 1970, inclusive and exclusive. */
  from: number;
  to: number;
}

/** Over the partition of one client. */
export async function* walkClient(tables: LogTables, { filter, order, after }: Walk): AsyncGenerator<Step> {
  const { client = '', from = 0, to = endOfTime } = filter;
  const range =
    order === 'asc'
      ? { from: Math.max(from, after?.time ?? 0), to }
      : { from, to: Math.min(to, after === undefined ? endOfTime : after.time + 1) };
  const partition = keyOf(client);
  const steps = order === 'asc' ? ascending(tables, partition, range) : descending(tables, partition, range);
  for await (const { entity, time } of steps) {
    if (entity === undefined) {
      yield { time, client: '', rowKey: '' };
      continue;
    }
    const line = await readLine(tables, entity);
    const position = { time: line.time, client: line.message.client, rowKey: line.rowKey };
    if (after === undefined || compare(position, after, order) > 0) yield { ...position, line };
  }
}

/** An entity, or how far was looked in vain. */
interface Met {
  entity?: FoundEntity;
  time: number;
}

const met = (entity: FoundEntity): Met => ({ entity, time: timeOfRowKey(entity.rowKey ?? '') });

async function* ascending(tables: LogTables, partition: string, range: Range): AsyncGenerator<Met> {
  for await (const page of tables.messages.pages({ filter: filterOf(partition, range), pageSize })) {
    yield* page.map(met);
  }
}

/** The service gives the oldest first, so it is asked for windows of time that grow, the newest first. */
async function* descending(tables: LogTables, partition: string, range: Range): AsyncGenerator<Met> {
  let to = range.to;
  // Nothing is expected after now; where there is, it is in the first window.
  let from = Math.max(range.from, Math.min(to, Date.now()) - firstWindowMs);
  for (let width = firstWindowMs; ; width *= 4) {
    yield* windowBackwards(tables, partition, { from, to });
    yield { time: from };
    if (from <= range.from) return;
    to = from;
    from = Math.max(range.from, from - width * 4);
  }
}

/** One that holds more than a page is halved, until each part is small or a single millisecond. */
async function* windowBackwards(tables: LogTables, partition: string, range: Range): AsyncGenerator<Met> {
  if (range.from >= range.to) return;
  const { entities, isAll } = await readSome(tables, partition, range);
  if (isAll) {
    yield* entities.reverse().map(met);
    return;
  }
  const middle = Math.floor((range.from + range.to) / 2);
  yield* windowBackwards(tables, partition, { from: middle, to: range.to });
  yield* windowBackwards(tables, partition, { from: range.from, to: middle });
}

async function readSome({ messages }: LogTables, partition: string, range: Range) {
  const entities: FoundEntity[] = [];
  const isSplittable = range.to - range.from > 1;
  for await (const page of messages.pages({ filter: filterOf(partition, range), pageSize })) {
    if (isSplittable && entities.length > 0 && page.length > 0) return { entities, isAll: false };
    entities.push(...page);
  }
  return { entities, isAll: true };
}

const filterOf = (partition: string, { from, to }: Range): string =>
  `PartitionKey eq '${partition}' and RowKey ge '${timeKey(from)}' and RowKey lt '${to >= endOfTime ? 'a' : timeKey(to)}'`;
