const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** 24 bits of a hash (FNV-1a) in four characters: enough to say in which few blocks a msgId may be. */
export function msgIdCode(msgId: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < msgId.length; index++) {
    hash = Math.imul(hash ^ msgId.charCodeAt(index), 0x01000193);
  }
  hash ^= hash >>> 24;
  return digit(hash >>> 18) + digit(hash >>> 12) + digit(hash >>> 6) + digit(hash);
}

const digit = (number: number): string => digits.charAt(number & 63);

export const msgIdCodeLength = 4;

/** Where in `msg_id_blocks` the code is: its first character. */
export const bucketOf = (code: string): string => code.charAt(0);

/** In `msg_id_blocks.entries`: the other characters of a code, and how many blocks after the first its block is. */
const entryLength = 6;
/** How far blocks that are packed together may be from each other: three digits. */
export const maxBlockDistance = 2 ** 18 - 1;

interface NotedMsgIds {
  seq: number;
  /** `BlockRow.msg_ids`. */
  msg_ids: string;
}

/**
 * The entries of each bucket, in the order of the buckets. There are as many as messages, so that nothing is made for
 * each but its six bytes: counted first, then put in their places.
 */
export function packMsgIds(blocks: readonly NotedMsgIds[], afterBlock: number): [bucket: string, entries: string][] {
  const starts = new Map<number, number>();
  let entries = 0;
  for (const { msg_ids } of blocks) {
    for (let at = 0; at < msg_ids.length; at += msgIdCodeLength) {
      const bucket = msg_ids.charCodeAt(at);
      starts.set(bucket, (starts.get(bucket) ?? 0) + 1);
      entries += 1;
    }
  }
  const buckets = [...starts.keys()].sort((one, other) => one - other);
  let start = 0;
  for (const bucket of buckets) {
    const count = starts.get(bucket) ?? 0;
    starts.set(bucket, start);
    start += count * entryLength;
  }
  const bytes = Buffer.allocUnsafe(entries * entryLength);
  for (const { seq, msg_ids } of blocks) {
    const block = blockDigits(seq - afterBlock);
    for (let at = 0; at < msg_ids.length; at += msgIdCodeLength) {
      const bucket = msg_ids.charCodeAt(at);
      const place = starts.get(bucket) ?? 0;
      for (let n = 0; n < 3; n++) bytes[place + n] = msg_ids.charCodeAt(at + 1 + n);
      for (let n = 0; n < 3; n++) bytes[place + 3 + n] = block.charCodeAt(n);
      starts.set(bucket, place + entryLength);
    }
  }
  start = 0;
  return buckets.map((bucket) => {
    const from = start;
    start = starts.get(bucket) ?? start;
    return [String.fromCharCode(bucket), bytes.toString('latin1', from, start)];
  });
}

const blockDigits = (number: number): string => digit(number >>> 12) + digit(number >>> 6) + digit(number);

/** The blocks in which the code is, from the entries of its bucket. */
export function blocksWithCode(code: string, entries: string, afterBlock: number): number[] {
  const rest = code.slice(1);
  const blocks: number[] = [];
  for (let at = entries.indexOf(rest); at !== -1; at = entries.indexOf(rest, at + 1)) {
    if (at % entryLength !== 0) continue;
    const [high = 0, middle = 0, low = 0] = [3, 4, 5].map((n) => digits.indexOf(entries.charAt(at + n)));
    blocks.push(afterBlock + ((high << 12) | (middle << 6) | low));
  }
  return blocks;
}
