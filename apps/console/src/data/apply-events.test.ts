import type { ChargePoint } from '@ocpp-csms/api-client';
import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEventEffects, type DomainEvent } from './apply-events.ts';
import type { ChargePointPage } from './charge-point-cache.ts';
import { keys } from './keys.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const chargePoint = (networkId: string, connected = true) =>
  ({
    networkId,
    connection: { connected, lastSeenAt: null, lastProtocol: null },
    connectors: [{ connectorId: 1, status: 'Available' }],
  }) as unknown as ChargePoint;

function start(ids: readonly string[]) {
  const client = new QueryClient();
  const asked: string[] = [];
  const items = ids.map((id) => chargePoint(id));
  client.setQueryData(keys.chargePointList({}), { pages: [{ items }], pageParams: [undefined] });
  client.setQueryData(keys.chargePoint('CP1'), chargePoint('CP1'));
  const effects = createEventEffects(client, async (networkId) => {
    asked.push(networkId);
    return chargePoint(networkId, false);
  });
  const list = () => client.getQueryData<{ pages: ChargePointPage[] }>(keys.chargePointList({}))?.pages[0]?.items ?? [];
  const isStale = (key: readonly unknown[]) => client.getQueryState(key)?.isInvalidated ?? false;
  return { client, effects, asked, list, isStale };
}

const event = (name: string, client: string, data: Record<string, unknown> = {}): DomainEvent => ({
  id: '1',
  client,
  messageTime: '2026-01-02T03:04:05.000Z',
  event: name,
  data,
});

test('a status is put in its place at once, and nothing else becomes another object', () => {
  const { effects, list, client } = start(['CP1', 'CP2']);
  const before = list();
  effects.apply(event('StatusChanged', 'CP1', { connectorId: 1, status: 'Charging' }));
  effects.apply(event('StatusChanged', 'CP1', { connectorId: 2, status: 'Faulted' }));
  effects.apply(event('StatusChanged', 'CP1', { connectorId: 0, status: 'Unavailable' }));
  const expected = [
    { connectorId: 1, status: 'Charging' },
    { connectorId: 2, status: 'Faulted' },
  ];
  expect(list()[0]?.connectors).toEqual(expected);
  expect(client.getQueryData<ChargePoint>(keys.chargePoint('CP1'))?.connectors).toEqual(expected);
  expect(list()[1]).toBe(before[1]);
});

test('who is connected is asked, once for a burst, and only of those that are shown', async () => {
  const { effects, asked, list } = start(['CP1', 'CP2']);
  effects.apply(event('ChargePointConnected', 'CP2'));
  effects.apply(event('ChargePointDisconnected', 'CP2'));
  effects.apply(event('ChargePointDisconnected', 'CP99'));
  await vi.advanceTimersByTimeAsync(300);
  expect(asked).toEqual(['CP2']);
  expect(list()[1]?.connection.connected).toBe(false);
});

test('when all come at once, the list is asked for and not each of them', async () => {
  const ids = Array.from({ length: 50 }, (_, index) => `CP${index}`);
  const { effects, asked, isStale } = start(ids);
  for (const id of ids) effects.apply(event('ChargePointConnected', id));
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked).toEqual([]);
  expect(isStale(keys.chargePointList({}))).toBe(true);
});

test('an event that is not known, however it is called, does nothing', () => {
  const { effects, list } = start(['CP1']);
  const before = list();
  for (const name of ['constructor', 'toString', 'SomethingNew']) effects.apply(event(name, 'CP1'));
  expect(list()).toBe(before);
});
