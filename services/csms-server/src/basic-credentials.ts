import { digestPassword, type PasswordDigest } from '@ocpp-csms/cache';

/** Bytes, since the password of 1.6 is any 20 of them (J16 errata 3.12; field-faults 10). */
export interface BasicCredentials {
  user: string;
  password: Buffer;
}

const colon = 0x3a;
const longestHeader = 1024;

/** HTTP Basic (RFC 7617). The user name ends at the first colon: an identity has none. */
export function readBasicCredentials(header: string | undefined): BasicCredentials | undefined {
  if (header === undefined || header.length > longestHeader) return undefined;
  const encoded = /^Basic +([A-Za-z0-9+/_=-]+) *$/i.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  const end = bytes.indexOf(colon);
  if (end < 0) return undefined;
  return { user: bytes.toString('utf8', 0, end), password: bytes.subarray(end + 1) };
}

/** Digests of a password in each form in which the charge point may send it: as it came, and raw or hex. */
export function digestsOfForms(password: Buffer): PasswordDigest[] {
  const text = password.toString('latin1');
  const isHex = text.length > 0 && text.length % 2 === 0 && /^[0-9a-fA-F]+$/.test(text);
  const isText = /^[\x20-\x7e]*$/.test(text);
  const others = isHex ? [Buffer.from(text, 'hex')] : isText ? [] : hexForms(password);
  return [password, ...others].map((form) => digestPassword(form));
}

function hexForms(password: Buffer): Buffer[] {
  const hex = password.toString('hex');
  return [Buffer.from(hex), Buffer.from(hex.toUpperCase())];
}
