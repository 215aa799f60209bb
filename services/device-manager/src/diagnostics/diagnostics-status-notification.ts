import { onMessage } from '../context.ts';
import { noteJobStatus } from '../firmware/status-jobs.ts';

/** 1.6 §4.4 */
export const diagnosticsStatusNotification = onMessage(
  ['ocpp1.6'],
  'DiagnosticsStatusNotification',
  ({ networkId, request, receivedAt, envelope }, context) =>
    noteJobStatus(
      { networkId, kind: 'diagnostics', status: request.status, at: receivedAt, messageId: envelope.id },
      context,
    ),
);
