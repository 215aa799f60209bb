import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Caller, KnownKey } from '../api-keys.ts';

/**
 * What the browser holds instead of the key: who, until when, signed with the key. No node has to remember it, every
 * node that knows the key can read it, and it ends with the key. The key cannot be had from it.
 */
export interface Session {
  caller: Caller;
  /** Milliseconds since 1970. */
  expiresAt: number;
  /** Kept by the browser when it is closed. */
  remembered: boolean;
}

const version = 'v1';

export function writeSessionToken({ digest }: KnownKey, { expiresAt, remembered }: Omit<Session, 'caller'>): string {
  const content = [version, keyId(digest), Math.floor(expiresAt / 1000), remembered ? 'kept' : 'once'].join('.');
  return `${content}.${signature(digest, content)}`;
}

/** Undefined for what is not ours, was changed, is over, or belongs to a key that is no longer there. */
export function readSessionToken(token: string, keys: readonly KnownKey[], now: number): Session | undefined {
  const end = token.lastIndexOf('.');
  const content = token.slice(0, end);
  const [wrote, id, seconds, kind] = content.split('.');
  const expiresAt = Number(seconds) * 1000;
  if (wrote !== version || !(expiresAt > now)) return undefined;
  const key = keys.find(({ digest }) => keyId(digest) === id);
  if (!key || !isEqual(signature(key.digest, content), token.slice(end + 1))) return undefined;
  return { caller: key.caller, expiresAt, remembered: kind === 'kept' };
}

const ids = new WeakMap<Buffer, string>();

function keyId(digest: Buffer): string {
  let id = ids.get(digest);
  if (id === undefined) {
    id = hmac(digest, 'ocpp-csms: name of the key').slice(0, 16);
    ids.set(digest, id);
  }
  return id;
}

const signature = (digest: Buffer, content: string): string => hmac(digest, `ocpp-csms: session ${content}`);

const hmac = (key: Buffer, text: string): string => createHmac('sha256', key).update(text).digest('base64url');

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
