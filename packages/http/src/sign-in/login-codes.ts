import { randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { KnownKey } from '../api-keys.ts';

/** Codes that are printed at the start and sign in who follows the link: once, soon, and on this machine. */
export interface LoginCodes {
  issue(key: KnownKey): string;
  /** The key that the code stands for; after that it stands for none. */
  redeem(code: string): KnownKey | undefined;
}

const validMs = 15 * 60_000;
const mostAtOnce = 10;

export function createLoginCodes(now: () => number): LoginCodes {
  const codes = new Map<string, { key: KnownKey; until: number }>();
  return {
    issue(key) {
      const oldest = codes.keys().next().value;
      if (codes.size >= mostAtOnce && oldest !== undefined) codes.delete(oldest);
      const code = randomBytes(16).toString('base64url');
      codes.set(code, { key, until: now() + validMs });
      return code;
    },
    redeem(code) {
      const found = codes.get(code);
      codes.delete(code);
      return found && found.until > now() ? found.key : undefined;
    },
  };
}

/** Asked by a program on this machine, and not by a proxy here for somebody elsewhere. */
export function isFromThisMachine({ raw, headers }: FastifyRequest): boolean {
  const address = raw.socket.remoteAddress ?? '';
  const isLoopback = address === '::1' || /^(::ffff:)?127\./.test(address);
  return isLoopback && headers['x-forwarded-for'] === undefined && headers.forwarded === undefined;
}
