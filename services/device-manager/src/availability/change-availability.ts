import { type DeviceContext, onAnswer } from '../context.ts';

interface Wish {
  networkId: string;
  evseId: number;
  connectorId: number;
  operative: boolean;
  answer: string;
}

/** 1.6 §5.2: connector 0 stands for the charge point and all its connectors. */
export const changeAvailability16 = onAnswer(
  ['ocpp1.6'],
  'ChangeAvailability',
  async ({ networkId, request, outcome }, context) => {
    if (!outcome.ok || outcome.response.status === 'Rejected') return;
    const operative = request.type === 'Operative';
    await keepWish(
      { networkId, evseId: 0, connectorId: request.connectorId, operative, answer: outcome.response.status },
      context,
    );
  },
);

/** G03, G04 */
export const changeAvailability = onAnswer(
  ['ocpp2.0.1', 'ocpp2.1'],
  'ChangeAvailability',
  async ({ networkId, request, outcome }, context) => {
    if (!outcome.ok || outcome.response.status === 'Rejected') return;
    const { id: evseId = 0, connectorId = 0 } = request.evse ?? {};
    const operative = request.operationalStatus === 'Operative';
    await keepWish({ networkId, evseId, connectorId, operative, answer: outcome.response.status }, context);
  },
);

async function keepWish(
  { networkId, evseId, connectorId, operative, answer }: Wish,
  { tx, clock }: DeviceContext,
): Promise<void> {
  const wish = { operative: operative ? 1 : 0, answer, at: clock.now().toISOString() };
  await tx
    .insertInto('availability_wish')
    .values({ network_id: networkId, evse_id: evseId, connector_id: connectorId, ...wish })
    .onConflict((on) => on.columns(['network_id', 'evse_id', 'connector_id']).doUpdateSet(wish))
    .execute();
}
