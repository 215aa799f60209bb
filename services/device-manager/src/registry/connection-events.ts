import type { DomainEvent } from '@ocpp-csms/bus';
import { sql } from 'kysely';
import type { DeviceContext, Writer } from '../context.ts';
import { rememberRefusals } from './refused-connections.ts';

export const connectionEvents = new Set([
  'ChargePointConnected',
  'ChargePointDisconnected',
  'ConnectionRefused',
  'CallUnanswered',
]);

/** Keeps what concerns the registry of a batch of events. */
export async function noteConnections(
  batch: readonly DomainEvent[],
  { tx, settings, signals, rowLocks }: DeviceContext,
): Promise<void> {
  const refused = batch.filter(({ event }) => event === 'ConnectionRefused');
  if (refused.length > 0) await rememberRefusals(refused, settings.auth.rememberedRefusals, { tx, rowLocks });
  const connected = batch.filter(({ event }) => event === 'ChargePointConnected');
  for (const { event, client, messageTime } of batch) {
    if (event === 'ChargePointConnected' || event === 'ChargePointDisconnected')
      signals.seen(client, Date.parse(messageTime));
  }
  if (connected.length === 0) return;
  await noteProtocols(connected, tx);
  await forgetRefusals(connected, tx);
}

/** A statement for each protocol, not for each connection: after a power cut all come at once. */
async function noteProtocols(connected: readonly DomainEvent[], tx: Writer): Promise<void> {
  const protocols = new Map(connected.map(({ client, data }) => [client, textOf(data.protocol)]));
  for (const protocol of new Set(protocols.values())) {
    const clients = [...protocols.keys()].filter((client) => protocols.get(client) === protocol);
    await tx.updateTable('charge_point').set({ last_protocol: protocol }).where('network_id', 'in', clients).execute();
  }
}

/** They got in. What was refused from elsewhere under their names stays of interest. */
async function forgetRefusals(connected: readonly DomainEvent[], tx: Writer): Promise<void> {
  const places = connected.map(({ client, data }) => sql`(${client}, ${textOf(data.remoteAddress) ?? ''})`);
  await sql`delete from refused_connection where (network_id, remote_address) in (values ${sql.join(places)})`.execute(
    tx,
  );
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
