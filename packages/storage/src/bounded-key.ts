import { createHash } from 'node:crypto';

/** A PostgreSQL index takes 2,704 bytes a row, and there are indexes of several columns. */
const LONGEST_BYTES = 600;
const SHOWN_CHARACTERS = 100;

/**
 * For text that a charge point sends and that is looked for in an index: as it is, unless it is absurdly long; then its
 * beginning and its SHA-256. What is equal stays equal, and what differs stays different.
 */
export function boundedKey(text: string): string {
  if (text.length * 3 <= LONGEST_BYTES || Buffer.byteLength(text) <= LONGEST_BYTES) return text;
  return `${text.slice(0, SHOWN_CHARACTERS).toWellFormed()}…sha256:${createHash('sha256').update(text).digest('base64url')}`;
}
