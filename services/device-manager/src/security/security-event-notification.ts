import { onMessage } from '../context.ts';

const longestText = 1000;

/** A04 */
export const securityEventNotification = onMessage(
  ['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'],
  'SecurityEventNotification',
  async ({ networkId, request, receivedAt, envelope }, { tx }) => {
    await tx
      .insertInto('security_event')
      .values({
        security_event_id: envelope.id,
        network_id: networkId,
        type: String(request.type ?? ''),
        tech_info: request.techInfo?.slice(0, longestText) ?? null,
        occurred_at: String(request.timestamp ?? receivedAt),
        received_at: receivedAt,
      })
      .onConflict((on) => on.doNothing())
      .execute();
  },
);
