import type { ChargingProfile, Purpose } from './profile.ts';

export interface ProfileFilter {
  id?: number;
  connectorId?: number;
  purpose?: Purpose;
  stackLevel?: number;
}

/** The charging profiles that a charge point holds. */
export interface ProfileStore {
  readonly all: readonly ChargingProfile[];
  /** Replaces the one with the same id, and the one with the same purpose and stack level there (1.6 §5.16, K01.FR.05). */
  set(profile: ChargingProfile): void;
  /** Returns those that were removed. */
  clear(filter: ProfileFilter): ChargingProfile[];
  find(filter: ProfileFilter): ChargingProfile[];
  /** TxProfiles end with their transaction (1.6 §3.13.2). */
  transactionEnded(connectorId: number): void;
}

export function createProfileStore(): ProfileStore {
  let all: ChargingProfile[] = [];
  const find = (filter: ProfileFilter) => all.filter((profile) => matches(profile, filter));
  return {
    get all() {
      return all;
    },
    find,
    set(profile) {
      all = all.filter((other) => other.id !== profile.id && !isSamePlace(other, profile));
      all.push(profile);
    },
    clear(filter) {
      const gone = new Set(find(filter));
      all = all.filter((profile) => !gone.has(profile));
      return [...gone];
    },
    transactionEnded(connectorId) {
      all = all.filter((profile) => profile.purpose !== 'Tx' || profile.connectorId !== connectorId);
    },
  };
}

function isSamePlace(one: ChargingProfile, other: ChargingProfile): boolean {
  return (
    one.purpose === other.purpose &&
    one.stackLevel === other.stackLevel &&
    one.connectorId === other.connectorId &&
    one.transactionId === other.transactionId
  );
}

/** 1.6 §5.4: with an id the others are not looked at. */
function matches(profile: ChargingProfile, { id, connectorId, purpose, stackLevel }: ProfileFilter): boolean {
  if (id !== undefined) return profile.id === id;
  return (
    (connectorId === undefined || profile.connectorId === connectorId) &&
    (purpose === undefined || profile.purpose === purpose) &&
    (stackLevel === undefined || profile.stackLevel === stackLevel)
  );
}
