import { sql } from 'kysely';
import type { DeviceContext } from '../context.ts';
import type { ConnectorTable } from '../schema.ts';
import { highestConnector, isPlausible, type StatusReport, statusTime } from './status-report.ts';

/** Writes the reports of a batch: the last of each connector, unless something newer is known. */
export async function storeStatuses(reports: readonly StatusReport[], context: DeviceContext): Promise<void> {
  const { tx, log } = context;
  const plausible = reports.filter((report) => {
    if (isPlausible(report)) return true;
    log.warn(
      { networkId: report.networkId, evseId: report.evseId, connectorId: report.connectorId },
      'A status of a connector that cannot exist was ignored',
    );
    return false;
  });
  if (plausible.length === 0) return;
  const known = await knownConnectors(plausible, context);
  const changed = new Map<string, ConnectorTable>();
  for (const report of plausible) apply(report, known, changed, context);
  if (changed.size === 0) return;
  await tx
    .insertInto('connector')
    .values([...changed.values()])
    .onConflict((on) => on.columns(['network_id', 'evse_id', 'connector_id']).doUpdateSet(fromInserted))
    .execute();
}

const overwritten = [
  'status',
  'error_code',
  'info',
  'vendor_id',
  'vendor_error_code',
  'status_at',
  'received_at',
] as const;
const fromInserted = Object.fromEntries(overwritten.map((column) => [column, sql.ref(`excluded.${column}`)]));

type Connectors = Map<string, ConnectorTable>;

async function knownConnectors(
  reports: readonly StatusReport[],
  { tx }: DeviceContext,
): Promise<Map<string, Connectors>> {
  const networkIds = [...new Set(reports.map(({ networkId }) => networkId))];
  const rows = await tx.selectFrom('connector').selectAll().where('network_id', 'in', networkIds).execute();
  const known = new Map<string, Connectors>(networkIds.map((networkId) => [networkId, new Map()]));
  for (const row of rows) known.get(row.network_id)?.set(keyOf(row), row);
  return known;
}

const keyOf = ({ network_id, evse_id, connector_id }: ConnectorTable): string =>
  `${evse_id} ${connector_id} ${network_id}`;

/**
 * A report that was kept while offline comes late: what is newer stays. Only times of the charge point's own clock are
 * compared: one that is a little behind ours would otherwise lose to a report whose time was not believed.
 */
function isOlder(row: ConnectorTable, before: ConnectorTable): boolean {
  const isOwnTime = ({ status_at, received_at }: ConnectorTable) => status_at !== received_at;
  return isOwnTime(row) && isOwnTime(before) && row.status_at < before.status_at;
}

function apply(
  report: StatusReport,
  known: Map<string, Connectors>,
  changed: Map<string, ConnectorTable>,
  context: DeviceContext,
): void {
  const row = rowOf(report);
  const connectors = known.get(report.networkId);
  const key = keyOf(row);
  const before = connectors?.get(key);
  if (!connectors || (!before && connectors.size > highestConnector)) return;
  if (before && isOlder(row, before)) return;
  connectors.set(key, row);
  changed.set(key, row);
  if (before?.status === row.status && before.error_code === row.error_code) return;
  const data = {
    ...(row.evse_id > 0 ? { evseId: row.evse_id } : {}),
    connectorId: row.connector_id,
    status: row.status,
    ...(row.error_code === null ? {} : { errorCode: row.error_code }),
  };
  if (context.flapGuard.admit(key, { networkId: report.networkId, data }))
    context.emit(report.networkId, 'StatusChanged', data);
}

function rowOf(report: StatusReport): ConnectorTable {
  return {
    network_id: report.networkId,
    evse_id: report.evseId,
    connector_id: report.connectorId,
    status: report.status,
    error_code: report.errorCode,
    info: report.info,
    vendor_id: report.vendorId,
    vendor_error_code: report.vendorErrorCode,
    status_at: statusTime(report),
    received_at: report.receivedAt,
  };
}
