import { redact } from '@ocpp-csms/ocpp';
import { onAnswer } from '../context.ts';

/** B09. Passwords in it were taken out before it came here, and are taken out here too. */
export const setNetworkProfile = onAnswer(
  ['ocpp2.0.1', 'ocpp2.1'],
  'SetNetworkProfile',
  async ({ networkId, request, outcome }, { tx, clock }) => {
    if (!outcome.ok || outcome.response.status !== 'Accepted') return;
    const columns = {
      profile: JSON.stringify(redact('SetNetworkProfile', request.connectionData)),
      set_at: clock.now().toISOString(),
    };
    await tx
      .insertInto('network_profile')
      .values({ network_id: networkId, slot: request.configurationSlot, ...columns })
      .onConflict((on) => on.columns(['network_id', 'slot']).doUpdateSet(columns))
      .execute();
  },
);
