const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** So many rows of `msg_id_blocks` for a piece of the log: a question reads one of them, and each is still short. */
const buckets = 512;

/** 24 bits of a hash (FNV-1a) in four characters: enough to say in which few blocks a msgId may be. */
export function msgIdCode(msgId: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < msgId.length; index++) {
    hash = Math.imul(hash ^ msgId.charCodeAt(index), 0x01000193);
  }
  hash ^= hash >>> 24;
  return (
    digits.charAt((hash >>> 18) & 63) +
    digits.charAt((hash >>> 12) & 63) +
    digits.charAt((hash >>> 6) & 63) +
    digits.charAt(hash & 63)
  );
}

export const msgIdCodeLength = 4;

/** Where in `msg_id_blocks` the code is. */
export function bucketOf(code: string): number {
  const highest = digits.indexOf(code.charAt(0)) * 64 + digits.indexOf(code.charAt(1));
  return highest % buckets;
}
