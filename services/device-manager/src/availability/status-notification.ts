import { onMessage } from '../context.ts';

/** 1.6 §4.9: connector 0 is the charge point itself. */
export const statusNotification16 = onMessage(
  ['ocpp1.6'],
  'StatusNotification',
  ({ networkId, request, receivedAt }, { statuses }) => {
    statuses.push({
      networkId,
      evseId: 0,
      connectorId: request.connectorId,
      status: request.status,
      errorCode: request.errorCode === 'NoError' ? null : (request.errorCode ?? null),
      info: request.info ?? null,
      vendorId: request.vendorId ?? null,
      vendorErrorCode: request.vendorErrorCode ?? null,
      timestamp: request.timestamp,
      receivedAt,
    });
  },
);

/** G01 */
export const statusNotification = onMessage(
  ['ocpp2.0.1', 'ocpp2.1'],
  'StatusNotification',
  ({ networkId, request, receivedAt }, { statuses }) => {
    statuses.push({
      networkId,
      evseId: request.evseId,
      connectorId: request.connectorId,
      status: request.connectorStatus,
      errorCode: null,
      info: null,
      vendorId: null,
      vendorErrorCode: null,
      timestamp: request.timestamp,
      receivedAt,
    });
  },
);
