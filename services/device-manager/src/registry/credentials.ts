import { digestPassword, type PasswordDigest } from '@ocpp-csms/cache';
import { Problem } from '@ocpp-csms/http';

/** Fills as many bytes as asked for. */
export type RandomBytes = (size: number) => Uint8Array;

/** A digest as it rests in SQL. */
export interface StoredDigest extends PasswordDigest {
  /** The command that brings this password to the charge point; absent: it counts now. */
  commandId?: string;
  /** ISO 8601 UTC: while the outcome of that command is not known, it counts until then. */
  until?: string;
}

const shortest = 16;
const longest = 40;
const generatedBytes = 20;

/** 40 hex digits: 20 random bytes for 1.6 (A00.FR.205), and within the 16 to 40 characters of 2.x. */
export function generatePassword(random: RandomBytes): string {
  return Buffer.from(random(generatedBytes)).toString('hex');
}

/** Throws a 400 `Problem` in words that never repeat the password. */
export function checkPassword(password: string): void {
  const fault = passwordFault(password);
  if (fault === undefined) return;
  throw new Problem(400, 'invalid-password', `${fault}.`, { errors: [{ path: 'body.password', message: fault }] });
}

function passwordFault(password: string): string | undefined {
  if (password.length < shortest)
    return `password has ${password.length} characters; OCPP asks for ${shortest} to ${longest} (A00.FR.205)`;
  if (password.length > longest)
    return `password has ${password.length} characters; OCPP allows ${longest} (A00.FR.205)`;
  if (!/^[\x20-\x7e]+$/.test(password)) return 'password has characters other than printable ASCII';
  if (/^\s|\s$/.test(password)) return 'password begins or ends with a space, which many charge points cut off';
  if (new Set(password).size < 4) return 'password has fewer than four different characters';
  return undefined;
}

/**
 * The digests that let this password in. A 1.6 charge point may send the bytes of its hex key, or the hex digits
 * themselves in either case (field-faults row 10), so a key that can be read as hex has a digest for each.
 */
export function digestsOf(password: string, random: RandomBytes): PasswordDigest[] {
  return formsOf(password).map((form) => digestPassword(form, random));
}

function formsOf(password: string): (string | Uint8Array)[] {
  if (!/^(?:[0-9a-f]{2})+$/i.test(password)) return [password];
  const texts = new Set([password, password.toLowerCase(), password.toUpperCase()]);
  return [...texts, Buffer.from(password, 'hex')];
}

/** What csms-server may compare with now. */
export function countingDigests(digests: readonly StoredDigest[], now: Date): PasswordDigest[] {
  return digests
    .filter(({ until }) => until === undefined || Date.parse(until) > now.getTime())
    .map(({ salt, digest }) => ({ salt, digest }));
}
