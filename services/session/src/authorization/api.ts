import {
  type App,
  decodeCursor,
  isoTime,
  Problem,
  pageOf,
  pageQuery,
  parseTime,
  problemResponses,
  type Static,
  Type,
} from '@ocpp-csms/http';
import type { ApiContext } from '../api-context.ts';
import { page } from '../paging.ts';
import { listAuthorizations } from './authorization-log.ts';
import { deleteToken, findToken, listTokens, saveToken, type Token, tokenKey, tokenStatuses } from './token-store.ts';
import { forgetUnknown, listUnknown } from './unknown-tokens.ts';

const idTokenText = Type.String({
  minLength: 1,
  maxLength: 255,
  description: 'As the charge point sends it; upper and lower case are the same.',
});
const statusText = Type.Enum([...tokenStatuses], {
  description: 'What it is answered with; Accepted also depends on expiry and place.',
});
const nullable = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null({ description: 'Takes it away.' })]);

const details = {
  type: Type.String({
    maxLength: 20,
    description: '2.x type, such as ISO14443. Without it, any type is taken for it.',
  }),
  expiresAt: isoTime,
  parentIdToken: Type.String({
    minLength: 1,
    maxLength: 36,
    description:
      '1.6 parentIdTag, 2.x groupIdToken: members of a group stop each other’s transactions. At most 20 characters for 1.6.',
  }),
  note: Type.String({ maxLength: 500, description: 'Whose it is, or anything else.' }),
  language: Type.String({ maxLength: 8, description: 'RFC 5646, such as de.' }),
};
const policies = {
  status: statusText,
  chargePoints: Type.Array(Type.String({ minLength: 1, maxLength: 48 }), {
    maxItems: 10_000,
    description: 'networkIds where it is allowed; empty: everywhere.',
  }),
  allowConcurrent: Type.Boolean({ description: 'May it have several open transactions?' }),
};

const tokenSchema = Type.Object(
  {
    idToken: idTokenText,
    ...policies,
    type: Type.Optional(details.type),
    expiresAt: Type.Optional(Type.String()),
    parentIdToken: Type.Optional(details.parentIdToken),
    note: Type.Optional(details.note),
    language: Type.Optional(details.language),
    createdAt: Type.String(),
    updatedAt: Type.String(),
  },
  { title: 'IdToken' },
);

const newDetails = Type.Object(
  {
    status: Type.Optional(statusText),
    chargePoints: Type.Optional(policies.chargePoints),
    allowConcurrent: Type.Optional(policies.allowConcurrent),
    type: Type.Optional(details.type),
    expiresAt: Type.Optional(details.expiresAt),
    parentIdToken: Type.Optional(details.parentIdToken),
    note: Type.Optional(details.note),
    language: Type.Optional(details.language),
  },
  { additionalProperties: false },
);
const newToken = Type.Object({ idToken: idTokenText, ...newDetails.properties }, { additionalProperties: false });
const tokenChanges = Type.Object(
  {
    status: Type.Optional(statusText),
    chargePoints: Type.Optional(policies.chargePoints),
    allowConcurrent: Type.Optional(policies.allowConcurrent),
    type: Type.Optional(nullable(details.type)),
    expiresAt: Type.Optional(nullable(details.expiresAt)),
    parentIdToken: Type.Optional(nullable(details.parentIdToken)),
    note: Type.Optional(nullable(details.note)),
    language: Type.Optional(nullable(details.language)),
  },
  { additionalProperties: false },
);

const unknownSchema = Type.Object(
  {
    idToken: Type.String(),
    type: Type.Optional(Type.String()),
    firstSeenAt: Type.String(),
    lastSeenAt: Type.String(),
    count: Type.Integer(),
    lastSeenAtChargePoint: Type.String({ description: 'networkId' }),
    lastAction: Type.String(),
  },
  { title: 'UnknownIdToken' },
);

