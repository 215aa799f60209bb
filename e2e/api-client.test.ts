import { ApiProblem, createApiClient } from '@ocpp-csms/api-client';
import { expect, test } from 'vitest';
import { readAdminKey } from './src/admin-key.ts';
import { boot } from './src/charge-1.6.ts';
import { newChargePoint, register } from './src/scenes.ts';
import { shareCsms } from './src/share-csms.ts';

const csms = shareCsms();
const client = async () => createApiClient({ url: csms.httpUrl, key: await readAdminKey(csms.dataDir) });

test('a list is read to its end, page by page', async () => {
  const ids = (await Promise.all(Array.from({ length: 5 }, () => register(csms)))).map(({ networkId }) => networkId);
  const seen: string[] = [];
  for await (const { networkId } of (await client()).each('/device-manager/charge-points', { query: { limit: 2 } }))
    seen.push(networkId);
  expect(seen).toEqual(expect.arrayContaining(ids));
  expect(new Set(seen).size).toBe(seen.length);
});

test('a problem says what happened and what to do', async () => {
  const api = await client();
  const failure = await api
    .patch('/device-manager/charge-points/{id}', { params: { id: 'no/such one' }, body: { enabled: false } })
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ApiProblem);
  expect(failure).toMatchObject({ status: 404, whatToDo: expect.stringContaining('deleted') });

  const unknown = createApiClient({ url: csms.httpUrl, key: 'not-a-key-of-this-system' });
  await expect(unknown.get('/session/transactions')).rejects.toMatchObject({ status: 401, code: 'key-unknown' });

  const nobody = createApiClient({ url: 'http://127.0.0.1:1' });
  await expect(nobody.get('/health/live')).rejects.toMatchObject({ status: 0, code: 'no-answer', isPassing: true });
});

test('live messages come as they are said', async () => {
  const chargePoint = await newChargePoint(csms);
  const abort = new AbortController();
  const { promise: opened, resolve } = Promise.withResolvers<void>();
  const events = (await client()).events('/message-manager/messages/stream', {
    query: { client: chargePoint.networkId, messageType: 'BootNotification' },
    signal: abort.signal,
    onState: ({ state }) => state === 'open' && resolve(),
  });
  const first = events.next();
  await opened;
  await boot(chargePoint);
  expect((await first).value).toMatchObject({
    event: 'message',
    data: { client: chargePoint.networkId, body: { messageType: 'BootNotification' } },
  });
  abort.abort();
});
