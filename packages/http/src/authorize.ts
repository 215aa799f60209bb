import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ApiKeys, type Caller, type Role, roles } from './api-keys.ts';
import type { App } from './app.ts';
import { Problem } from './problem.ts';

const challenge = 'Bearer realm="ocpp-csms"';

/** The role that a route needs: what it says, else reading for GET and operating for the rest. */
export function roleOf(method: string, config: { role?: Role | 'open' } | undefined): Role | 'open' {
  return config?.role ?? (method === 'GET' || method === 'HEAD' ? 'read-only' : 'operator');
}

/** The one place where a caller is let in or not. */
export function installAuthorization(app: App, keys: ApiKeys): void {
  app.addHook('onRequest', async (request, reply) => {
    const token = takeToken(request);
    // An unknown route is told only to those who may call something.
    const needed = request.is404 ? 'read-only' : roleOf(request.method, request.routeOptions.config);
    if (needed === 'open') return;
    request.caller = authenticate(token, keys, reply);
    if (roles.indexOf(request.caller.role) < roles.indexOf(needed)) {
      throw new Problem(
        403,
        'role-needed',
        `This needs a key with the role ${needed}; yours has ${request.caller.role}.`,
        {
          roleNeeded: needed,
        },
      );
    }
  });
}

function authenticate(token: string | undefined, keys: ApiKeys, reply: FastifyReply): Caller {
  if (token === undefined) {
    reply.header('www-authenticate', challenge);
    throw new Problem(
      401,
      'key-missing',
      'Send an API key: "Authorization: Bearer KEY". The admin key is in admin.key in the data folder.',
    );
  }
  const caller = keys.verify(token);
  if (caller) return caller;
  reply.header('www-authenticate', `${challenge}, error="invalid_token"`);
  throw new Problem(401, 'key-unknown', 'This API key is not known. The admin key is in admin.key in the data folder.');
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
