/** What a token may be answered with. */
export const idTokenStatuses = ['Accepted', 'Blocked', 'Expired', 'Invalid', 'NoCredit', 'NotAtThisTime'];

export const idTokenPath = (idToken: string): string => `/session/id-tokens/${encodeURIComponent(idToken)}`;
