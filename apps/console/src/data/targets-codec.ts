/** `to=CP001&to=CP002`, for the fragment of `/commands`. */
export function targetsHash(networkIds: readonly string[]): string {
  return new URLSearchParams(networkIds.map((networkId) => ['to', networkId])).toString();
}

/** Each once, in the order in which they were chosen. */
export function readTargets(hash: string): string[] {
  return [...new Set(new URLSearchParams(hash).getAll('to').filter((networkId) => networkId !== ''))];
}
