import type { SessionDatabase, TransactionTable } from '../schema.ts';

/** `1.6` numbers its transactions itself through us; in `2.x` the charge point names them. */
export type Dialect = '1.6' | '2.x';

export async function findTransaction(
  database: SessionDatabase,
  { client, dialect, transactionId }: { client: string; dialect: Dialect; transactionId: string },
): Promise<TransactionTable | undefined> {
  return database
    .selectFrom('charging_transaction')
    .selectAll()
    .where('client', '=', client)
    .where('dialect', '=', dialect)
    .where('transaction_id', '=', transactionId)
    .executeTakeFirst();
}

export async function insertTransaction(database: SessionDatabase, row: TransactionTable): Promise<void> {
  await database.insertInto('charging_transaction').values(row).execute();
}

export async function updateTransaction(
  database: SessionDatabase,
  id: string,
  changes: Partial<TransactionTable>,
): Promise<void> {
  await database.updateTable('charging_transaction').set(changes).where('id', '=', id).execute();
}

/** Those whose end is not known, superseded ones included. */
export async function unstoppedTransactions(
  database: SessionDatabase,
  { client, dialect }: { client: string; dialect: Dialect },
): Promise<TransactionTable[]> {
  return database
    .selectFrom('charging_transaction')
    .selectAll()
    .where('client', '=', client)
    .where('dialect', '=', dialect)
    .where('stopped_at', 'is', null)
    .orderBy('id')
    .execute();
}

/** What a new row has where nothing is known yet. */
export const nothingKnown = {
  start_key: null,
  start_generation: null,
  connector_id: null,
  evse_id: null,
  id_token: null,
  token_key: null,
  id_token_type: null,
  parent_id_token: null,
  authorization_status: null,
  stopped_at: null,
  stopped_at_raw: null,
  stop_received_at: null,
  meter_start_wh: null,
  meter_stop_wh: null,
  energy_wh: null,
  disputed: 0,
  reason: null,
  stop_id_token: null,
  charging_state: null,
  offline: 0,
  reservation_id: null,
  remote_start: null,
  stop_requested_at: null,
  merged: null,
} as const satisfies Partial<TransactionTable>;

/** What `TransactionStarted` and `TransactionEnded` tell (docs/bus.md). */
export function eventDataOf(row: TransactionTable): Record<string, unknown> {
  return {
    id: row.id,
    transactionId: row.transaction_id,
    ...(row.evse_id === null ? {} : { evseId: row.evse_id }),
    ...(row.connector_id === null ? {} : { connectorId: row.connector_id }),
    ...(row.id_token === null ? {} : { idToken: row.id_token }),
    ...(row.energy_wh === null ? {} : { energyWh: row.energy_wh }),
    flags: JSON.parse(row.flags) as unknown,
  };
}
