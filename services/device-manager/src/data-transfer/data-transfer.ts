import { redact } from '@ocpp-csms/ocpp';
import { onCall } from '../context.ts';

const longestData = 10_000;

/** 1.6 §4.3, P02. No vendor is known here; what was sent is kept to be looked at (field-faults row 48). */
export const dataTransfer = onCall(
  ['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'],
  'DataTransfer',
  async ({ networkId, request, receivedAt, envelope }, { tx }) => {
    const data = redact('DataTransfer', request.data);
    await tx
      .insertInto('data_transfer')
      .values({
        data_transfer_id: envelope.id,
        network_id: networkId,
        vendor_id: String(request.vendorId ?? ''),
        message_id: request.messageId ?? null,
        data: data === undefined ? null : textOf(data).slice(0, longestData),
        received_at: receivedAt,
      })
      .onConflict((on) => on.doNothing())
      .execute();
    return { status: 'UnknownVendorId' as const };
  },
);

const textOf = (data: unknown): string => (typeof data === 'string' ? data : JSON.stringify(data));
