import { onMessage } from '../context.ts';

const withAvailability = new Set(['ChargingStation', 'EVSE', 'Connector']);

/** G01.FR.01: a 2.x charge point may tell the state of a connector by its variable AvailabilityState as well. */
export const notifyEvent = onMessage(
  ['ocpp2.0.1', 'ocpp2.1'],
  'NotifyEvent',
  ({ networkId, request, receivedAt }, { statuses }) => {
    for (const { component, variable, actualValue, timestamp } of request.eventData) {
      if (variable?.name !== 'AvailabilityState' || !withAvailability.has(component?.name)) continue;
      statuses.push({
        networkId,
        evseId: component.evse?.id ?? 0,
        connectorId: component.evse?.connectorId ?? 0,
        status: actualValue,
        errorCode: null,
        info: null,
        vendorId: null,
        vendorErrorCode: null,
        timestamp,
        receivedAt,
      });
    }
  },
);
