import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { digestPassword, matchesDigest } from './password-digest.ts';

const bytes = (text: string) => Buffer.from(text, 'utf8');

it('matches the password, as text or as bytes, and no other', () => {
  const digests = [digestPassword('geheim-ü'), digestPassword(bytes('other'))];
  expect(matchesDigest(bytes('geheim-ü'), digests)).toBe(true);
  expect(matchesDigest(bytes('other'), digests)).toBe(true);
  expect(matchesDigest(bytes('geheim'), digests)).toBe(false);
  expect(matchesDigest(bytes(''), digests)).toBe(false);
});

it('matches bytes that are no text', () => {
  const key = Uint8Array.from([0, 255, 128, 58, 10]);
  expect(matchesDigest(key, [digestPassword(key)])).toBe(true);
});

it('is HMAC-SHA-256 with the salt as key', () => {
  const { salt, digest } = digestPassword('password', (size) => new Uint8Array(size).fill(7));
  expect(salt).toBe(Buffer.alloc(16, 7).toString('base64'));
  expect(digest).toBe(createHmac('sha256', Buffer.alloc(16, 7)).update('password').digest('base64'));
});

it('salts each digest anew', () => {
  expect(digestPassword('same')).not.toEqual(digestPassword('same'));
});

it('matches nothing when there are no digests, not even the dummy', () => {
  expect(matchesDigest(bytes(''), [])).toBe(false);
});

it('matches no damaged digest', () => {
  const { salt, digest } = digestPassword('password');
  const cut = Buffer.from(digest, 'base64').subarray(0, 31).toString('base64');
  for (const damaged of ['', 'not base64 !', cut]) {
    expect(matchesDigest(bytes('password'), [{ salt, digest: damaged }])).toBe(false);
  }
});
