import { createIdSource, createMemoryBus, createMemoryParking, type DomainEvent } from '@ocpp-csms/bus';
import { defaultSettings } from '@ocpp-csms/config';
import { createLog } from '@ocpp-csms/runtime';
import { openDatabase } from '@ocpp-csms/storage';
import { createTestPlace } from '@ocpp-csms/storage/test-support';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createHousekeeping, tidy } from './housekeeping.ts';
import { migrations } from './migrations/index.ts';
import { expireReservations } from './reservation/expire-reservations.ts';
import { saveReservation } from './reservation/reservation-store.ts';
import type { SessionSchema } from './schema.ts';

const clock = { now: () => new Date('2026-01-02T03:00:00.000Z') };

async function open() {
  const place = await createTestPlace();
  const database = await openDatabase<SessionSchema>({ name: 'session', ...place.options, migrations });
  onTestFinished(async () => {
    await database.close();
    await place.remove();
  });
  return database;
}

test('TC_047: a reservation whose time is over is expired, once', async () => {
  const database = await open();
  const bus = createMemoryBus({
    groups: { MessagesIn: [], MessagesSent: [], Events: ['test'] },
    parking: createMemoryParking(),
  });
  onTestFinished(() => bus.stop());
  const events: DomainEvent[] = [];
  await bus.consume('Events', 'test', async (batch) => void events.push(...batch));
  const nothing = { detail: null, id_token_type: null, parent_id_token: null, outlet: 1, used_by: null, call_id: null };
  const row = { client: 'CP001', status: 'accepted', id_token: 'T', created_at: '', updated_at: '', ...nothing };
  await database.write(async (transaction) => {
    await saveReservation(transaction, { ...row, reservation_id: 1, expires_at: '2026-01-02T02:59:59.000Z' });
    await saveReservation(transaction, { ...row, reservation_id: 2, expires_at: '2026-01-02T03:00:01.000Z' });
    await saveReservation(transaction, {
      ...row,
      reservation_id: 3,
      expires_at: '2026-01-01T00:00:00.000Z',
      status: 'used',
    });
  });
  const options = { database, bus, clock, newId: createIdSource(), node: 'n' };
  await expireReservations(options);
  await expireReservations(options);
  const rows = await database.read.selectFrom('reservation').select('status').orderBy('reservation_id').execute();
  expect(rows.map(({ status }) => status)).toEqual(['expired', 'accepted', 'used']);
  expect(events.map(({ client, data }) => [client, data])).toEqual([
    ['CP001', { reservationId: 1, status: 'expired' }],
  ]);
});

test('answers of yesterday are forgotten, those of today are kept', async () => {
  const database = await open();
  const outcome = (envelope_id: string, decided_at: string) => ({
    envelope_id,
    decided_at,
    answer: '{}',
    events: '[]',
  });
  await database.write((transaction) =>
    transaction
      .insertInto('outcome')
      .values([outcome('old', '2026-01-01T02:00:00.000Z'), outcome('new', '2026-01-01T04:00:00.000Z')])
      .execute(),
  );
  await tidy({ database, clock, settings: { meterValueRetentionDays: 0 } });
  expect(await database.read.selectFrom('outcome').select('envelope_id').execute()).toEqual([{ envelope_id: 'new' }]);
});

test('rounds do not pile up while the database does not answer', async () => {
  const chores = 2;
  const database = await open();
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  let writes = 0;
  const write = async () => {
    writes++;
    await answered;
  };
  const bus = createMemoryBus({
    groups: { MessagesIn: [], MessagesSent: [], Events: [] },
    parking: createMemoryParking(),
  });
  const housekeeping = createHousekeeping({
    database: { ...database, write: write as typeof database.write },
    bus,
    clock,
    newId: createIdSource(),
    node: 'n',
    settings: { meterValueRetentionDays: 0 },
    log: createLog({ service: 'test', settings: { ...defaultSettings().log, dir: '', level: 'silent' } }),
  });
  housekeeping.start();
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  answer();
  await housekeeping.stop();
  expect(writes).toBe(chores);
});

test('meter values are deleted when they are older than the setting says, and never with 0', async () => {
  const database = await open();
  const idsAt = (time: string) => createIdSource({ clock: () => Date.parse(time) });
  const [old, young] = [idsAt('2025-12-31T02:59:59.000Z')(), idsAt('2025-12-31T03:00:01.000Z')()];
  const row = { client: 'CP001', transaction_ref: '1', measured_at: '', register_wh: 1, body: '{}' };
  await database.write((transaction) =>
    transaction
      .insertInto('meter_value')
      .values([
        { ...row, id: `${old}:00000` },
        { ...row, id: `${young}:00000` },
      ])
      .execute(),
  );
  const left = () => database.read.selectFrom('meter_value').select('id').execute();
  await tidy({ database, clock, settings: { meterValueRetentionDays: 0 } });
  expect(await left()).toHaveLength(2);
  await tidy({ database, clock, settings: { meterValueRetentionDays: 2 } });
  expect(await left()).toEqual([{ id: `${young}:00000` }]);
});
