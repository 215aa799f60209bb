import { type Static, Type } from '@ocpp-csms/http';
import { inWords, isFlagCode } from '../flags.ts';
import type { MeterValueTable, SessionDatabase } from '../schema.ts';
import { flagSchema } from '../transactions/transaction-view.ts';
import type { ReadingBody } from './meter-value-sink.ts';

const sampleSchema = Type.Object({
  measurand: Type.String(),
  value: Type.Union([Type.Number(), Type.Null()], { description: 'null: no number; see raw.' }),
  unit: Type.String({ description: 'Wh, W, varh, var, VAh, VA, A, V, %, Hz, Celsius; else as sent.' }),
  phase: Type.Optional(Type.String()),
  location: Type.Optional(Type.String({ description: 'Absent: Outlet.' })),
  context: Type.Optional(Type.String({ description: 'Absent: Sample.Periodic.' })),
  raw: Type.Optional(Type.String()),
  unitAsSent: Type.Optional(Type.String({ description: 'The unit as sent, where it does not fit the measurand.' })),
  signed: Type.Optional(Type.Unknown()),
});

export const readingSchema = Type.Object(
  {
    measuredAt: Type.String(),
    measuredAtRaw: Type.String({ description: 'As the charge point wrote it.' }),
    receivedAt: Type.String(),
    envelopeId: Type.String({ description: '`id` in the message log.' }),
    messageType: Type.String(),
    outlet: Type.Optional(Type.Integer({ description: '1.6 connectorId, 2.x evseId.' })),
    samples: Type.Array(sampleSchema),
    flags: Type.Array(flagSchema),
  },
  { title: 'MeterReading' },
);
export type ReadingView = Static<typeof readingSchema>;

/** Where a page goes on: the last row of the one before. */
export type ReadingPlace = [measuredAt: string, id: string];

export interface ReadingFilter {
  client: string;
  transactionRef: string;
  after?: ReadingPlace;
  limit: number;
}

/** In the order in which they were measured. */
export async function queryMeterValues(
  database: SessionDatabase,
  { client, transactionRef, after, limit }: ReadingFilter,
): Promise<MeterValueTable[]> {
  let query = database
    .selectFrom('meter_value')
    .selectAll()
    .where('client', '=', client)
    .where('transaction_ref', '=', transactionRef)
    // The index is of those alone.
    .where('transaction_ref', '<>', '')
    .orderBy('measured_at')
    .orderBy('id')
    .limit(limit);
  if (after !== undefined) {
    const [at, id] = after;
    query = query.where(({ eb, refTuple, tuple }) => eb(refTuple('measured_at', 'id'), '>', tuple(at, id)));
  }
  return query.execute();
}

export function readingOf({ id, measured_at, body }: MeterValueTable): ReadingView {
  const { raw, receivedAt, messageType, outlet, samples, flags = [] } = JSON.parse(body) as ReadingBody;
  return {
    measuredAt: measured_at,
    measuredAtRaw: raw,
    receivedAt,
    envelopeId: id.slice(0, id.lastIndexOf(':')),
    messageType,
    ...(outlet === undefined ? {} : { outlet }),
    samples: [...samples],
    flags: inWords(flags.filter(isFlagCode)),
  };
}
