import type { FastifyRequest } from 'fastify';

/**
 * Browsers keep cookies apart by host and not by port: two systems on one machine would sign each other out. So the
 * port is in the name, as far as the browser told it, and whatever begins with this is looked at.
 */
const prefix = 'csms-session-';
/** Of other systems on the same host there are few. */
const mostLookedAt = 8;

/** The values of the session cookies that came along. */
export function sessionCookiesOf(request: FastifyRequest): string[] {
  return cookiesOf(request)
    .filter(([name]) => name.startsWith(prefix))
    .map(([, value]) => value)
    .slice(0, mostLookedAt);
}

function cookiesOf({ headers }: FastifyRequest): [name: string, value: string][] {
  return (headers.cookie ?? '').split(';').map((part) => {
    const [name = '', ...value] = part.split('=');
    return [name.trim(), value.join('=').trim()];
  });
}

export interface CookieOptions {
  /** Where the outside reaches us; empty when that is not set. */
  publicUrl: string;
  /** Until when the browser keeps it; without it, until it is closed. */
  maxAgeSeconds?: number;
}

/** HttpOnly: no script can read it. SameSite=Strict: no other site can make the browser send it. */
export function sessionCookie(request: FastifyRequest, token: string, options: CookieOptions): string {
  return cookie(`${prefix}${portOf(request)}`, token, request, options);
}

/** Takes away those that came along. */
export function endedCookies(request: FastifyRequest, options: CookieOptions): string[] {
  return cookiesOf(request)
    .filter(([name]) => name.startsWith(prefix) && /^[\w-]+$/.test(name))
    .map(([name]) => cookie(name, '', request, { ...options, maxAgeSeconds: 0 }));
}

function cookie(name: string, value: string, request: FastifyRequest, options: CookieOptions): string {
  const { maxAgeSeconds } = options;
  const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`;
  const secure = isOverTls(request, options) ? '; Secure' : '';
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Strict${secure}${age}`;
}

const portOf = ({ host }: FastifyRequest): string => /:(\d+)$/.exec(host)?.[1] ?? 'default';

/** Behind a proxy that does the TLS, the request itself is plain: then the public URL tells. */
function isOverTls({ protocol, host }: FastifyRequest, { publicUrl }: CookieOptions): boolean {
  return protocol === 'https' || (publicUrl.startsWith('https://') && new URL(publicUrl).host === host);
}
