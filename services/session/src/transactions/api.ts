import { Readable } from 'node:stream';
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
import { inWords, isFlagCode, parseFlags } from '../flags.ts';
import { queryMeterValues, type ReadingPlace, readingOf, readingSchema } from '../meter-values/query-meter-values.ts';
import { page } from '../paging.ts';
import { resolveChargePoint } from '../resolve-charge-point.ts';
import type { OrphanTable, SessionDatabase, TransactionTable } from '../schema.ts';
import { chargingNow, chargingSchema } from './charging.ts';
import { chargingSummarySchema, summarizeCharging } from './charging-summary.ts';
import { evidenceOf } from './evidence.ts';
import { findByName, missingSeqNos, queryTransactions, type TransactionFilter } from './query-transactions.ts';
import { flagSchema, transactionProperties, transactionSchema, viewOf } from './transaction-view.ts';

const tags = ['transactions'];

const filterProperties = {
  chargePointId: Type.Optional(Type.String({ maxLength: 255, description: 'chargePointId or networkId.' })),
  active: Type.Optional(Type.Boolean()),
  from: Type.Optional(isoTime),
  to: Type.Optional(isoTime),
  idToken: Type.Optional(Type.String({ maxLength: 255 })),
  flag: Type.Optional(Type.String({ maxLength: 50, description: 'The code of a flag.' })),
};
const filterSchema = Type.Object(filterProperties);

const evidenceSchema = Type.Object({
  envelopeId: Type.String({ description: '`id` in the message log.' }),
  messageType: Type.String(),
  receivedAt: Type.String(),
  repeated: Type.Boolean({ description: 'It said what another message had said before.' }),
});

const detailSchema = Type.Object(
  {
    ...transactionProperties,
    missingSeqNos: Type.Array(Type.Integer(), { description: '2.x: events that have not arrived; the first 1,000.' }),
    evidence: Type.Array(evidenceSchema, { description: 'The messages that made it; the first 1,000.' }),
  },
  { title: 'TransactionDetail' },
);

const orphanSchema = Type.Object(
  {
    id: Type.String(),
    networkId: Type.String(),
    messageType: Type.String(),
    transactionId: Type.Optional(Type.String({ description: 'As the charge point sent it.' })),
    idToken: Type.Optional(Type.String()),
    stoppedAt: Type.String(),
    meterStopWh: Type.Optional(Type.Number()),
    receivedAt: Type.String(),
    envelopeId: Type.String(),
    request: Type.Unknown(),
    flags: Type.Array(flagSchema),
  },
  { title: 'OrphanMessage' },
);

const byName = Type.Object({
  id: Type.String({ maxLength: 400, description: 'Our id, OCPP’s transactionId, or networkId:transactionId.' }),
});

const mostEvidence = 1000;
const exportPage = 500;

export function transactionRoutes(app: App, context: ApiContext): void {
  listRoutes(app, context);
  detailRoutes(app, context);
}

function listRoutes(app: App, context: ApiContext): void {
  const { read } = context.database;

  app.get(
    '/transactions',
    {
      schema: {
        summary: 'List transactions, newest first',
        tags,
        querystring: Type.Object({ ...filterProperties, ...pageQuery.properties }),
        response: { 200: pageOf(transactionSchema) },
      },
    },
    async ({ query: { limit, cursor, ...query } }) => {
      const before = cursor === undefined ? undefined : String(decodeCursor<unknown>(cursor));
      const rows = await queryTransactions(read, { ...(await filterOf(query, context)), before, limit: limit + 1 });
      const { items, ...rest } = page(rows, limit, (last) => last.id);
      return { items: await Promise.all(items.map((row) => viewOf(read, row))), ...rest };
    },
  );

  app.get(
    '/transactions/export',
    {
      schema: {
        summary: 'Transactions as JSON Lines, newest first',
        tags,
        querystring: filterSchema,
        produces: ['application/x-ndjson'],
      },
    },
    async ({ query }, reply) => {
      const lines = exportLines(read, await filterOf(query, context));
      return reply.type('application/x-ndjson').send(Readable.from(lines, { objectMode: false }));
    },
  );

  app.get(
    '/charging',
    {
      schema: {
        summary: 'What is drawn now: the transactions under way with their latest power, energy and state of charge',
        tags,
        querystring: Type.Object({
          networkId: Type.Optional(
            Type.Array(Type.String({ maxLength: 200 }), {
              maxItems: 500,
              description: 'Only at these; may be repeated.',
            }),
          ),
          ...pageQuery.properties,
        }),
        response: { 200: pageOf(chargingSchema) },
      },
    },
    async ({ query: { networkId, limit, cursor } }) => {
      const before = cursor === undefined ? {} : { before: String(decodeCursor<unknown>(cursor)) };
      const clients = networkId === undefined ? {} : { clients: networkId };
      const rows = await queryTransactions(read, { active: true, ...clients, ...before, limit: limit + 1 });
      const { items, ...rest } = page(rows, limit, (last) => last.id);
      return { items: await chargingNow(read, items), ...rest };
    },
  );

  app.get(
    '/charging/summary',
    {
      schema: {
        summary: 'What is drawn everywhere now, and what was charged since a time, such as this morning',
        tags,
        querystring: Type.Object({ from: isoTime }),
        response: { 200: chargingSummarySchema },
      },
    },
    ({ query: { from } }) => summarizeCharging(read, parseTime(from, 'from').toISOString()),
  );

  app.get(
    '/transactions/orphans',
    {
      schema: {
        summary: 'Stops that belong to no transaction without doubt, for review, newest first',
        tags,
        querystring: pageQuery,
        response: { 200: pageOf(orphanSchema) },
      },
    },
    async ({ query: { limit, cursor } }) => {
      let query = read.selectFrom('orphan_message').selectAll().where('adopted_by', 'is', null).orderBy('id', 'desc');
      if (cursor !== undefined) query = query.where('id', '<', String(decodeCursor<unknown>(cursor)));
      const { items, ...rest } = page(await query.limit(limit + 1).execute(), limit, (last) => last.id);
      return { items: items.map(orphanOf), ...rest };
    },
  );
}

