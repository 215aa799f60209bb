import { onMessage } from '../context.ts';
import { noteJobStatus } from './status-jobs.ts';

/** 1.6 §4.5 */
export const firmwareStatusNotification16 = onMessage(
  ['ocpp1.6'],
  'FirmwareStatusNotification',
  ({ networkId, request, receivedAt, envelope }, context) =>
    noteJobStatus(
      { networkId, kind: 'firmware', status: request.status, at: receivedAt, messageId: envelope.id },
      context,
    ),
);

/** L01 */
export const firmwareStatusNotification = onMessage(
  ['ocpp2.0.1', 'ocpp2.1'],
  'FirmwareStatusNotification',
  ({ networkId, request, receivedAt, envelope }, context) =>
    noteJobStatus(
      {
        networkId,
        kind: 'firmware',
        requestId: request.requestId,
        status: request.status,
        at: receivedAt,
        messageId: envelope.id,
      },
      context,
    ),
);

export const signedFirmwareStatusNotification = onMessage(
  ['ocpp1.6'],
  'SignedFirmwareStatusNotification',
  ({ networkId, request, receivedAt, envelope }, context) =>
    noteJobStatus(
      {
        networkId,
        kind: 'firmware',
        requestId: request.requestId,
        status: request.status,
        at: receivedAt,
        messageId: envelope.id,
      },
      context,
    ),
);
