import { expect, test } from 'vitest';
import { apiFilters, liveFilters, localTime } from './filters.ts';

test('the address in the words of the API; nonsense in it is left out', () => {
  expect(
    apiFilters({
      client: 'CP1',
      action: 'Reset',
      by: 'server',
      kind: '4',
      errors: true,
      from: '2026-01-02T03:04:05+01:00',
    }),
  ).toEqual({
    client: 'CP1',
    messageType: 'Reset',
    origin: 'server',
    direction: 4,
    errors: true,
    from: '2026-01-02T02:04:05.000Z',
  });
  expect(apiFilters({ by: 'nobody', kind: '7', slow: '-1', from: 'yesterday', errors: false })).toEqual({});
});

test('a tab of a charge point is of that one alone', () => {
  expect(apiFilters({ client: 'CP2' }, 'CP1')).toEqual({ client: 'CP1' });
});

test('only CALLs have a latency, which is not known live; the past does not change', () => {
  expect(apiFilters({ slow: '500', kind: '4' })).toEqual({ minLatencyMs: 500 });
  expect(liveFilters({ minLatencyMs: 500 })).toBeUndefined();
  expect(liveFilters({ to: '2026-01-02T03:04:05.000Z' })).toBeUndefined();
  expect(liveFilters({ client: 'CP1' })).toEqual({ client: 'CP1' });
});

test('a time goes into a field of the viewer’s zone and comes back', () => {
  const iso = '2026-07-02T03:04:05.000Z';
  expect(new Date(localTime(iso)).toISOString()).toBe(iso);
  expect(localTime('nonsense')).toBe('');
});
