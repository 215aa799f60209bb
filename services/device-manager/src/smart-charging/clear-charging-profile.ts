import { onAnswer } from '../context.ts';
import { clearProfiles } from './charging-profile-store.ts';

/** 1.6 §5.5. Unknown: there is no such profile, so none is kept either. */
export const clearChargingProfile16 = onAnswer(
  ['ocpp1.6'],
  'ClearChargingProfile',
  async ({ networkId, request, outcome }, context) => {
    if (!outcome.ok) return;
    const { id: profileId, connectorId: evseId, chargingProfilePurpose: purpose, stackLevel } = request;
    await clearProfiles(networkId, { profileId, evseId, purpose, stackLevel }, context);
  },
);

/** K10 */
export const clearChargingProfile = onAnswer(
  ['ocpp2.0.1', 'ocpp2.1'],
  'ClearChargingProfile',
  async ({ networkId, request, outcome }, context) => {
    if (!outcome.ok) return;
    const { evseId, chargingProfilePurpose: purpose, stackLevel } = request.chargingProfileCriteria ?? {};
    await clearProfiles(networkId, { profileId: request.chargingProfileId, evseId, purpose, stackLevel }, context);
  },
);
