import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { type ApiKeys, type KnownKey, roles } from '../api-keys.ts';
import type { App } from '../app.ts';
import { Problem, problemResponses } from '../problem.ts';
import { isFromThisMachine, type LoginCodes } from './login-codes.ts';
import { endedCookies, sessionCookie } from './session-cookie.ts';
import { type Session, writeSessionToken } from './session-token.ts';

const hourMs = 3_600_000;
/** A working day. */
const onceMs = 12 * hourMs;
const rememberedMs = 30 * 24 * hourMs;

const tags = ['sign-in'];

const whoSchema = Type.Object(
  {
    name: Type.String(),
    role: Type.Enum([...roles]),
    sessionEndsAt: Type.Union([Type.String(), Type.Null()], {
      description: 'When the session of the browser ends; null: asked with a key.',
    }),
  },
  { title: 'SignedIn' },
);

export interface LoginOptions {
  keys: ApiKeys;
  codes: LoginCodes;
  publicUrl: string;
  now: () => number;
}

/** `/login`: makes a session cookie of a key (docs/decisions/0014-console-sessions.md). */
export function installLogin(app: App, { keys, codes, publicUrl, now }: LoginOptions): void {
  app.post(
    '/login',
    {
      config: { role: 'open' },
      schema: {
        tags,
        summary: 'Sign in with an API key',
        description:
          'For browsers: answers with a cookie that no script can read. Programs send the key with each request instead.',
        body: Type.Object(
          {
            key: Type.Optional(Type.String({ maxLength: 500, writeOnly: true })),
            code: Type.Optional(
              Type.String({
                maxLength: 100,
                writeOnly: true,
                description: 'Instead of the key: what the start printed, on the same machine, once.',
              }),
            ),
            remember: Type.Boolean({ default: false, description: 'Stay signed in for 30 days instead of 12 hours.' }),
          },
          { additionalProperties: false },
        ),
        response: { 200: whoSchema, ...problemResponses(401) },
      },
    },
    async (request, reply) => {
      const { key, code, remember } = request.body;
      const known = key === undefined ? byCode(code, request) : keys.find(key);
      if (!known) throw key === undefined ? codeUnknown() : keyUnknown();
      request.log.info({ caller: known.caller.name, address: request.ip }, 'Signed in to the console');
      return begin(known, remember, request, reply);
    },
  );

  app.get(
    '/login',
    {
      config: { role: 'read-only' },
      schema: { tags, summary: 'Who asks, and with which role', response: { 200: whoSchema } },
    },
    async (request, reply) => {
      const { caller, session } = request;
      if (session && session.expiresAt - now() < durationOf(session.remembered) / 2) {
        const known = keys.known.find((key) => key.caller === session.caller);
        if (known) return begin(known, session.remembered, request, reply);
      }
      if (!caller) throw new Error('an authorized request has a caller');
      return { ...caller, sessionEndsAt: session ? new Date(session.expiresAt).toISOString() : null };
    },
  );

  app.delete(
    '/login',
    { config: { role: 'open' }, schema: { tags, summary: 'Sign out', response: { 204: Type.Null() } } },
    async (request, reply) => {
      const cookies = endedCookies(request, { publicUrl });
      if (cookies.length > 0) reply.header('set-cookie', cookies);
      return reply.code(204).send(null);
    },
  );

  function begin(known: KnownKey, remembered: boolean, request: FastifyRequest, reply: FastifyReply) {
    const session: Session = { caller: known.caller, expiresAt: now() + durationOf(remembered), remembered };
    const maxAge = remembered ? { maxAgeSeconds: rememberedMs / 1000 } : {};
    reply.header('set-cookie', sessionCookie(request, writeSessionToken(known, session), { publicUrl, ...maxAge }));
    return { ...known.caller, sessionEndsAt: new Date(session.expiresAt).toISOString() };
  }

  function byCode(code: string | undefined, request: FastifyRequest): KnownKey | undefined {
    return code !== undefined && isFromThisMachine(request) ? codes.redeem(code) : undefined;
  }
}

const durationOf = (remembered: boolean): number => (remembered ? rememberedMs : onceMs);

const keyUnknown = (): Problem =>
  new Problem(401, 'key-unknown', 'This API key is not known. The admin key is in admin.key in the data folder.');

const codeUnknown = (): Problem =>
  new Problem(
    401,
    'code-unknown',
    'This sign-in link has been used, is older than 15 minutes, or was not opened on the machine of the system. Sign in with an API key.',
  );
