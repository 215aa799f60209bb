import type { Token } from './token-store.ts';

/** 2.x AuthorizationStatusEnumType. */
export type AuthorizationStatus =
  | 'Accepted'
  | 'Blocked'
  | 'ConcurrentTx'
  | 'Expired'
  | 'Invalid'
  | 'NoCredit'
  | 'NotAtThisLocation'
  | 'NotAtThisTime'
  | 'Unknown';

/** What a charge point holds up to us. A 1.6 idTag has no type. */
export interface PresentedToken {
  idToken: string;
  type?: string;
}

export interface Circumstances {
  networkId: string;
  now: Date;
  /** The setting `acceptAllTokens`: what we do not know may charge. What an operator has refused stays refused. */
  acceptUnknown: boolean;
  /** The token has an open transaction beside the one that this is about. */
  chargesElsewhere: boolean;
}

export interface Decision {
  status: AuthorizationStatus;
  /** Why, for an operator. */
  reason: string;
  /** The record that decided, also when it refused. */
  token?: Token;
}

/** Who may charge: the one rule, for both dialects. */
export function authorize(presented: PresentedToken, token: Token | undefined, circumstances: Circumstances): Decision {
  // C02.FR.02: a button was pressed, there is nothing to look up.
  if (presented.type === 'NoAuthorization') return { status: 'Accepted', reason: 'no authorization is needed there' };
  if (presented.idToken === '') return { status: 'Invalid', reason: 'the id token is empty' };
  if (token === undefined) return unknownToken(circumstances);
  // C01.FR.25: equal means the same id and the same type.
  if (token.type !== undefined && presented.type !== undefined && token.type !== presented.type) {
    return { status: 'Unknown', reason: `known as ${token.type}, presented as ${presented.type}` };
  }
  for (const rule of [statusRule, expiryRule, placeRule, concurrencyRule]) {
    const refusal = rule(token, circumstances);
    if (refusal !== undefined) return { ...refusal, token };
  }
  return { status: 'Accepted', reason: 'known and accepted', token };
}

function unknownToken({ acceptUnknown }: Circumstances): Decision {
  return acceptUnknown
    ? { status: 'Accepted', reason: 'not known, but the setting session.acceptAllTokens is on' }
    : { status: 'Unknown', reason: 'not known' };
}

function statusRule({ status }: Token): Decision | undefined {
  return status === 'Accepted' ? undefined : { status, reason: `its status is ${status}` };
}

function expiryRule({ expiresAt }: Token, { now }: Circumstances): Decision | undefined {
  if (expiresAt === undefined || Date.parse(expiresAt) > now.getTime()) return undefined;
  return { status: 'Expired', reason: `it expired at ${expiresAt}` };
}

function placeRule({ chargePoints }: Token, { networkId }: Circumstances): Decision | undefined {
  if (chargePoints.length === 0 || chargePoints.includes(networkId)) return undefined;
  // C01.FR.22
  return { status: 'NotAtThisLocation', reason: `it is not allowed at ${networkId}` };
}

function concurrencyRule({ allowConcurrent }: Token, { chargesElsewhere }: Circumstances): Decision | undefined {
  if (allowConcurrent || !chargesElsewhere) return undefined;
  return { status: 'ConcurrentTx', reason: 'it has another open transaction' };
}
