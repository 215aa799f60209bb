import { createMemoryBus } from '@ocpp-csms/bus';
import { defaultSettings } from '@ocpp-csms/config';
import { createLog } from '@ocpp-csms/runtime';
import { StorageUnavailable } from '@ocpp-csms/storage';
import { expect, onTestFinished, test } from 'vitest';
import { heartbeats } from '../test-support/envelopes.ts';
import { openLog, sqliteOnly } from '../test-support/open-log.ts';
import { parkingInMemory } from '../test-support/parking.ts';
import { search } from './search.ts';

test.skipIf(sqliteOnly)('a disk that is full refuses a batch as a whole, and takes it once there is room', async () => {
  const { database, recorder, limitPages } = await openLog();
  const batch = heartbeats(2000);
  await limitPages(20);
  await expect(recorder.record(batch)).rejects.toBeInstanceOf(StorageUnavailable);
  expect(await stored()).toBe(0);
  await limitPages(100_000);
  await recorder.record(batch);
  expect(await stored()).toBe(1000);

  async function stored() {
    const filter = { client: 'CP3', conditions: [] };
    const all = { filter: { conditions: [] }, order: 'desc', limit: 1000 } as const;
    expect((await search(database.read, { ...all, filter })).items.length * 10).toBeOneOf([0, 2000]);
    return (await search(database.read, all)).items.length;
  }
});

test.skipIf(sqliteOnly)('publish waits while the disk is full, and nothing is parked', async () => {
  const { database, recorder, limitPages } = await openLog();
  const parking = parkingInMemory();
  const groups = { MessagesIn: ['message-manager'], MessagesSent: [], Events: [] };
  const log = createLog({ service: 'test', settings: { ...defaultSettings().log, level: 'silent', dir: '' } });
  const bus = createMemoryBus({ groups, parking, maxInFlightBytes: 64e6, attempts: 2, deadlineMs: 15_000, log });
  const subscription = await bus.consume('MessagesIn', 'message-manager', (batch) => recorder.record(batch));
  onTestFinished(() => subscription.close());
  await limitPages(1);
  let answered = 0;
  const published = heartbeats(500).map((envelope) => bus.publish('MessagesIn', envelope).then(() => answered++));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(answered).toBe(0);
  await limitPages(100_000);
  await Promise.all(published);
  expect(await parking.count()).toBe(0);
  const { items } = await search(database.read, { filter: { conditions: [] }, order: 'desc', limit: 1000 });
  expect(items).toHaveLength(500);
});
