import { openDatabase } from '@ocpp-csms/storage';
import { describe, expect, test } from 'vitest';
import { migrations } from '../migrations/index.ts';
import type { SessionSchema } from '../schema.ts';
import { type ContextOptions, createTransact } from '../storage/transact.ts';
import { type TestSession, testSessions } from '../test-support/test-session.ts';
import type { ReadingView } from './query-meter-values.ts';

const startTestSession = testSessions();

const start = { connectorId: 1, idTag: 'T', meterStart: 1000, timestamp: '2026-01-02T02:00:00Z' };

async function begin(session: TestSession): Promise<number> {
  return (await session.call<{ transactionId: number }>('StartTransaction', start)).transactionId;
}

async function readings(session: TestSession, name: string | number, query = '') {
  const { body } = await session.rest<{ items: ReadingView[]; nextCursor?: string }>(
    'GET',
    `/transactions/${name}/meter-values${query}`,
  );
  return body;
}

async function keptReferences({ place }: TestSession): Promise<string[]> {
  const database = await openDatabase<SessionSchema>({ name: 'session', ...place.options, migrations });
  const rows = await database.read.selectFrom('meter_value').select('transaction_ref').execute();
  await database.close();
  return rows.map(({ transaction_ref }) => transaction_ref);
}

const group = (minute: number, ...values: object[]) => ({
  timestamp: `2026-01-02T02:${String(minute).padStart(2, '0')}:00Z`,
  sampledValue: values,
});

