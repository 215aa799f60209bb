import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Caller, Role } from './api-keys.ts';

/** What routes are registered on: `app.get('/x', { schema: { querystring: Type.Object(…), response: { 200: … } } }, …)`. */
export type App = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, TypeBoxTypeProvider>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call this route. Without it: `read-only` for GET, `operator` for the rest. `open`: everybody. */
    role?: Role | 'open';
  }
  interface FastifyRequest {
    /** Who calls; absent on open routes. */
    caller?: Caller;
  }
}
