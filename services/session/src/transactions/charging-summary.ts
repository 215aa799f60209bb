import { type Static, Type } from '@ocpp-csms/http';
import type { SessionDatabase } from '../schema.ts';
import { chargingNow } from './charging.ts';
import { queryTransactions } from './query-transactions.ts';

export const chargingSummarySchema = Type.Object(
  {
    active: Type.Integer({ description: 'Transactions that go on.' }),
    powerW: Type.Number({ description: 'What is drawn now, as far as it is known.' }),
    powerKnownOf: Type.Integer({ description: 'Of so many of them the power is known.' }),
    ended: Type.Integer({ description: 'Transactions that have ended since `from`.' }),
    energyWh: Type.Number({
      description: 'Of those that have ended since `from`, and of those that go on, as far as it is known.',
    }),
    disputed: Type.Integer({ description: 'Of those that have ended since `from`: to be looked at before billing.' }),
  },
  { title: 'ChargingSummary' },
);
export type ChargingSummary = Static<typeof chargingSummarySchema>;

/** Asked for together: a few rows of each are read. */
const atOnce = 500;

/** What is drawn everywhere, and what was charged since `from` (ISO 8601 UTC). Costs a few rows of each that goes on. */
export async function summarizeCharging(database: SessionDatabase, from: string): Promise<ChargingSummary> {
  const ended = await database
    .selectFrom('charging_transaction')
    .select(({ fn }) => [
      fn.countAll<number>().as('count'),
      fn.sum<number | null>('energy_wh').as('energy'),
      fn.sum<number | null>('disputed').as('disputed'),
    ])
    .where('active', '=', 0)
    .where('stopped_at', '>=', from)
    .executeTakeFirstOrThrow();
  const sum = { active: 0, powerW: 0, powerKnownOf: 0, energyWh: Number(ended.energy ?? 0) };
  for await (const { powerW, energyWh } of goingOn(database)) {
    sum.active++;
    sum.energyWh += energyWh ?? 0;
    if (powerW === null) continue;
    sum.powerW += powerW;
    sum.powerKnownOf++;
  }
  return { ...sum, ended: Number(ended.count), disputed: Number(ended.disputed ?? 0) };
}

async function* goingOn(database: SessionDatabase) {
  for (let before: string | undefined; ; ) {
    const place = before === undefined ? {} : { before };
    const rows = await queryTransactions(database, { active: true, ...place, limit: atOnce });
    yield* await chargingNow(database, rows);
    before = rows.at(-1)?.id;
    if (rows.length < atOnce) return;
  }
}
