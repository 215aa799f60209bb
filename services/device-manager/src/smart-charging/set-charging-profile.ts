import { onAnswer } from '../context.ts';
import { keepProfile } from './charging-profile-store.ts';

/** 1.6 §5.16 */
export const setChargingProfile16 = onAnswer(
  ['ocpp1.6'],
  'SetChargingProfile',
  async ({ networkId, request, outcome }, context) => {
    if (!outcome.ok || outcome.response.status !== 'Accepted') return;
    const profile = request.csChargingProfiles;
    await keepProfile(
      {
        networkId,
        profileId: profile.chargingProfileId,
        evseId: request.connectorId,
        purpose: profile.chargingProfilePurpose,
        stackLevel: profile.stackLevel,
        profile,
        source: 'set',
      },
      context,
    );
  },
);

/** K01 */
export const setChargingProfile = onAnswer(
  ['ocpp2.0.1', 'ocpp2.1'],
  'SetChargingProfile',
  async ({ networkId, request, outcome }, context) => {
    if (!outcome.ok || outcome.response.status !== 'Accepted') return;
    const profile = request.chargingProfile;
    await keepProfile(
      {
        networkId,
        profileId: profile.id,
        evseId: request.evseId,
        purpose: profile.chargingProfilePurpose,
        stackLevel: profile.stackLevel,
        profile,
        source: 'set',
      },
      context,
    );
  },
);
