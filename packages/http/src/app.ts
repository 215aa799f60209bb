import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Caller, Role } from './api-keys.ts';
import type { Session } from './sign-in/session-token.ts';

/** What routes are registered on: `app.get('/x', { schema: { querystring: Type.Object(…), response: { 200: … } } }, …)`. */
export type App = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, TypeBoxTypeProvider>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call this route. Without it: `read-only` for GET, `operator` for the rest. `open`: everybody. */
    role?: Role | 'open';
  }
  interface FastifyRequest {
    /** Of a browser that signed in; absent when a key was sent. */
    session?: Session;
    /** Who calls; absent on open routes. */
    caller?: Caller;
  }
}
