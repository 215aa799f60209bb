import { expect, test } from 'vitest';
import { type TestSession, testSessions } from '../test-support/test-session.ts';
import type { ChargingView } from './charging.ts';

const startTestSession = testSessions();

const start = { connectorId: 2, idTag: 'TAG1', meterStart: 1000, timestamp: '2026-01-02T02:00:00Z' };

async function begin(session: TestSession, client: string, more: object = {}): Promise<number> {
  const answer = await session.call<{ transactionId: number }>('StartTransaction', { ...start, ...more }, { client });
  return answer.transactionId;
}

async function charging(session: TestSession, query = '') {
  const { body } = await session.rest<{ items: ChargingView[]; nextCursor?: string }>('GET', `/charging${query}`);
  return body;
}

const power = (value: string, more: object = {}) => ({ value, measurand: 'Power.Active.Import', unit: 'kW', ...more });
const soc = (value: string) => ({ value, measurand: 'SoC', unit: 'Percent', location: 'EV' });

async function tell(session: TestSession, client: string, transactionId: number, minute: number, ...values: object[]) {
  const timestamp = `2026-01-02T02:${String(minute).padStart(2, '0')}:00Z`;
  const meterValue = [{ timestamp, sampledValue: values }];
  await session.tell('MeterValues', { connectorId: 2, transactionId, meterValue }, { client });
}

test('the latest of each measurand, wherever it was told last', async () => {
  const session = await startTestSession();
  const transactionId = await begin(session, 'CP1');
  await tell(session, 'CP1', transactionId, 1, { value: '1100' }, power('9'), soc('40'));
  await tell(session, 'CP1', transactionId, 3, { value: '1900' });
  await tell(session, 'CP1', transactionId, 2, { value: '1500' }, power('11'));
  expect((await charging(session)).items).toEqual([
    {
      id: expect.any(String),
      transactionId: String(transactionId),
      networkId: 'CP1',
      connectorId: 2,
      idToken: 'TAG1',
      startedAt: '2026-01-02T02:00:00.000Z',
      powerW: 11_000,
      energyWh: 900,
      socPercent: 40,
      measuredAt: '2026-01-02T02:03:00.000Z',
    },
  ]);
});

test('power is the sum of the phases, else how the register rose, else not known', async () => {
  const session = await startTestSession();
  const [phases, register, nothing] = [
    await begin(session, 'PHASES'),
    await begin(session, 'REGISTER'),
    await begin(session, 'NOTHING'),
  ];
  await tell(session, 'PHASES', phases, 1, power('3.5', { phase: 'L1' }), power('3', { phase: 'L2' }));
  await tell(session, 'REGISTER', register, 1, { value: '1000' });
  await tell(session, 'REGISTER', register, 7, { value: '2100' });
  await tell(session, 'NOTHING', nothing, 1, { value: 'none' });
  const { items } = await charging(session);
  const of = (client: string) => items.find(({ networkId }) => networkId === client);
  expect(of('PHASES')).toMatchObject({ powerW: 6500, energyWh: null });
  expect(of('REGISTER')).toMatchObject({ powerW: 11_000, energyWh: 1100 });
  expect(of('NOTHING')).toMatchObject({ powerW: null, energyWh: null, socPercent: null });
});

test('a register that counts from zero in each transaction', async () => {
  const session = await startTestSession();
  const transactionId = await begin(session, 'CP1', { meterStart: 5_000_000 });
  await tell(session, 'CP1', transactionId, 1, { value: '0' });
  await tell(session, 'CP1', transactionId, 2, { value: '200' });
  expect((await charging(session)).items[0]).toMatchObject({ energyWh: 200 });
});

test('only what is under way, at the charge points asked for, page by page', async () => {
  const session = await startTestSession();
  const ended = await begin(session, 'CP0');
  await session.call(
    'StopTransaction',
    { transactionId: ended, meterStop: 2000, timestamp: '2026-01-02T02:30:00Z' },
    { client: 'CP0' },
  );
  for (const client of ['CP1', 'CP2', 'CP3']) await begin(session, client);
  const seen: string[] = [];
  let cursor = '';
  do {
    const page = await charging(session, `?limit=2&${cursor}`);
    seen.push(...page.items.map(({ networkId }) => networkId));
    cursor = page.nextCursor === undefined ? '' : `cursor=${page.nextCursor}`;
  } while (cursor !== '');
  expect(seen).toEqual(['CP3', 'CP2', 'CP1']);
  const some = await charging(session, '?networkId=CP1&networkId=CP3&networkId=CP0');
  expect(some.items.map(({ networkId }) => networkId)).toEqual(['CP3', 'CP1']);
});

test('all together: what is drawn, and what was charged since a time', async () => {
  const session = await startTestSession();
  for (const [client, kilowatts] of [
    ['CP1', '11'],
    ['CP2', '7'],
  ] as const) {
    const transactionId = await begin(session, client);
    await tell(session, client, transactionId, 1, { value: '1500' }, power(kilowatts));
  }
  await begin(session, 'SILENT');
  const stop = async (client: string, timestamp: string) => {
    const transactionId = await begin(session, client);
    await session.call('StopTransaction', { transactionId, meterStop: 4000, timestamp }, { client });
  };
  await stop('TODAY', '2026-01-02T02:30:00Z');
  await stop('YESTERDAY', '2026-01-01T23:59:59Z');
  const { body } = await session.rest('GET', '/charging/summary?from=2026-01-02T01:00:00%2B01:00');
  expect(body).toEqual({ active: 3, powerW: 18_000, powerKnownOf: 2, ended: 1, energyWh: 4000, disputed: 0 });
});
