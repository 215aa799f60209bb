import { type DeviceContext, onAnswer } from '../context.ts';

/** 1.6 §5.14 */
export const reset16 = onAnswer(['ocpp1.6'], 'Reset', async ({ networkId, outcome }, context) => {
  if (outcome.ok && outcome.response.status === 'Accepted') await expectBoot(networkId, context);
});

/** B11, B12. The reset of one EVSE is no boot. */
export const reset = onAnswer(['ocpp2.0.1', 'ocpp2.1'], 'Reset', async ({ networkId, request, outcome }, context) => {
  if (outcome.ok && outcome.response.status !== 'Rejected' && request.evseId === undefined)
    await expectBoot(networkId, context);
});

async function expectBoot(networkId: string, { tx, clock }: DeviceContext): Promise<void> {
  await tx
    .updateTable('charge_point')
    .set({ reset_at: clock.now().toISOString() })
    .where('network_id', '=', networkId)
    .execute();
}
