import { type Static, Type } from '@ocpp-csms/http';
import { sql } from 'kysely';
import type { ReadingBody } from '../meter-values/meter-value-sink.ts';
import type { Sample } from '../meter-values/normalise-sample.ts';
import type { SessionDatabase, TransactionTable } from '../schema.ts';

const numberOrNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });

export const chargingSchema = Type.Object(
  {
    id: Type.String({ description: 'Of the transaction; ours.' }),
    transactionId: Type.String({ description: 'OCPP’s.' }),
    networkId: Type.String(),
    connectorId: Type.Optional(Type.Integer()),
    evseId: Type.Optional(Type.Integer()),
    idToken: Type.Optional(Type.String()),
    startedAt: Type.String(),
    chargingState: Type.Optional(Type.String({ description: '2.x, in the words of OCPP.' })),
    powerW: numberOrNull('As measured last, else from how the register rose; null: not known.'),
    energyWh: numberOrNull('So far; null: not known.'),
    socPercent: numberOrNull('State of charge of the vehicle; null: not told.'),
    measuredAt: Type.Union([Type.String(), Type.Null()], { description: 'Of the latest meter values.' }),
  },
  { title: 'Charging' },
);
export type ChargingView = Static<typeof chargingSchema>;

/** The latest of each transaction that are looked at. Not every message has every measurand. */
const latestReadings = 3;

interface LatestRow {
  transaction: string;
  measured_at: string;
  register_wh: number | null;
  body: string;
  first_register: number | null;
}

/** What the transactions draw now. Costs a few rows of each, however long it lasts. */
export async function chargingNow(
  database: SessionDatabase,
  transactions: readonly TransactionTable[],
): Promise<ChargingView[]> {
  const latest = Map.groupBy(await latestOf(database, transactions), ({ transaction }) => transaction);
  return transactions.map((row) => viewOf(row, latest.get(row.id) ?? []));
}

/** Of each transaction, the newest first. */
async function latestOf(database: SessionDatabase, transactions: readonly TransactionTable[]): Promise<LatestRow[]> {
  if (transactions.length === 0) return [];
  const own = sql`client = t.client and transaction_ref = t.transaction_id and transaction_ref <> ''`;
  const ids = sql.join(transactions.map(({ id }) => id));
  const { rows } = await sql<LatestRow>`
    select t.id as "transaction", m.measured_at, m.register_wh, m.body,
      (select register_wh from meter_value where ${own} and register_wh is not null order by measured_at limit 1)
        as first_register
    from charging_transaction t
    join meter_value m on m.id in
      (select id from meter_value where ${own} order by measured_at desc, id desc limit ${latestReadings})
    where t.id in (${ids})
    order by m.measured_at desc, m.id desc`.execute(database);
  return rows;
}

function viewOf(row: TransactionTable, latest: readonly LatestRow[]): ChargingView {
  const readings = latest.map(({ measured_at, body }) => ({
    at: measured_at,
    samples: (JSON.parse(body) as ReadingBody).samples,
  }));
  const registers = latest.flatMap(({ measured_at, register_wh }) =>
    register_wh === null ? [] : [{ at: measured_at, wh: register_wh }],
  );
  return {
    id: row.id,
    transactionId: row.transaction_id,
    networkId: row.client,
    ...(row.connector_id === null ? {} : { connectorId: Number(row.connector_id) }),
    ...(row.evse_id === null ? {} : { evseId: Number(row.evse_id) }),
    ...(row.id_token === null ? {} : { idToken: row.id_token }),
    startedAt: row.started_at,
    ...(row.charging_state === null ? {} : { chargingState: row.charging_state }),
    powerW: first(readings, ({ samples }) => valueIn('Power.Active.Import', samples)) ?? riseOf(registers),
    energyWh: energyOf(row, registers[0]?.wh ?? null, latest[0]?.first_register ?? null),
    socPercent: first(readings, ({ samples }) => valueIn('SoC', samples)),
    measuredAt: readings[0]?.at ?? null,
  };
}

function first<Item>(items: readonly Item[], find: (item: Item) => number | null): number | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}

/** Of all phases together, else the sum of those that are given. */
function valueIn(measurand: string, samples: readonly Sample[]): number | null {
  const known = samples.filter(({ measurand: own, value }) => own === measurand && value !== null);
  const whole = known.find(({ phase }) => phase === undefined);
  if (whole) return whole.value;
  const phases = known.filter(({ phase = '' }) => /^L[123](-N)?$/.test(phase));
  return phases.length === 0 ? null : phases.reduce((sum, { value }) => sum + (value ?? 0), 0);
}

/** Many charge points send nothing but the register. */
function riseOf([newer, older]: readonly { at: string; wh: number }[]): number | null {
  if (!newer || !older) return null;
  const hours = (Date.parse(newer.at) - Date.parse(older.at)) / 3_600_000;
  const rise = newer.wh - older.wh;
  return hours > 0 && rise >= 0 ? Math.round(rise / hours) : null;
}

function energyOf(
  { meter_start_wh }: TransactionTable,
  register: number | null,
  firstRegister: number | null,
): number | null {
  // Some count from zero in each transaction, and from the beginning of time at its start.
  const from =
    meter_start_wh !== null && register !== null && register >= meter_start_wh ? meter_start_wh : firstRegister;
  if (register === null || from === null) return null;
  const energy = Math.round((register - from) * 1000) / 1000;
  return energy < 0 ? null : energy;
}
