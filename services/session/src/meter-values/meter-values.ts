import { onMessage } from '../handlers.ts';
import { readMeterValues } from './read-meter-values.ts';

/**
 * csms-server has answered it (an edge answer); here the values are kept for the transaction that they name, known or
 * not. Values that name none are of no transaction, and so is every MeterValues of 2.x: they rest in the message log.
 */
export const meterValues = onMessage(['ocpp1.6'], 'MeterValues', ({ request, ...facts }, context) => {
  const { connectorId, transactionId, meterValue = [] }: Partial<typeof request> = request;
  if (transactionId === undefined) return;
  const { envelope, networkId, receivedAt } = facts;
  const source = {
    envelopeId: envelope.id,
    networkId,
    receivedAt,
    messageType: 'MeterValues',
    transactionRef: String(transactionId),
    outlet: connectorId,
  };
  context.meterValues.add(source, readMeterValues(meterValue, receivedAt, context.plausibleTimes));
});