function detailRoutes(app: App, { database: { read } }: ApiContext): void {
  app.get(
    '/transactions/:id',
    {
      schema: {
        summary: 'One transaction with its evidence',
        tags,
        params: byName,
        response: { 200: detailSchema, ...problemResponses(404, 409) },
      },
    },
    async ({ params }) => {
      const row = await oneByName(read, params.id);
      return {
        ...(await viewOf(read, row)),
        missingSeqNos: await missingSeqNos(read, row),
        evidence: await evidenceOf(read, row.id, mostEvidence),
      };
    },
  );

  app.get(
    '/transactions/:id/meter-values',
    {
      schema: {
        summary: 'Meter values of a transaction, in the order in which they were measured',
        tags,
        params: byName,
        querystring: pageQuery,
        response: { 200: pageOf(readingSchema), ...problemResponses(404, 409) },
      },
    },
    async ({ params, query: { limit, cursor } }) => {
      const row = await oneByName(read, params.id);
      const after = cursor === undefined ? undefined : placeOf(cursor);
      const filter = { client: row.client, transactionRef: row.transaction_id, after, limit: limit + 1 };
      const { items, ...rest } = page(await queryMeterValues(read, filter), limit, (last) => [
        last.measured_at,
        last.id,
      ]);
      return { items: items.map(readingOf), ...rest };
    },
  );
}

async function filterOf(
  query: Static<typeof filterSchema>,
  { bus }: ApiContext,
): Promise<Omit<TransactionFilter, 'limit'>> {
  const { chargePointId, active, from, to, idToken, flag } = query;
  if (flag !== undefined && !isFlagCode(flag))
    throw new Problem(400, 'invalid-request', `There is no flag ${flag}.`, {
      errors: [{ path: 'flag', message: 'is not the code of a flag' }],
    });
  return {
    active,
    idToken,
    flag,
    ...(chargePointId === undefined ? {} : { client: (await resolveChargePoint(bus, chargePointId)).networkId }),
    ...(from === undefined ? {} : { from: parseTime(from, 'from').toISOString() }),
    ...(to === undefined ? {} : { to: parseTime(to, 'to').toISOString() }),
  };
}

async function* exportLines(read: SessionDatabase, filter: Omit<TransactionFilter, 'limit'>): AsyncGenerator<string> {
  let before: string | undefined;
  for (;;) {
    const rows: TransactionTable[] = await queryTransactions(read, { ...filter, before, limit: exportPage });
    for (const row of rows) yield `${JSON.stringify(await viewOf(read, row))}\n`;
    if (rows.length < exportPage) return;
    before = rows.at(-1)?.id;
  }
}

async function oneByName(read: SessionDatabase, name: string): Promise<TransactionTable> {
  const [row, ...others] = await findByName(read, name);
  if (row === undefined) throw new Problem(404, 'transaction-unknown', 'No such transaction.');
  if (others.length === 0) return row;
  throw new Problem(
    409,
    'transaction-ambiguous',
    'Several charge points have a transaction of this id. Use our id, or networkId:transactionId.',
    {
      candidates: [row, ...others].map(({ id, client, transaction_id }) => ({
        id,
        networkId: client,
        transactionId: transaction_id,
      })),
    },
  );
}

function placeOf(cursor: string): ReadingPlace {
  const value = decodeCursor<unknown>(cursor);
  const [at, id] = Array.isArray(value) ? value : [];
  return [String(at), String(id)];
}

function orphanOf(row: OrphanTable): Static<typeof orphanSchema> {
  return {
    id: row.id,
    networkId: row.client,
    messageType: row.message_type,
    ...(row.transaction_id === null ? {} : { transactionId: row.transaction_id }),
    ...(row.id_token === null ? {} : { idToken: row.id_token }),
    stoppedAt: row.stopped_at,
    ...(row.meter_stop_wh === null ? {} : { meterStopWh: row.meter_stop_wh }),
    receivedAt: row.received_at,
    envelopeId: row.envelope_id,
    request: JSON.parse(row.request) as unknown,
    flags: inWords(parseFlags(row.flags)),
  };
}
