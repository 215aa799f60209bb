import type { MessageFacts } from '@ocpp-csms/calls';
import type { SessionContext } from '../context.ts';
import { onMessage } from '../handlers.ts';
import { type MeterValueGroup, readMeterValues } from './read-meter-values.ts';

/** csms-server has answered it (an edge answer); here the values are kept, whatever transaction they name. */
export const meterValues16 = onMessage(['ocpp1.6'], 'MeterValues', ({ request, ...facts }, context) => {
  const { connectorId, transactionId, meterValue }: Partial<typeof request> = request;
  keep(facts, { transactionRef: transactionId, outlet: connectorId, groups: meterValue }, context);
});

export const meterValues = onMessage(['ocpp2.0.1', 'ocpp2.1'], 'MeterValues', ({ request, ...facts }, context) => {
  const { evseId, meterValue }: Partial<typeof request> = request;
  keep(facts, { outlet: evseId, groups: meterValue }, context);
});

interface Readings {
  transactionRef?: number | undefined;
  outlet: number | undefined;
  groups: readonly MeterValueGroup[] | undefined;
}

function keep(
  { envelope, networkId, receivedAt }: MessageFacts,
  { transactionRef, outlet, groups = [] }: Readings,
  { meterValues: sink, plausibleTimes }: SessionContext,
): void {
  const source = {
    envelopeId: envelope.id,
    networkId,
    receivedAt,
    messageType: 'MeterValues',
    transactionRef: transactionRef === undefined ? '' : String(transactionRef),
    outlet,
  };
  sink.add(source, readMeterValues(groups, receivedAt, plausibleTimes));
}
