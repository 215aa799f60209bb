import { onMessage } from '../context.ts';
import { keepProfile } from './charging-profile-store.ts';

/** K09. What others than the CSMS have set (an EMS, say) is kept apart by its id as well. */
export const reportChargingProfiles = onMessage(
  ['ocpp2.0.1', 'ocpp2.1'],
  'ReportChargingProfiles',
  async ({ networkId, request }, context) => {
    for (const profile of request.chargingProfile) {
      await keepProfile(
        {
          networkId,
          profileId: profile.id,
          evseId: request.evseId,
          purpose: profile.chargingProfilePurpose,
          stackLevel: profile.stackLevel,
          profile,
          source: 'reported',
        },
        context,
      );
    }
  },
);
