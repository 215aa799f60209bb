import type { ParkedMessage } from '@ocpp-csms/bus';
import { expect, test } from 'vitest';
import { message } from './test-support/envelopes.ts';
import { startSystem } from './test-support/system.ts';

interface ParkedList {
  items: ParkedMessage[];
  nextCursor?: string;
}

test('what a service refused is listed with the reason, and can be given up; the log has it', async () => {
  const { say, get, call } = await startSystem();
  const refused = [0, 1, 2].map(() => message({ client: 'refused-by-other' }));
  for (const envelope of refused) await say(envelope);
  const first = (await get<ParkedList>('/parked-messages?limit=2')).body;
  const second = (await get<ParkedList>(`/parked-messages?limit=2&cursor=${first.nextCursor}`)).body;
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(refused.map(({ id }) => id));
  expect(first.items[0]).toMatchObject({ group: 'other', reason: expect.stringContaining('other cannot read this') });

  const id = refused[0]?.id;
  expect((await call('POST', `/parked-messages/other/${id}/drive`)).status).toBe(409);
  expect((await call('DELETE', `/parked-messages/other/${id}`)).status).toBe(204);
  expect((await call('POST', `/parked-messages/other/${id}/drive`)).status).toBe(404);
  expect((await get(`/messages/${id}`)).status).toBe(200);
  expect((await get('/statistics')).body).toMatchObject({ parked: 2 });
});
