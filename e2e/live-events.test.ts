import { createApiClient } from '@ocpp-csms/api-client';
import { connectChargePoint } from '@ocpp-csms/testing';
import { expect, onTestFinished, test } from 'vitest';
import { readAdminKey } from './src/admin-key.ts';
import { boot, report } from './src/charge-1.6.ts';
import { connect, register, unique } from './src/scenes.ts';
import { shareCsms } from './src/share-csms.ts';

const csms = shareCsms();

interface Happened {
  event: string;
  id: string | undefined;
  data: Record<string, unknown>;
}

/** Follows events until the test ends. Resolves when the stream is open. */
async function follow(query: { client?: string; events?: string }, lastEventId?: string): Promise<Happened[]> {
  const api = createApiClient({ url: csms.httpUrl, key: await readAdminKey(csms.dataDir) });
  const abort = new AbortController();
  const { promise: opened, resolve, reject } = Promise.withResolvers<void>();
  const seen: Happened[] = [];
  const reading = (async () => {
    const options = { query, signal: abort.signal, ...(lastEventId === undefined ? {} : { lastEventId }) };
    const onState = ({ state }: { state: string }) => state === 'open' && resolve();
    for await (const { event, id, data } of api.events('/device-manager/events', { ...options, onState }))
      seen.push({ event, id, data: (data as { data: Record<string, unknown> }).data });
  })();
  reading.catch(reject);
  onTestFinished(async () => {
    abort.abort();
    await reading;
  });
  await opened;
  return seen;
}

const names = (seen: readonly Happened[]) => seen.map(({ event }) => event);

test('what happens to a charge point is told as it happens, wherever it is connected', async () => {
  const { networkId } = await register(csms);
  const seen = await follow({ client: networkId });
  const chargePoint = await connect(csms, { networkId });
  await boot(chargePoint);
  await report(chargePoint, 'Faulted', { errorCode: 'GroundFailure' });
  await csms.api.post(`/device-manager/charge-points/${networkId}/commands/ClearCache`, {});
  await expect
    .poll(() => names(seen))
    .toEqual(expect.arrayContaining(['ChargePointConnected', 'StatusChanged', 'CommandFinished']));
  await expect
    .poll(() => seen.filter(({ event }) => event === 'StatusChanged').at(-1)?.data)
    .toEqual({ connectorId: 1, status: 'Faulted', errorCode: 'GroundFailure' });
});

test('only what was asked for; what was missed for a moment comes first, and a longer gap is told', async () => {
  const { networkId } = await register(csms);
  const query = { client: networkId, events: 'ChargePointConnected,StatusChanged' };
  const seen = await follow(query);
  const chargePoint = await connect(csms, { networkId });
  await boot(chargePoint);
  await expect.poll(() => seen.length).toBe(3);
  expect(new Set(names(seen))).toEqual(new Set(['ChargePointConnected', 'StatusChanged']));

  // Each node remembers what it heard of, since all are told.
  const again = await follow(query, seen[0]?.id);
  await expect.poll(() => again).toEqual(seen.slice(1));
  const later = await follow(query, 'an id that nobody knows');
  await expect.poll(() => names(later)).toEqual(['gap']);
});

test('a refused charge point is told of, without what it offered as its password', async () => {
  const networkId = unique('NEW');
  const seen = await follow({ client: networkId });
  const password = 'its-own-password-1';
  await expect(connectChargePoint({ url: csms.wsUrl, networkId, protocol: 'ocpp1.6', password })).rejects.toMatchObject(
    { status: 404 },
  );
  await expect.poll(() => names(seen)).toEqual(['ConnectionRefused']);
  expect(seen[0]?.data).toMatchObject({ reason: 'unknown-charge-point', credentials: 'basic' });
  expect(seen[0]?.data).not.toHaveProperty('passwordDigests');

  // The URL to type into it is where the caller reached us, also where another process answers.
  const base = csms.httpUrl;
  const headers = { authorization: `Bearer ${await readAdminKey(csms.dataDir)}` };
  const response = await fetch(`${base}/device-manager/refused-connections`, { headers });
  const { items } = (await response.json()) as { items: { networkId: string; useUrl: string }[] };
  const useUrl = items.find((item) => item.networkId === networkId)?.useUrl ?? '';
  expect(useUrl).toBe(`${base.replace('http', 'ws')}/ocpp/${networkId}`);
});

test('an event that there is not is refused', async () => {
  const { status, body } = await csms.api.request('GET', '/device-manager/events?events=StatusChanged,Nothing');
  expect(status).toBe(400);
  expect(body).toMatchObject({ detail: expect.stringContaining('There is no event Nothing') });
});
