import {
  type App,
  decodeCursor,
  encodeCursor,
  pageOf,
  pageQuery,
  problemResponses,
  reachableHost,
  Type,
} from '@ocpp-csms/http';
import type { ApiContext } from '../api-context.ts';
import { adopt } from './adopt.ts';
import { adviceOn } from './advice.ts';
import { chargePointUrl } from './charge-point-url.ts';

const tags = ['refused connections'];

const refusedView = Type.Object(
  {
    networkId: Type.String(),
    reason: Type.String(),
    words: Type.String({ description: 'Why, in plain words.' }),
    whatToDo: Type.String(),
    useUrl: Type.String({ description: 'The URL to put into the charge point.' }),
    adoptable: Type.Boolean({ description: 'POST …/adopt lets it in.' }),
    known: Type.Boolean({ description: 'A charge point with this networkId is registered.' }),
    status: Type.Integer({ description: 'The HTTP status that it got.' }),
    credentials: Type.Enum(['none', 'basic'], { description: 'What it offered.' }),
    remoteAddress: Type.Union([Type.String(), Type.Null()]),
    path: Type.Union([Type.String(), Type.Null()]),
    subprotocols: Type.Array(Type.String()),
    count: Type.Integer(),
    firstAt: Type.String(),
    lastAt: Type.String(),
  },
  { title: 'RefusedConnection' },
);

const adoptBody = Type.Union([
  Type.Object(
    {
      name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
      password: Type.Optional(
        Type.String({ writeOnly: true, description: 'Without it, the one that the charge point offered.' }),
      ),
      securityProfile: Type.Optional(Type.Enum([0, 1, 2, 3])),
      replaceCredentials: Type.Optional(
        Type.Boolean({ description: 'For a charge point that is registered already.' }),
      ),
    },
    { additionalProperties: false },
  ),
  Type.Null(),
]);

const adoptedView = Type.Object({
  chargePointId: Type.String(),
  networkId: Type.String(),
  name: Type.String(),
  securityProfile: Type.Integer(),
  password: Type.Optional(Type.String({ description: 'Made at random; shown only now.' })),
  warning: Type.Optional(Type.String()),
});

/** GET /refused-connections, POST /refused-connections/{networkId}/adopt */
export async function refusedApi(app: App, api: ApiContext): Promise<void> {
  app.get(
    '/refused-connections',
    {
      schema: {
        tags,
        summary: 'Charge points that were refused, and what to do about it',
        querystring: pageQuery,
        response: { 200: pageOf(refusedView) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      let select = api.read
        .selectFrom('refused_connection')
        .leftJoin('charge_point', 'charge_point.network_id', 'refused_connection.network_id')
        .selectAll('refused_connection')
        .select('charge_point.charge_point_id')
        .orderBy('refused_connection.last_at', 'desc')
        .orderBy('refused_connection.network_id', 'desc')
        .limit(limit + 1);
      if (cursor !== undefined) {
        const place = placeIn(cursor);
        select = select.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('refused_connection.last_at', 'refused_connection.network_id'), '<', tuple(...place)),
        );
      }
      const rows = await select.execute();
      const last = rows[limit - 1];
      const items = rows.slice(0, limit).map(({ charge_point_id, ...row }) => ({
        networkId: row.network_id,
        reason: row.reason,
        words: row.words,
        ...adviceOn(row, charge_point_id !== null),
        useUrl: chargePointUrl(
          api.settings,
          reachableHost(request, api.settings.http.host),
          encodeURIComponent(row.network_id),
        ),
        known: charge_point_id !== null,
        status: row.status,
        credentials: row.credentials as 'none' | 'basic',
        remoteAddress: row.remote_address,
        path: row.path,
        subprotocols: JSON.parse(row.subprotocols),
        count: row.count,
        firstAt: row.first_at,
        lastAt: row.last_at,
      }));
      return {
        items,
        ...(rows.length > limit && last ? { nextCursor: encodeCursor([last.last_at, last.network_id]) } : {}),
      };
    },
  );

  app.post(
    '/refused-connections/:networkId/adopt',
    {
      schema: {
        tags,
        summary: 'Register a refused charge point',
        description:
          'Without a body, the password that it offered becomes its password; if it offered none, it is let in without (security profile 0), and the answer warns of it.',
        params: Type.Object({ networkId: Type.String() }),
        body: Type.Optional(adoptBody),
        response: { 201: adoptedView, ...problemResponses(404, 409) },
      },
    },
    async (request, reply) => {
      const body = request.body ?? {};
      const { row, generatedPassword, warning } = await api.transact((context) =>
        adopt(request.params.networkId, body as Parameters<typeof adopt>[1], context, api.random),
      );
      await api.mirrored();
      return reply
        .code(201)
        .header('location', `/device-manager/charge-points/${row.charge_point_id}`)
        .send({
          chargePointId: row.charge_point_id,
          networkId: row.network_id,
          name: row.name,
          securityProfile: row.security_profile,
          ...(generatedPassword === undefined ? {} : { password: generatedPassword }),
          ...(warning === undefined ? {} : { warning }),
        });
    },
  );
}

/** Where a page goes on. One that is refused again meanwhile comes first, and is not missed. */
function placeIn(cursor: string): [lastAt: string, networkId: string] {
  const value = decodeCursor<unknown>(cursor);
  const [at, networkId] = Array.isArray(value) ? value : [];
  return [String(at), String(networkId)];
}
