import type { RefusedConnectionTable } from '../schema.ts';

export interface Advice {
  /** What to do about it, in plain words. */
  whatToDo: string;
  /** Whether one call to `adopt` lets this charge point in. */
  adoptable: boolean;
}

/** What to do about a refused connection. `isKnown`: there is a charge point with this networkId. */
export function adviceOn(
  refusal: Pick<RefusedConnectionTable, 'reason' | 'credentials' | 'password_digests'>,
  isKnown: boolean,
): Advice {
  switch (refusal.reason) {
    case 'unknown-charge-point':
      return {
        adoptable: !isKnown,
        whatToDo: isKnown
          ? 'It has been registered since; it will be let in when it tries again.'
          : howToAdopt(refusal),
      };
    case 'wrong-credentials':
      return {
        adoptable: isKnown,
        whatToDo:
          `Set the password in the charge point to the registered one, or register the one that it has: PATCH …/charge-points/{id} with password. ${refusal.password_digests === '[]' ? '' : 'If you are sure that it is yours, adopt it with { "replaceCredentials": true } to take over the password that it offers.'}`.trim(),
      };
    case 'no-credentials':
      return {
        adoptable: isKnown,
        whatToDo:
          'Set the password in the charge point (security profile 1, HTTP Basic). If it can do without only, adopt it with { "replaceCredentials": true, "securityProfile": 0 }.',
      };
    case 'disabled':
      return {
        adoptable: false,
        whatToDo: 'The charge point is disabled here: PATCH …/charge-points/{id} with { "enabled": true }.',
      };
    case 'subprotocol':
      return {
        adoptable: false,
        whatToDo:
          'It offers no OCPP version that is spoken here (ocpp1.6, ocpp2.0.1, ocpp2.1). Set the version in the charge point; if it names none at all, PATCH …/charge-points/{id} with assumedProtocol.',
      };
    case 'security-profile':
      return {
        adoptable: false,
        whatToDo:
          'It came with another security profile than it is registered with. Change it in the charge point, or PATCH securityProfile here.',
      };
    case 'busy':
      return {
        adoptable: false,
        whatToDo:
          'Nothing: the server was busy or the charge point came too often. It will be let in when it tries again.',
      };
    default:
      return {
        adoptable: false,
        whatToDo:
          'Correct the URL in the charge point: the last step is its networkId, at most 48 characters without ":" and "/".',
      };
  }
}

function howToAdopt({ credentials }: Pick<RefusedConnectionTable, 'credentials'>): string {
  return credentials === 'basic'
    ? 'If it is yours, adopt it: the password that it offers becomes its password.'
    : 'If it is yours, set a password in it and adopt it then; adopted as it is, it is let in without a password (security profile 0).';
}
