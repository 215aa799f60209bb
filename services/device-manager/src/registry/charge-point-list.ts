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
  /** One of its connectors has one of these. */
  status?: readonly string[];
  /** That it speaks, or spoke last. */
  protocol?: string;
  firmwareVersion?: string;
}

export type ChargePointOrder = 'registered' | 'name';

export interface ChargePointPage {
  rows: ChargePointTable[];
  connections: ReadonlyMap<string, ConnectionEntry>;
  nextCursor?: string;
}

const chunk = 500;

export async function listChargePoints(
  reader: Reader,
  directory: ConnectionDirectory,
  filter: ChargePointFilter,
  { limit, cursor, sort = 'registered' }: { limit: number; cursor?: string; sort?: ChargePointOrder },
): Promise<ChargePointPage> {
  const connections = new Map((await directory.list()).map((entry) => [entry.networkId, entry]));
  const rows: ChargePointTable[] = [];
  let after = cursor === undefined ? undefined : placeIn(cursor);
  // Who is connected is not in SQL: rows are read on until the page is full.
  while (rows.length <= limit) {
    const batch = await query(reader, filter, { after, sort, limit: Math.max(chunk, limit + 1) });
    rows.push(
      ...batch.filter(
        ({ network_id }) => filter.connected === undefined || connections.has(network_id) === filter.connected,
      ),
    );
    const last = batch.at(-1);
    if (!last || batch.length < chunk) break;
    after = placeOf(last);
  }
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    rows: page,
    connections,
    ...(rows.length > limit && last ? { nextCursor: encodeCursor(placeOf(last)) } : {}),
  };
}

/** Where a list goes on, in whichever order. */
type Place = [chargePointId: string, name: string];

const placeOf = ({ charge_point_id, name }: ChargePointTable): Place => [charge_point_id, name.toLowerCase()];

function placeIn(cursor: string): Place {
  const place = decodeCursor<unknown>(cursor);
  if (Array.isArray(place) && typeof place[0] === 'string' && typeof place[1] === 'string') return [place[0], place[1]];
  throw new Problem(400, 'invalid-cursor', 'The cursor is not one that this list gave. Begin again without it.');
}

function query(
  reader: Reader,
  { networkId, q, tag, status, protocol, firmwareVersion }: ChargePointFilter,
  { after, sort, limit }: { after: Place | undefined; sort: ChargePointOrder; limit: number },
): Promise<ChargePointTable[]> {
  const name = sql<string>`lower(name)`;
  let select = reader.selectFrom('charge_point').selectAll().limit(limit);
  if (sort === 'name') select = select.orderBy(name);
  select = select.orderBy('charge_point_id');
  if (after !== undefined) {
    const [id, lowerName] = after;
    select =
      sort === 'name'
        ? select.where(sql<boolean>`(${name}, charge_point_id) > (${lowerName}, ${id})`)
        : select.where('charge_point_id', '>', id);
  }
  if (protocol !== undefined) select = select.where('last_protocol', '=', protocol);
  if (firmwareVersion !== undefined) select = select.where('firmware_version', '=', firmwareVersion);
  if (status !== undefined) {
    select = select.where('network_id', 'in', (connectors) =>
      connectors.selectFrom('connector').select('network_id').where('status', 'in', status),
    );
  }
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