const authorizationSchema = Type.Object(
  {
    id: Type.String(),
    at: Type.String(),
    networkId: Type.String(),
    action: Type.String({ description: 'The OCPP action that presented it.' }),
    idToken: Type.String(),
    type: Type.Optional(Type.String()),
    status: Type.String({ description: 'In 2.x words; 1.6 is told Invalid for those that it has not.' }),
    reason: Type.String(),
  },
  { title: 'Authorization' },
);

const byIdToken = Type.Object({ idToken: Type.String({ minLength: 1, maxLength: 255 }) });
const tags = ['id tokens'];

export function authorizationRoutes(app: App, context: ApiContext): void {
  tokenRoutes(app, context);
  unknownRoutes(app, context);
  logRoute(app, context);
}

function tokenRoutes(app: App, { database, clock }: ApiContext): void {
  app.post(
    '/id-tokens',
    {
      schema: {
        summary: 'Add an id token',
        tags,
        body: newToken,
        response: { 201: tokenSchema, ...problemResponses(409) },
      },
    },
    async ({ body }, reply) => {
      const token = tokenOf(body.idToken, body, clock.now().toISOString());
      await database.write(async (transaction) => {
        if (await findToken(transaction, body.idToken))
          throw new Problem(409, 'id-token-exists', 'This id token is known already.');
        await saveToken(transaction, token);
        await forgetUnknown(transaction, body.idToken);
      });
      return reply.code(201).send(token);
    },
  );

  app.get(
    '/id-tokens',
    {
      schema: {
        summary: 'List the id tokens',
        tags,
        querystring: Type.Object({
          q: Type.Optional(Type.String({ maxLength: 255, description: 'A part of the id token.' })),
          status: Type.Optional(statusText),
          ...pageQuery.properties,
        }),
        response: { 200: pageOf(tokenSchema) },
      },
    },
    async ({ query: { q, status, limit, cursor } }) => {
      const after = cursor === undefined ? undefined : cursorText(cursor);
      const items = await listTokens(database.read, { q, status, after, limit: limit + 1 });
      return page(items, limit, (last) => tokenKey(last.idToken));
    },
  );

  app.get(
    '/id-tokens/:idToken',
    {
      schema: {
        summary: 'One id token',
        tags,
        params: byIdToken,
        response: { 200: tokenSchema, ...problemResponses(404) },
      },
    },
    async ({ params }) => (await findToken(database.read, params.idToken)) ?? notFound(),
  );

  app.patch(
    '/id-tokens/:idToken',
    {
      schema: {
        summary: 'Change an id token',
        tags,
        params: byIdToken,
        body: tokenChanges,
        response: { 200: tokenSchema, ...problemResponses(404) },
      },
    },
    async ({ params, body }) =>
      database.write(async (transaction) => {
        const token = (await findToken(transaction, params.idToken)) ?? notFound();
        const changed = { ...changeToken(token, body), updatedAt: clock.now().toISOString() };
        await saveToken(transaction, changed);
        return changed;
      }),
  );

  app.delete(
    '/id-tokens/:idToken',
    {
      schema: {
        summary: 'Delete an id token',
        tags,
        params: byIdToken,
        response: { 204: Type.Null(), ...problemResponses(404) },
      },
    },
    async ({ params }, reply) => {
      if (!(await database.write((transaction) => deleteToken(transaction, params.idToken)))) notFound();
      return reply.code(204).send(null);
    },
  );
}

