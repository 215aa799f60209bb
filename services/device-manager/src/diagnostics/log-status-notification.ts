import { onMessage } from '../context.ts';
import { noteJobStatus } from '../firmware/status-jobs.ts';

/** N01 */
export const logStatusNotification = onMessage(
  ['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'],
  'LogStatusNotification',
  ({ networkId, request, receivedAt, envelope }, context) =>
    noteJobStatus(
      {
        networkId,
        kind: 'log',
        requestId: request.requestId,
        status: request.status,
        at: receivedAt,
        messageId: envelope.id,
      },
      context,
    ),
);
