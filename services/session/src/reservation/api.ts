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
import { resolveChargePoint } from '../resolve-charge-point.ts';
import type { ReservationTable, SessionDatabase } from '../schema.ts';
import { cancelReservation, makeReservation } from './make-reservation.ts';
import { reservationStatuses } from './reservation-store.ts';

const tags = ['reservations'];

const reservationSchema = Type.Object(
  {
    id: Type.String({ description: 'networkId:reservationId' }),
    networkId: Type.String(),
    reservationId: Type.Integer({ description: 'OCPP’s; unique for one charge point.' }),
    status: Type.Enum([...reservationStatuses]),
    detail: Type.Optional(Type.String({ description: 'Why it was refused, as the charge point said.' })),
    idToken: Type.String(),
    idTokenType: Type.Optional(Type.String()),
    parentIdToken: Type.Optional(Type.String()),
    outlet: Type.Optional(Type.Integer({ description: '1.6 connectorId, 2.x evseId.' })),
    expiresAt: Type.String(),
    createdAt: Type.String(),
    updatedAt: Type.String(),
    usedBy: Type.Optional(Type.String({ description: '`id` of the transaction.' })),
  },
  { title: 'Reservation' },
);

const wishSchema = Type.Object(
  {
    chargePointId: Type.Optional(
      Type.String({ minLength: 1, maxLength: 255, description: 'chargePointId or networkId.' }),
    ),
    networkId: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    connectorId: Type.Optional(Type.Integer({ minimum: 0, description: '1.6; 0: any.' })),
    evseId: Type.Optional(Type.Integer({ minimum: 1, description: '2.x; absent: any.' })),
    connectorType: Type.Optional(Type.String({ maxLength: 20, description: '2.x.' })),
    idToken: Type.String({ minLength: 1, maxLength: 255 }),
    idTokenType: Type.Optional(Type.String({ maxLength: 20, description: '2.x; ISO14443 when absent.' })),
    parentIdToken: Type.Optional(Type.String({ minLength: 1, maxLength: 36 })),
    expiresAt: isoTime,
  },
  { additionalProperties: false },
);

const byId = Type.Object({
  id: Type.String({ maxLength: 400, description: 'networkId:reservationId, or reservationId alone.' }),
});

export function reservationRoutes(app: App, context: ApiContext): void {
  const { database, bus } = context;
  const { read } = database;

  app.post(
    '/reservations',
    {
      schema: {
        summary: 'Reserve a connector',
        description: 'Sends ReserveNow. 201 also when the charge point refuses: then the status is refused.',
        tags,
        body: wishSchema,
        response: { 201: reservationSchema, ...problemResponses(409, 503, 504) },
      },
    },
    async ({ body, caller }, reply) => {
      const { chargePointId, networkId, connectorId, evseId, expiresAt, ...rest } = body;
      const chargePoint = chargePointId ?? networkId;
      if (chargePoint === undefined) throw missingChargePoint();
      const outlet = evseId ?? connectorId;
      const wish = { chargePoint, outlet, ...rest, expiresAt: parseTime(expiresAt, 'expiresAt').toISOString() };
      const row = await makeReservation(wish, caller?.name ?? 'session', context);
      return reply.code(201).send(viewOf(row));
    },
  );

  app.get(
    '/reservations',
    {
      schema: {
        summary: 'List reservations, newest first',
        tags,
        querystring: Type.Object({
          chargePointId: Type.Optional(Type.String({ maxLength: 255, description: 'chargePointId or networkId.' })),
          status: Type.Optional(Type.Enum([...reservationStatuses])),
          ...pageQuery.properties,
        }),
        response: { 200: pageOf(reservationSchema) },
      },
    },
    async ({ query: { chargePointId, status, limit, cursor } }) => {
      let query = read.selectFrom('reservation').selectAll();
      query = query
        .orderBy('created_at', 'desc')
        .orderBy('client', 'desc')
        .orderBy('reservation_id', 'desc')
        .limit(limit + 1);
      if (chargePointId !== undefined)
        query = query.where('client', '=', (await resolveChargePoint(bus, chargePointId)).networkId);
      if (status !== undefined) query = query.where('status', '=', status);
      if (cursor !== undefined) {
        const after = tupleIn(cursor);
        query = query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('created_at', 'client', 'reservation_id'), '<', tuple(...after)),
        );
      }
      const { items, ...rest } = page(await query.execute(), limit, (last) => [
        last.created_at,
        last.client,
        last.reservation_id,
      ]);
      return { items: items.map(viewOf), ...rest };
    },
  );

  app.get(
    '/reservations/:id',
    {
      schema: {
        summary: 'One reservation',
        tags,
        params: byId,
        response: { 200: reservationSchema, ...problemResponses(404, 409) },
      },
    },
    async ({ params }) => viewOf(await oneReservation(read, params.id)),
  );

  app.delete(
    '/reservations/:id',
    {
      schema: {
        summary: 'Cancel a reservation',
        description: 'Sends CancelReservation.',
        tags,
        params: byId,
        response: { 200: reservationSchema, ...problemResponses(404, 409, 503, 504) },
      },
    },
    async ({ params, caller }) => {
      const row = await oneReservation(read, params.id);
      await cancelReservation(row, caller?.name ?? 'session', context);
      return viewOf(await oneReservation(read, params.id));
    },
  );
}

function missingChargePoint(): Problem {
  return new Problem(400, 'invalid-request', 'Say which charge point: chargePointId or networkId.', {
    errors: [{ path: 'body.chargePointId', message: 'is required' }],
  });
}

function tupleIn(cursor: string): [createdAt: string, client: string, reservationId: number] {
  const value = decodeCursor<unknown>(cursor);
  const [at, client, id] = Array.isArray(value) ? value : [];
  return [String(at), String(client), Number(id) || 0];
}

async function oneReservation(read: SessionDatabase, id: string): Promise<ReservationTable> {
  const colon = id.lastIndexOf(':');
  const reservationId = Number(id.slice(colon + 1));
  const query = read.selectFrom('reservation').selectAll().where('reservation_id', '=', reservationId).limit(2);
  const rows = Number.isSafeInteger(reservationId)
    ? await (colon < 0 ? query : query.where('client', '=', id.slice(0, colon))).execute()
    : [];
  const [row, other] = rows;
  if (row === undefined) throw new Problem(404, 'reservation-unknown', 'No such reservation.');
  if (other === undefined) return row;
  throw new Problem(
    409,
    'reservation-ambiguous',
    'Several charge points have a reservation of this id. Use networkId:reservationId.',
  );
}

function viewOf(row: ReservationTable): Static<typeof reservationSchema> {
  return {
    id: `${row.client}:${row.reservation_id}`,
    networkId: row.client,
    reservationId: Number(row.reservation_id),
    status: reservationStatuses.find((status) => status === row.status) ?? 'requested',
    ...(row.detail === null ? {} : { detail: row.detail }),
    idToken: row.id_token,
    ...(row.id_token_type === null ? {} : { idTokenType: row.id_token_type }),
    ...(row.parent_id_token === null ? {} : { parentIdToken: row.parent_id_token }),
    ...(row.outlet === null ? {} : { outlet: row.outlet }),
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...(row.used_by === null ? {} : { usedBy: row.used_by }),
  };
}
