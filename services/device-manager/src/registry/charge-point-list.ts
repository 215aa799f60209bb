import type { ConnectionDirectory, ConnectionEntry } from '@ocpp-csms/cache';
import { decodeCursor, encodeCursor, Problem } from '@ocpp-csms/http';
import { sql } from 'kysely';
import type { Reader } from '../context.ts';
import type { ChargePointTable } from '../schema.ts';

export interface ChargePointFilter {
  networkId?: string;
  connected?: boolean;
  q?: string;
  tag?: string;
}

export interface ChargePointPage {
  rows: ChargePointTable[];
  connections: ReadonlyMap<string, ConnectionEntry>;
  nextCursor?: string;
}

const chunk = 500;

/** In the order in which they were registered. */
export async function listChargePoints(
  reader: Reader,
  directory: ConnectionDirectory,
  filter: ChargePointFilter,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<ChargePointPage> {
  const connections = new Map((await directory.list()).map((entry) => [entry.networkId, entry]));
  const rows: ChargePointTable[] = [];
  let after = cursor === undefined ? '' : positionIn(cursor);
  // Who is connected is not in SQL: rows are read on until the page is full.
  while (rows.length <= limit) {
    const batch = await query(reader, filter, after, Math.max(chunk, limit + 1));
    rows.push(
      ...batch.filter(
        ({ network_id }) => filter.connected === undefined || connections.has(network_id) === filter.connected,
      ),
    );
    const last = batch.at(-1);
    if (!last || batch.length < chunk) break;
    after = last.charge_point_id;
  }
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    rows: page,
    connections,
    ...(rows.length > limit && last ? { nextCursor: encodeCursor(last.charge_point_id) } : {}),
  };
}

function positionIn(cursor: string): string {
  const position = decodeCursor<unknown>(cursor);
  if (typeof position === 'string') return position;
  throw new Problem(400, 'invalid-cursor', 'The cursor is not one that this list gave. Begin again without it.');
}

function query(
  reader: Reader,
  { networkId, q, tag }: ChargePointFilter,
  after: string,
  limit: number,
): Promise<ChargePointTable[]> {
  let select = reader
    .selectFrom('charge_point')
    .selectAll()
    .where('charge_point_id', '>', after)
    .orderBy('charge_point_id')
    .limit(limit);
  if (networkId !== undefined) select = select.where('network_id', '=', networkId);
  if (tag !== undefined) select = select.where(contains('tags', JSON.stringify(tag)));
  if (q !== undefined) {
    select = select.where(({ or }) =>
      or((['name', 'network_id', 'serial_number', 'vendor', 'model'] as const).map((column) => contains(column, q))),
    );
  }
  return select.execute();
}

/** Case does not matter; `%` and `_` are themselves. */
function contains(column: 'name' | 'network_id' | 'serial_number' | 'vendor' | 'model' | 'tags', text: string) {
  const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
  return sql<boolean>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`;
}
