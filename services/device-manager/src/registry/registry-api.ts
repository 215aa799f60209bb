import { type App, pageOf, pageQuery, problemResponses, type Static, Type } from '@ocpp-csms/http';
import type { ApiContext } from '../api-context.ts';
import type { ChargePointTable } from '../schema.ts';
import type { ChargePointFields } from './charge-point.ts';
import { listChargePoints } from './charge-point-list.ts';
import { createChargePoint, deleteChargePoint, getChargePoint, updateChargePoint } from './charge-point-store.ts';
import { type ChargePointView, chargePointView, ocppVersion, registrationStatus, viewOf } from './charge-point-view.ts';
import { checkPassword, digestsOf, generatePassword } from './credentials.ts';

const tags = ['charge points'];
const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);
const text = (maxLength: number) => Type.String({ maxLength });

const fields = {
  name: Type.String({ minLength: 1, maxLength: 200, description: 'For people. Without it, the networkId.' }),
  serialNumber: orNull(text(100)),
  templateId: orNull(text(100)),
  plugAndCharge: Type.Boolean({ description: 'ISO 15118 plug and charge is wanted here.' }),
  vendor: orNull(text(100)),
  model: orNull(text(100)),
  firmwareVersion: orNull(text(100)),
  securityProfile: Type.Enum([0, 1, 2, 3], {
    description: '0: no password. 1: HTTP Basic (default). 2: the same over TLS. 3: TLS with a client certificate.',
  }),
  password: Type.String({
    writeOnly: true,
    description:
      '16 to 40 printable characters. Without it, a random one is made and returned once. Never shown again.',
  }),
  enabled: Type.Boolean({ description: 'false: not let in.' }),
  tags: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: 50, uniqueItems: true }),
  registration: registrationStatus,
  heartbeatIntervalSeconds: orNull(Type.Integer({ minimum: 1, maximum: 86_400 })),
  assumedProtocol: orNull(ocppVersion),
  strict: Type.Boolean({ description: 'Refuse what breaks the schema instead of making sense of it.' }),
  noPing: Type.Boolean({ description: 'This model answers no WebSocket pings.' }),
  maxFrameBytes: orNull(Type.Integer({ minimum: 4096, maximum: 67_108_864 })),
};

const changes = Type.Partial(Type.Object(fields), { additionalProperties: false });
const creation = Type.Object(
  {
    networkId: Type.String({
      maxLength: 200,
      description: 'Its OCPP identity: at most 48 characters, without ":" and "/".',
    }),
    ...changes.properties,
  },
  { additionalProperties: false, required: ['networkId'] },
);
const created = Type.Object({
  ...chargePointView.properties,
  password: Type.Optional(Type.String({ description: 'Made at random; shown only now.' })),
});
const byId = Type.Object({ id: Type.String({ description: 'chargePointId or networkId' }) });