function unknownRoutes(app: App, { database, clock }: ApiContext): void {
  app.get(
    '/id-tokens/unknown',
    {
      schema: {
        summary: 'Id tokens that were presented and are not known',
        tags,
        querystring: pageQuery,
        response: { 200: pageOf(unknownSchema) },
      },
    },
    async ({ query: { limit, cursor } }) => {
      const before = cursor === undefined ? undefined : cursorPair(cursor);
      const items = await listUnknown(database.read, { limit: limit + 1, before });
      return page(items, limit, (last) => [last.lastSeenAt, tokenKey(last.idToken)]);
    },
  );

  app.post(
    '/id-tokens/unknown/:idToken/accept',
    {
      schema: {
        summary: 'Accept an unknown id token',
        description: 'Adds it as it was presented, accepted everywhere; the body may say more.',
        tags,
        params: byIdToken,
        body: Type.Union([newDetails, Type.Null()]),
        response: { 200: tokenSchema, 201: tokenSchema },
      },
    },
    async ({ params: { idToken }, body }, reply) => {
      const now = clock.now().toISOString();
      const { token, isNew } = await database.write(async (transaction) => {
        const unknown = await forgetUnknown(transaction, idToken);
        const known = await findToken(transaction, idToken);
        if (known !== undefined) return { token: known, isNew: false };
        const seen = { ...(unknown?.type === undefined ? {} : { type: unknown.type }), ...(body ?? {}) };
        const token = tokenOf(unknown?.idToken ?? idToken, seen, now);
        await saveToken(transaction, token);
        return { token, isNew: true };
      });
      return reply.code(isNew ? 201 : 200).send(token);
    },
  );
}

function logRoute(app: App, { database }: ApiContext): void {
  app.get(
    '/authorizations',
    {
      schema: {
        summary: 'What was decided on presented id tokens, newest first',
        description: 'The last 10,000 or so.',
        tags,
        querystring: Type.Object({
          networkId: Type.Optional(Type.String({ maxLength: 255 })),
          idToken: Type.Optional(Type.String({ maxLength: 255 })),
          ...pageQuery.properties,
        }),
        response: { 200: pageOf(authorizationSchema) },
      },
    },
    async ({ query: { networkId, idToken, limit, cursor } }) => {
      const before = cursor === undefined ? undefined : cursorText(cursor);
      const items = await listAuthorizations(database.read, { networkId, idToken, before, limit: limit + 1 });
      return page(items, limit, (last) => last.id);
    },
  );
}

function tokenOf(idToken: string, given: Static<typeof newDetails>, now: string): Token {
  const { status = 'Accepted', chargePoints = [], allowConcurrent = true, expiresAt, ...rest } = given;
  return {
    idToken,
    status,
    chargePoints,
    allowConcurrent,
    ...rest,
    ...(expiresAt === undefined ? {} : { expiresAt: parseTime(expiresAt, 'expiresAt').toISOString() }),
    createdAt: now,
    updatedAt: now,
  };
}

/** null takes a member away. */
function changeToken(
  token: Token,
  { status, chargePoints, allowConcurrent, ...given }: Static<typeof tokenChanges>,
): Token {
  const time =
    typeof given.expiresAt === 'string' ? parseTime(given.expiresAt, 'expiresAt').toISOString() : given.expiresAt;
  const { type, expiresAt, parentIdToken, note, language } = { ...token, ...dropAbsent({ ...given, expiresAt: time }) };
  return {
    ...token,
    status: status ?? token.status,
    chargePoints: chargePoints ?? token.chargePoints,
    allowConcurrent: allowConcurrent ?? token.allowConcurrent,
    type: type ?? undefined,
    expiresAt: expiresAt ?? undefined,
    parentIdToken: parentIdToken ?? undefined,
    note: note ?? undefined,
    language: language ?? undefined,
  };
}

function dropAbsent<Members extends object>(members: Members): Partial<Members> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<Members>;
}

function cursorText(cursor: string): string {
  return String(decodeCursor<unknown>(cursor));
}

function cursorPair(cursor: string): [string, string] {
  const value = decodeCursor<unknown>(cursor);
  return Array.isArray(value) ? [String(value[0]), String(value[1])] : ['', ''];
}

function notFound(): never {
  throw new Problem(404, 'id-token-unknown', 'No such id token.');
}
