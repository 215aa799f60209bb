import type { DomainEvent } from '@ocpp-csms/bus';
import type { DeviceContext } from '../context.ts';
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
  { tx, settings, signals }: DeviceContext,
): Promise<void> {
  const refused = batch.filter(({ event }) => event === 'ConnectionRefused');
  if (refused.length > 0) await rememberRefusals(refused, settings.auth.rememberedRefusals, tx);
  for (const { event, client, messageTime, data } of batch) {
    if (event !== 'ChargePointConnected' && event !== 'ChargePointDisconnected') continue;
    signals.seen(client, Date.parse(messageTime));
    if (event !== 'ChargePointConnected') continue;
    const protocol = typeof data.protocol === 'string' ? data.protocol : null;
    await tx.updateTable('charge_point').set({ last_protocol: protocol }).where('network_id', '=', client).execute();
    // It got in. What was refused from elsewhere under its name stays of interest.
    const address = typeof data.remoteAddress === 'string' ? data.remoteAddress : '';
    await tx
      .deleteFrom('refused_connection')
      .where('network_id', '=', client)
      .where('remote_address', '=', address)
      .execute();
  }
}