describe('meter values', () => {
  test('row 23, 45: one bad value never drops the rest', async () => {
    const session = await startTestSession();
    const transactionId = await begin(session);
    await session.tell('MeterValues', {
      connectorId: 1,
      transactionId,
      meterValue: [
        group(1, { value: '12,5' }, { value: '' }, { value: '7.4', unit: 'kW', measurand: 'Power.Active.Import' }),
        group(2),
        group(3, { value: '1.5', unit: 'kWh' }),
      ],
    });
    const { items } = await readings(session, transactionId);
    expect(items.map(({ samples }) => samples.map(({ value }) => value))).toEqual([[null, null, 7400], [], [1500]]);
    expect(items[0]?.samples[0]?.raw).toBe('12,5');
  });

  test('the energy of a running transaction is what the samples say', async () => {
    const session = await startTestSession();
    const transactionId = await begin(session);
    await session.tell('MeterValues', { connectorId: 1, transactionId, meterValue: [group(5, { value: '1200' })] });
    await session.tell('MeterValues', { connectorId: 1, transactionId, meterValue: [group(9, { value: '1700' })] });
    const { body } = await session.rest<{ energyWh: number }>('GET', `/transactions/${transactionId}`);
    expect(body.energyWh).toBe(700);
  });

  test('three phases without a sum are added up; the inlet is not the outlet', async () => {
    const session = await startTestSession();
    const transactionId = await begin(session);
    const phases = ['L1', 'L2', 'L3'].map((phase) => ({ value: '500', phase }));
    await session.tell('MeterValues', {
      connectorId: 1,
      transactionId,
      meterValue: [group(5, { value: '9', location: 'Inlet' }, ...phases)],
    });
    const { body } = await session.rest<{ energyWh: number }>('GET', `/transactions/${transactionId}`);
    expect(body.energyWh).toBe(500);
  });

  test.each([-1, 0, 99])(
    'row 38: values for the unknown transaction %i are parked, not refused',
    async (transactionId) => {
      const session = await startTestSession();
      await session.tell('MeterValues', { connectorId: 1, transactionId, meterValue: [group(5, { value: '1200' })] });
      expect(await session.bus.parked.count()).toBe(0);
    },
  );

  test('values without a transaction are left to the message log', async () => {
    const session = await startTestSession();
    const meterValue = [group(5, { value: '1200' })];
    await session.tell('MeterValues', { connectorId: 1, meterValue });
    await session.tell('MeterValues', { evseId: 1, meterValue }, { version: 'ocpp2.0.1' });
    await session.tell('MeterValues', { connectorId: 1, transactionId: 7, meterValue });
    expect(await keptReferences(session)).toEqual(['7']);
  });

  test('values for the transaction of another charge point do not reach it', async () => {
    const session = await startTestSession();
    const transactionId = await begin(session);
    const values = { connectorId: 1, transactionId, meterValue: [group(5, { value: '9000' })] };
    await session.tell('MeterValues', values, { client: 'CP-A' });
    expect((await readings(session, transactionId)).items).toEqual([]);
  });

  test('a meter reset in between makes the energy disputed', async () => {
    const session = await startTestSession();
    const transactionId = await begin(session);
    const values = [group(5, { value: '1200' }), group(6, { value: '3' }), group(7, { value: '1300' })];
    await session.tell('MeterValues', { connectorId: 1, transactionId, meterValue: values });
    await session.call('StopTransaction', { transactionId, meterStop: 1400, timestamp: '2026-01-02T02:30:00Z' });
    const { body } = await session.rest<object>('GET', `/transactions/${transactionId}`);
    expect(body).toMatchObject({
      energyWh: null,
      disputed: true,
      flags: [{ code: 'meter-reset' }, { code: 'token-refused' }],
    });
  });

  test('values of the batch that the stop comes in count for it', async () => {
    const session = await startTestSession();
    const transactionId = await begin(session);
    const values = [group(5, { value: '1200' }), group(6, { value: '1600' })];
    await Promise.all([
      session.tell('MeterValues', { connectorId: 1, transactionId, meterValue: values }),
      session.call('StopTransaction', { transactionId, timestamp: '2026-01-02T02:30:00Z' }),
    ]);
    const { body } = await session.rest<{ energyWh: number }>('GET', `/transactions/${transactionId}`);
    expect(body.energyWh).toBe(600);
  });

  test('they come in pages, in the order in which they were measured', async () => {
    const session = await startTestSession();
    const transactionId = await begin(session);
    for (const minute of [3, 1, 2, 5, 4]) {
      await session.tell('MeterValues', {
        connectorId: 1,
        transactionId,
        meterValue: [group(minute, { value: String(1000 + minute) })],
      });
    }
    const one = await readings(session, transactionId, '?limit=3');
    const two = await readings(session, transactionId, `?limit=3&cursor=${one.nextCursor}`);
    expect([...one.items, ...two.items].map(({ samples }) => samples[0]?.value)).toEqual([
      1001, 1002, 1003, 1004, 1005,
    ]);
  });

  test('delivered again they are there once', async () => {
    const session = await startTestSession();
    const transactionId = await begin(session);
    const message = session.envelope('MeterValues', {
      connectorId: 1,
      transactionId,
      meterValue: [group(5, { value: '1200' })],
    });
    await session.publish(message);
    await session.restart();
    await session.publish(message);
    expect((await readings(session, transactionId)).items).toHaveLength(1);
  });
});

test('a batch of meter values alone is one trip to the database and no transaction', async () => {
  const database = await openDatabase<SessionSchema>({ name: 'session', directory: ':memory:', migrations });
  const trips: string[] = [];
  const counted = {
    ...database,
    read: database.read,
    write: <Result>(work: Parameters<typeof database.write<Result>>[0]) => {
      trips.push('write');
      return database.write(work);
    },
    bulk: (statements: Parameters<typeof database.bulk>[0]) => {
      trips.push('bulk');
      return database.bulk(statements);
    },
  };
  const transact = createTransact(counted as typeof database, {} as ContextOptions);
  const source = { networkId: 'CP', receivedAt: '', messageType: 'MeterValues', transactionRef: '1', outlet: 1 };
  const reading = { at: '', raw: '', flags: [], samples: [], registerWh: null };
  await transact(
    async ({ meterValues }) => {
      for (let n = 0; n < 50; n++) meterValues.add({ ...source, envelopeId: `e${n}` }, [reading]);
    },
    ['CP'],
  );
  expect(trips).toEqual(['bulk']);
  const { count } = await database.read
    .selectFrom('meter_value')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  expect(count).toBe(50);
  await transact(async () => undefined, ['CP']);
  expect(trips).toEqual(['bulk']);
  await database.close();
});