/** POST, GET, PATCH, DELETE /charge-points */
export async function registryApi(app: App, api: ApiContext): Promise<void> {
  app.post(
    '/charge-points',
    {
      schema: {
        tags,
        summary: 'Register a charge point',
        body: creation,
        response: { 201: created, ...problemResponses(409) },
      },
    },
    async (request, reply) => {
      const { networkId, password, ...given } = request.body as Static<typeof changes> & { networkId: string };
      if (password !== undefined) checkPassword(password);
      const needsPassword = given.securityProfile !== 0 && given.securityProfile !== 3;
      const generated = password === undefined && needsPassword ? generatePassword(api.random) : undefined;
      const secret = password ?? generated;
      const digests = secret === undefined ? [] : digestsOf(secret, api.random);
      const row = await api.transact((context) =>
        createChargePoint({ networkId, digests, ...fieldsOf(given) }, context),
      );
      await api.mirrored();
      const view = await shown(row);
      return reply
        .code(201)
        .header('location', `/device-manager/charge-points/${row.charge_point_id}`)
        .send({ ...view, ...(generated === undefined ? {} : { password: generated }) });
    },
  );

  app.get(
    '/charge-points',
    {
      schema: {
        tags,
        summary: 'List charge points',
        querystring: Type.Object({
          networkId: Type.Optional(Type.String()),
          connected: Type.Optional(Type.Boolean()),
          q: Type.Optional(
            Type.String({ maxLength: 200, description: 'Part of name, networkId, serial number, vendor or model.' }),
          ),
          tag: Type.Optional(Type.String({ maxLength: 100 })),
          status: Type.Optional(
            Type.Array(Type.String({ maxLength: 50 }), {
              maxItems: 20,
              description: 'One of its connectors has this status, in the words of OCPP; may be repeated.',
            }),
          ),
          protocol: Type.Optional({ ...ocppVersion, description: 'That it speaks, or spoke last.' }),
          firmwareVersion: Type.Optional(Type.String({ maxLength: 100 })),
          sort: Type.Enum(['registered', 'name'], { type: 'string', default: 'registered' }),
          ...pageQuery.properties,
        }),
        response: { 200: pageOf(chargePointView) },
      },
    },
    async ({ query: { limit, cursor, sort, ...filter } }) => {
      const page = await listChargePoints(api.read, api.connections, filter, {
        limit,
        sort,
        ...(cursor === undefined ? {} : { cursor }),
      });
      const connectors = await connectorsOf(page.rows);
      const items = page.rows.map((row) =>
        viewOf(row, {
          connection: page.connections.get(row.network_id),
          lastSeenAt: api.lastSeen.of(row.network_id, row.last_seen_at),
          connectors: connectors.get(row.network_id) ?? [],
        }),
      );
      return { items, ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }) };
    },
  );

  app.get(
    '/charge-points/:id',
    {
      schema: {
        tags,
        summary: 'Read a charge point',
        params: byId,
        response: { 200: chargePointView, ...problemResponses(404) },
      },
    },
    async ({ params }) => shown(await getChargePoint(api.read, params.id)),
  );

  app.patch(
    '/charge-points/:id',
    {
      schema: {
        tags,
        summary: 'Change a charge point',
        description:
          'The networkId stays: another one is another charge point. A password replaces the one before at once.',
        params: byId,
        body: changes,
        response: { 200: chargePointView, ...problemResponses(404) },
      },
    },
    async ({ params, body }) => {
      const { password, ...given } = body as Static<typeof changes>;
      if (password !== undefined) checkPassword(password);
      const digests = password === undefined ? {} : { digests: digestsOf(password, api.random) };
      const row = await api.transact(async (context) => {
        const before = await getChargePoint(context.tx, params.id);
        return updateChargePoint(before, { ...fieldsOf(given), ...digests }, context);
      });
      await api.mirrored();
      return shown(row);
    },
  );

  app.delete(
    '/charge-points/:id',
    {
      schema: {
        tags,
        summary: 'Delete a charge point',
        description: 'With its configuration, boots, commands and the like. Its messages and transactions stay.',
        params: byId,
        response: { 204: Type.Null(), ...problemResponses(404) },
      },
    },
    async ({ params }, reply) => {
      await api.transact(async (context) => deleteChargePoint(await getChargePoint(context.tx, params.id), context));
      await api.mirrored();
      return reply.code(204).send(null);
    },
  );

  async function shown(row: ChargePointTable): Promise<ChargePointView> {
    const connectors = await connectorsOf([row]);
    return viewOf(row, {
      connection: await api.connections.get(row.network_id),
      lastSeenAt: api.lastSeen.of(row.network_id, row.last_seen_at),
      connectors: connectors.get(row.network_id) ?? [],
    });
  }

  async function connectorsOf(rows: readonly ChargePointTable[]) {
    if (rows.length === 0) return new Map<string, never>();
    const all = await api.read
      .selectFrom('connector')
      .selectAll()
      .where(
        'network_id',
        'in',
        rows.map(({ network_id }) => network_id),
      )
      .orderBy('evse_id')
      .orderBy('connector_id')
      .execute();
    return Map.groupBy(all, ({ network_id }) => network_id);
  }
}

/** JSON Schema has checked it; the members of a union with null come out wider than they are. */
function fieldsOf(given: Omit<Static<typeof changes>, 'password'>): Partial<ChargePointFields> {
  return given as Partial<ChargePointFields>;
}
