/** J2.x §3.1.1; 1.6 charge points keep to it as well. */
const longestNetworkId = 48;

export type PathReading =
  /** Not a path of ours. */
  { kind: 'elsewhere' } | { kind: 'bad-id'; shown: string; words: string } | { kind: 'id'; networkId: string };

/**
 * The identity in `/ocpp/{networkId}`: decoded once, at most 48 characters, no colon (it ends the user name), one
 * segment. One slash too many, in front or at the end, is let pass (field-faults 9). `prefix` is the path before it.
 */
export function readPath(url: string, prefix: string): PathReading {
  const path = url.split('?', 1)[0]?.replace('//', '/') ?? '';
  if (!path.startsWith(`${prefix}/`)) return { kind: 'elsewhere' };
  const segment = path.slice(prefix.length + 1).replace(/\/$/, '');
  const networkId = decode(segment);
  if (networkId === undefined) return badId(segment, 'The identity has a percent sign that is no escape');
  const words = problemOf(networkId);
  return words === undefined ? { kind: 'id', networkId } : badId(networkId, words);
}

function problemOf(networkId: string): string | undefined {
  if (networkId === '') return 'The path has no identity: the URL must end with it';
  if (networkId.length > longestNetworkId) return `The identity is longer than ${longestNetworkId} characters`;
  if (networkId.includes(':')) return 'The identity has a colon';
  if (/[/\\]/.test(networkId) || networkId === '.' || networkId === '..')
    return 'The identity must be one segment of the path';
  if (/\p{C}/u.test(networkId)) return 'The identity has control characters';
  return undefined;
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function badId(text: string, words: string): PathReading {
  return { kind: 'bad-id', shown: text.replace(/\p{C}/gu, '?').slice(0, longestNetworkId), words };
}
