import type { FastifyRequest } from 'fastify';
import { type ApiKeys, type Caller, type Role, roles } from './api-keys.ts';
import type { App } from './app.ts';
import { isPageRequest } from './console/page-request.ts';
import { Problem } from './problem.ts';
import { sessionCookiesOf } from './sign-in/session-cookie.ts';
import { readSessionToken, type Session } from './sign-in/session-token.ts';

const challenge = 'Bearer realm="ocpp-csms"';

/** The role that a route needs: what it says, else reading for GET and operating for the rest. */
export function roleOf(method: string, config: { role?: Role | 'open' } | undefined): Role | 'open' {
  return config?.role ?? (method === 'GET' || method === 'HEAD' ? 'read-only' : 'operator');
}

export interface AuthorizationOptions {
  keys: ApiKeys;
  now: () => number;
  /** There is a console: an address that is no route is one of its pages, for a browser. */
  hasPages: boolean;
}

/** The one place where a caller is let in or not. */
export function installAuthorization(app: App, { keys, now, hasPages }: AuthorizationOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    const token = takeToken(request);
    // An unknown route is told only to those who may call something.
    const needed = request.is404 ? 'read-only' : roleOf(request.method, request.routeOptions.config);
    if (needed === 'open' || (request.is404 && hasPages && isPageRequest(request))) return;
    try {
      identify(request, token);
    } catch (error) {
      if (error instanceof Problem && error.status === 401) {
        const invalid = token === undefined ? '' : ', error="invalid_token"';
        reply.header('www-authenticate', challenge + invalid);
      }
      throw error;
    }
    const role = request.caller?.role ?? 'read-only';
    if (roles.indexOf(role) < roles.indexOf(needed)) {
      throw new Problem(403, 'role-needed', `This needs a key with the role ${needed}; yours has ${role}.`, {
        roleNeeded: needed,
      });
    }
  });

  function identify(request: FastifyRequest, token: string | undefined): void {
    if (token !== undefined) {
      request.caller = callerOf(token);
      return;
    }
    const session = sessionOf(request);
    refuseForeignChange(request);
    request.session = session;
    request.caller = session.caller;
  }

  function callerOf(token: string): Caller {
    const caller = keys.verify(token);
    if (caller) return caller;
    throw new Problem(
      401,
      'key-unknown',
      'This API key is not known. The admin key is in admin.key in the data folder.',
    );
  }

  function sessionOf(request: FastifyRequest): Session {
    const cookies = sessionCookiesOf(request);
    for (const cookie of cookies) {
      const session = readSessionToken(cookie, keys.known, now());
      if (session) return session;
    }
    if (cookies.length > 0) throw new Problem(401, 'session-ended', 'Your session has ended. Sign in again.');
    throw new Problem(
      401,
      'key-missing',
      'Send an API key: "Authorization: Bearer KEY". The admin key is in admin.key in the data folder.',
    );
  }
}

/**
 * The browser sends the cookie along, also from the page of another program on this host (SameSite looks at the host
 * alone). Such a page cannot add a header without asking us first, which is not answered.
 */
function refuseForeignChange({ method, headers }: FastifyRequest): void {
  if (method === 'GET' || method === 'HEAD' || headers['csms-console'] !== undefined) return;
  throw new Problem(
    403,
    'not-from-the-console',
    'The session of a browser changes things from the console alone. A program sends an API key: "Authorization: Bearer KEY".',
  );
}

/**
 * The key from the header. A browser's EventSource cannot send headers, so event streams may carry it as
 * `access_token` in the query, where it is taken away before anything can log it.
 */
function takeToken(request: FastifyRequest): string | undefined {
  const query = request.query as Record<string, unknown>;
  const fromQuery = query.access_token;
  delete query.access_token;
  const fromHeader = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  if (fromHeader !== undefined) return fromHeader;
  const wantsEvents = request.method === 'GET' && request.headers.accept?.includes('text/event-stream');
  return wantsEvents && typeof fromQuery === 'string' ? fromQuery : undefined;
}
