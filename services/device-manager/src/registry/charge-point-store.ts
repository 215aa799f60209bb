import { Problem } from '@ocpp-csms/http';
import { sql } from 'kysely';
import type { DeviceContext, Reader, Writer } from '../context.ts';
import { type ChargePointTable, tablesOfChargePoint } from '../schema.ts';
import { type ChargePointFields, columnsOf, newChargePoint } from './charge-point.ts';
import type { StoredDigest } from './credentials.ts';
import { checkNetworkId } from './network-id.ts';

/** By chargePointId or networkId; undefined when there is none. */
export async function findChargePoint(reader: Reader, id: string): Promise<ChargePointTable | undefined> {
  const byNetworkId = await reader
    .selectFrom('charge_point')
    .selectAll()
    .where('network_id', '=', id)
    .executeTakeFirst();
  return (
    byNetworkId ?? reader.selectFrom('charge_point').selectAll().where('charge_point_id', '=', id).executeTakeFirst()
  );
}

/** As `findChargePoint`; throws a 404 `Problem` when there is none. */
export async function getChargePoint(reader: Reader, id: string): Promise<ChargePointTable> {
  const row = await findChargePoint(reader, id);
  if (row) return row;
  throw new Problem(
    404,
    'no-such-charge-point',
    `There is no charge point with the chargePointId or networkId ${id.slice(0, 60)}.`,
  );
}

export interface NewChargePoint extends Partial<ChargePointFields> {
  networkId: string;
  digests: readonly StoredDigest[];
}

/** Throws a 409 `Problem` when the networkId is taken, 400 when it cannot be one. */
export async function createChargePoint(
  { networkId, digests, ...given }: NewChargePoint,
  context: DeviceContext,
): Promise<ChargePointTable> {
  const { tx, clock, newId, settings } = context;
  checkNetworkId(networkId);
  await refuseTaken(tx, networkId, settings.auth.caseInsensitiveIds);
  if (given.templateId) await checkTemplate(tx, given.templateId);
  const now = clock.now().toISOString();
  const fields: ChargePointFields = { ...newChargePoint, ...defined(given), name: given.name ?? networkId };
  const row = {
    ...emptyColumns,
    ...columnsOf(fields),
    charge_point_id: newId(),
    network_id: networkId,
    password_digests: JSON.stringify(digests),
    revision: await nextRevision(tx),
    created_at: now,
    updated_at: now,
  } as ChargePointTable;
  // What an earlier charge point of this name left behind, should a message have come late, is not this one's.
  await deleteBelongings(tx, networkId);
  await tx.insertInto('charge_point').values(row).execute();
  await tx.deleteFrom('refused_connection').where('network_id', '=', networkId).execute();
  await announce(networkId, row.revision, context);
  return row;
}

const emptyColumns = {
  serial_number: null,
  template_id: null,
  vendor: null,
  model: null,
  firmware_version: null,
  heartbeat_interval_seconds: null,
  assumed_protocol: null,
  max_frame_bytes: null,
  last_seen_at: null,
  last_protocol: null,
  booted_at: null,
  reset_at: null,
};

function defined<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Fields>;
}

async function refuseTaken(tx: Writer, networkId: string, caseInsensitive: boolean): Promise<void> {
  const column = caseInsensitive ? sql<string>`lower(network_id)` : sql<string>`network_id`;
  const taken = await tx
    .selectFrom('charge_point')
    .select(['charge_point_id', 'network_id'])
    .where(column, '=', caseInsensitive ? networkId.toLowerCase() : networkId)
    .executeTakeFirst();
  if (!taken) return;
  throw new Problem(
    409,
    'network-id-taken',
    `The networkId ${taken.network_id} belongs to another charge point already.`,
    {
      chargePointId: taken.charge_point_id,
    },
  );
}

async function checkTemplate(tx: Writer, templateId: string): Promise<void> {
  const template = await tx
    .selectFrom('template')
    .select('template_id')
    .where('template_id', '=', templateId)
    .executeTakeFirst();
  if (template) return;
  throw new Problem(400, 'no-such-template', `There is no template ${templateId}.`, {
    errors: [{ path: 'body.templateId', message: 'is not the id of a template' }],
  });
}

export async function updateChargePoint(
  before: ChargePointTable,
  changes: Partial<ChargePointFields> & { digests?: readonly StoredDigest[] },
  context: DeviceContext,
): Promise<ChargePointTable> {
  const { tx, clock } = context;
  const { digests, ...fields } = changes;
  if (fields.templateId) await checkTemplate(tx, fields.templateId);
  const columns = {
    ...columnsOf(fields),
    ...(digests === undefined ? {} : { password_digests: JSON.stringify(digests) }),
    revision: await nextRevision(tx),
    updated_at: clock.now().toISOString(),
  };
  await tx.updateTable('charge_point').set(columns).where('charge_point_id', '=', before.charge_point_id).execute();
  const after: ChargePointTable = { ...before, ...columns };
  if (after.registration !== before.registration) {
    context.emit(before.network_id, 'RegistrationChanged', { from: before.registration, to: after.registration });
  }
  await announce(before.network_id, after.revision, context);
  return after;
}

export async function deleteChargePoint(row: ChargePointTable, context: DeviceContext): Promise<void> {
  const { tx, signals, afterCommit } = context;
  await tx.deleteFrom('charge_point').where('charge_point_id', '=', row.charge_point_id).execute();
  await deleteBelongings(tx, row.network_id);
  await announce(row.network_id, await nextRevision(tx), context);
  afterCommit(() => signals.forgotten(row.network_id));
}

async function deleteBelongings(tx: Writer, networkId: string): Promise<void> {
  for (const table of await tablesWith(tx, networkId)) {
    await tx.deleteFrom(table).where('network_id', '=', networkId).execute();
  }
}

/** Mostly none of them: one question takes less than a statement for each table. */
async function tablesWith(tx: Writer, networkId: string): Promise<(typeof tablesOfChargePoint)[number][]> {
  const questions = tablesOfChargePoint.map(
    (table) =>
      sql`select ${sql.lit(table)} as name where exists (select 1 from ${sql.table(table)} where network_id = ${networkId})`,
  );
  const question = sql.join(questions, sql` union all `);
  const { rows } = await sql<{ name: (typeof tablesOfChargePoint)[number] }>`${question}`.execute(tx);
  return rows.map(({ name }) => name);
}

/** One counter for all charge points, in the transaction: what is newer has the higher number, whatever the clock says. */
async function nextRevision(tx: Writer): Promise<number> {
  const { value } = await tx
    .updateTable('counter')
    .set({ value: sql`value + 1` })
    .where('name', '=', 'revision')
    .returning('value')
    .executeTakeFirstOrThrow();
  return Number(value);
}

/** The outbox row is written with the change, so that no crash comes between SQL and the cache. */
async function announce(
  networkId: string,
  revision: number,
  { tx, afterCommit, signals }: DeviceContext,
): Promise<void> {
  await tx
    .insertInto('auth_outbox')
    .values({ network_id: networkId, revision })
    .onConflict((on) => on.column('network_id').doUpdateSet({ revision }))
    .execute();
  afterCommit(() => signals.authChanged());
}
