import type { DeviceContext } from '../context.ts';

export interface KeptProfile {
  networkId: string;
  profileId: number;
  /** The connector in 1.6. */
  evseId: number;
  purpose: string;
  stackLevel: number;
  profile: unknown;
  source: 'set' | 'reported';
}

export async function keepProfile(
  { networkId, profileId, evseId, purpose, stackLevel, profile, source }: KeptProfile,
  { tx, clock }: DeviceContext,
): Promise<void> {
  const columns = {
    evse_id: evseId,
    purpose,
    stack_level: stackLevel,
    profile: JSON.stringify(profile),
    source,
    at: clock.now().toISOString(),
  };
  // Of one purpose and stack level there is one at a place (1.6 §3.13.2, K01.FR.05, K01.FR.06).
  await tx
    .deleteFrom('charging_profile')
    .where('network_id', '=', networkId)
    .where('evse_id', '=', evseId)
    .where('purpose', '=', purpose)
    .where('stack_level', '=', stackLevel)
    .execute();
  await tx
    .insertInto('charging_profile')
    .values({ network_id: networkId, profile_id: profileId, ...columns })
    .onConflict((on) => on.columns(['network_id', 'profile_id']).doUpdateSet(columns))
    .execute();
}

export interface ClearCriteria {
  profileId?: number | undefined;
  evseId?: number | undefined;
  purpose?: string | undefined;
  stackLevel?: number | undefined;
}

/** A profile id alone decides (1.6 §5.5, K10.FR.02); otherwise all criteria that are given must fit. */
export async function clearProfiles(
  networkId: string,
  { profileId, evseId, purpose, stackLevel }: ClearCriteria,
  { tx }: DeviceContext,
): Promise<void> {
  let cleared = tx.deleteFrom('charging_profile').where('network_id', '=', networkId);
  if (profileId !== undefined) cleared = cleared.where('profile_id', '=', profileId);
  else {
    if (evseId !== undefined) cleared = cleared.where('evse_id', '=', evseId);
    if (purpose !== undefined) cleared = cleared.where('purpose', '=', purpose);
    if (stackLevel !== undefined) cleared = cleared.where('stack_level', '=', stackLevel);
  }
  await cleared.execute();
}
