import type { TokenStatus } from '../../data/tokens.ts';

/** What a token can be answered with, and what that means. */
export const tokenStatuses: readonly { value: TokenStatus; label: string }[] = [
  { value: 'Accepted', label: 'Accepted: may charge' },
  { value: 'Blocked', label: 'Blocked: may not charge' },
  { value: 'Expired', label: 'Expired' },
  { value: 'Invalid', label: 'Invalid: not known' },
  { value: 'NoCredit', label: 'NoCredit: has not paid' },
  { value: 'NotAtThisTime', label: 'NotAtThisTime: not now' },
];
