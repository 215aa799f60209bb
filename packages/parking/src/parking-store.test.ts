import type { ParkedMessage } from '@ocpp-csms/bus';
import { createTestPlace } from '@ocpp-csms/storage/test-support';
import { expect, onTestFinished, test } from 'vitest';
import { createParkingStore } from './parking-store.ts';

const message = (id: string, group: string, more: Partial<ParkedMessage> = {}): ParkedMessage => ({
  id,
  topic: 'Events',
  group,
  client: 'CP001',
  parkedAt: '2026-01-02T03:04:05.000Z',
  attempts: 3,
  reason: 'it was \0 bad',
  content: { id, serverNode: 'n', client: 'CP001', messageTime: '', event: 'E', data: { text: '\0' } },
  ...more,
});

async function open() {
  const place = await createTestPlace();
  const stores = [createParkingStore(place.options), createParkingStore(place.options)] as const;
  onTestFinished(async () => {
    for (const store of stores) await store.close();
    await place.remove();
  });
  return stores;
}

test('what is parked is found again, in order, by another process too, until it is removed', async () => {
  const [store, other] = await open();
  expect(await other.count()).toBe(0);
  const all = [message('1', 'B'), message('1', 'a'), message('2', 'B'), message('10', 'B')];
  for (const parked of all) await store.add(parked);
  await store.add(message('2', 'B', { attempts: 6, reason: 'again' }));
  expect((await other.list({ limit: 10 })).map(({ id, group }) => `${id} ${group}`)).toEqual([
    '1 B',
    '1 a',
    '10 B',
    '2 B',
  ]);
  expect((await other.list({ limit: 10, after: '1 a' })).map(({ id }) => id)).toEqual(['10', '2']);
  expect(await other.get('B', '2')).toEqual(message('2', 'B', { attempts: 6, reason: 'again' }));
  expect(await other.get('B', '1')).toEqual(message('1', 'B'));
  await other.remove('B', '1');
  expect([await store.get('B', '1'), await store.count()]).toEqual([undefined, 3]);
});
