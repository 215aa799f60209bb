import type { RemoteStartTable, SessionDatabase, TransactionTable } from '../schema.ts';

/** The command that led to a transaction. */
export interface RemoteStart {
  /** The OCPP message id of the CALL, and its `id` in the log. */
  messageId: string;
  callId: string;
  requestedAt: string;
  remoteStartId?: number;
}

export async function noteRemoteStart(database: SessionDatabase, row: RemoteStartTable): Promise<void> {
  await database
    .insertInto('remote_start')
    .values(row)
    .onConflict((conflict) => conflict.column('call_id').doNothing())
    .execute();
}

/** Longer than a connection timeout that operators set: an accepted remote start that nobody followed is over by then. */
const validMinutes = 10;

/** 1.6 has nothing to tell by but token, connector and time: the last accepted remote start that fits and has led to nothing yet. */
export async function remoteStartFor(
  database: SessionDatabase,
  row: TransactionTable,
): Promise<RemoteStart | undefined> {
  const since = new Date(Date.parse(row.start_received_at) - validMinutes * 60_000).toISOString();
  const found = await database
    .selectFrom('remote_start')
    .selectAll()
    .where('client', '=', row.client)
    .where('token_key', '=', row.token_key ?? '')
    .where('led_to', 'is', null)
    .where('requested_at', '>=', since)
    .where((where) => where.or([where('outlet', 'is', null), where('outlet', '=', row.connector_id)]))
    .orderBy('requested_at', 'desc')
    .executeTakeFirst();
  return found && claim(database, found, row.id);
}

/** 2.x: the charge point repeats our remoteStartId (F01.FR.25). */
export async function remoteStartById(
  database: SessionDatabase,
  { client, id }: Pick<TransactionTable, 'client' | 'id'>,
  remoteStartId: number,
): Promise<RemoteStart | undefined> {
  const found = await database
    .selectFrom('remote_start')
    .selectAll()
    .where('client', '=', client)
    .where('remote_start_id', '=', remoteStartId)
    .orderBy('requested_at', 'desc')
    .executeTakeFirst();
  return found && claim(database, found, id);
}

async function claim(database: SessionDatabase, found: RemoteStartTable, ledTo: string): Promise<RemoteStart> {
  await database.updateTable('remote_start').set({ led_to: ledTo }).where('call_id', '=', found.call_id).execute();
  return {
    messageId: found.message_id,
    callId: found.call_id,
    requestedAt: found.requested_at,
    ...(found.remote_start_id === null ? {} : { remoteStartId: found.remote_start_id }),
  };
}
