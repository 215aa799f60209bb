import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { PasswordDigest } from './cache.ts';

const SALT_BYTES = 16;
const DIGEST_BYTES = 32;

/** Compared with when there is nothing to compare with, so that an unknown charge point takes as long as a wrong password. */
const NOBODYS_DIGEST: PasswordDigest = {
  salt: Buffer.alloc(SALT_BYTES).toString('base64'),
  digest: Buffer.alloc(DIGEST_BYTES).toString('base64'),
};

function digestBytes(password: Uint8Array | string, salt: Uint8Array): Buffer {
  return createHmac('sha256', salt).update(password).digest();
}

/** Digests the bytes of a password (UTF-8 when it is text) with a fresh salt of 16 bytes. */
export function digestPassword(
  password: Uint8Array | string,
  random: (size: number) => Uint8Array = randomBytes,
): PasswordDigest {
  const salt = random(SALT_BYTES);
  return {
    salt: Buffer.from(salt).toString('base64'),
    digest: digestBytes(password, salt).toString('base64'),
  };
}

/** Whether the password is that of any digest. Always compares with all of them, each in constant time. */
export function matchesDigest(password: Uint8Array, digests: readonly PasswordDigest[]): boolean {
  let matches = 0;
  for (const digest of digests) matches |= matchesOne(password, digest);
  if (digests.length === 0) matchesOne(password, NOBODYS_DIGEST);
  return matches === 1;
}

function matchesOne(password: Uint8Array, { salt, digest }: PasswordDigest): 0 | 1 {
  const actual = digestBytes(password, Buffer.from(salt, 'base64'));
  const expected = Buffer.alloc(DIGEST_BYTES);
  // A digest of another length is damaged. It is compared all the same, and never matches.
  const whole = Buffer.from(digest, 'base64').copy(expected) === DIGEST_BYTES;
  return timingSafeEqual(actual, expected) && whole ? 1 : 0;
}
