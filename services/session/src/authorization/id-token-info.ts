import type { AuthorizationStatus, Decision } from './authorize.ts';

/** 1.6 IdTagInfo. */
export interface IdTagInfo {
  status: 'Accepted' | 'Blocked' | 'Expired' | 'Invalid' | 'ConcurrentTx';
  expiryDate?: string;
  parentIdTag?: string;
}

/** 2.x IdTokenInfoType, valid in 2.0.1 and 2.1. */
export interface IdTokenInfo {
  status: AuthorizationStatus;
  cacheExpiryDateTime?: string;
  groupIdToken?: { idToken: string; type: 'Central' };
  language1?: string;
}

const longestIdTag = 20;
const longestIdToken = 36;
const longestLanguage = 8;

/** 1.6 has no words for the finer reasons: they are Invalid (1.6 §7.2). */
export function idTagInfoOf({ status, token }: Decision): IdTagInfo {
  const parent = token?.parentIdToken;
  return {
    status: statuses16.find((known) => known === status) ?? 'Invalid',
    ...(token?.expiresAt === undefined ? {} : { expiryDate: token.expiresAt }),
    ...(parent === undefined || parent.length > longestIdTag ? {} : { parentIdTag: parent }),
  };
}

const statuses16: readonly IdTagInfo['status'][] = ['Accepted', 'Blocked', 'Expired', 'Invalid', 'ConcurrentTx'];

/** A group is ours, hence its type is Central (2.0.1 errata 2.20, C01.FR.06). */
export function idTokenInfoOf({ status, token }: Decision): IdTokenInfo {
  const group = token?.parentIdToken;
  const language = token?.language;
  return {
    status,
    ...(status !== 'Accepted' || token?.expiresAt === undefined ? {} : { cacheExpiryDateTime: token.expiresAt }),
    ...(group === undefined || group.length > longestIdToken
      ? {}
      : { groupIdToken: { idToken: group, type: 'Central' } }),
    ...(language === undefined || language.length > longestLanguage ? {} : { language1: language }),
  };
}
