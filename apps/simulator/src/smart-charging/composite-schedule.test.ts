import { describe, expect, test } from 'vitest';
import { compositeSchedule, limitAt } from './composite-schedule.ts';
import type { ChargingProfile, ChargingSchedule } from './profile.ts';
import { createProfileStore } from './profile-store.ts';

const start = new Date('2026-01-05T12:00:00Z');
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const transaction = { id: '7', startedAt: start };
const most = 22_000;
let ids = 0;

function profile(
  purpose: ChargingProfile['purpose'],
  periods: [start: number, limit: number][],
  { schedule, ...more }: Partial<Omit<ChargingProfile, 'schedule'>> & { schedule?: Partial<ChargingSchedule> } = {},
): ChargingProfile {
  return {
    id: ++ids,
    connectorId: 1,
    stackLevel: 0,
    purpose,
    kind: 'Absolute',
    original: {},
    ...more,
    schedule: {
      startSchedule: start,
      unit: 'W',
      periods: periods.map(([at, limit]) => ({ start: at, limit })),
      ...schedule,
    },
  };
}

const limit = (profiles: ChargingProfile[], seconds = 0, connectorId = 1) =>
  limitAt(profiles, after(seconds), { connectorId, transaction });

describe('the limit at a moment', () => {
  test('without profiles there is none', () => expect(limit([])).toBeUndefined());

  test('periods follow each other, and none comes before the start or after the duration', () => {
    const steps = profile(
      'TxDefault',
      [
        [0, 11_000],
        [600, 5000],
      ],
      { schedule: { duration: 1200 } },
    );
    expect([-1, 0, 599, 600, 1199, 1200].map((second) => limit([steps], second))).toEqual([
      undefined,
      11_000,
      11_000,
      5000,
      5000,
      undefined,
    ]);
  });

  test('the highest stack level counts while it says something, then the next', () => {
    const base = profile('TxDefault', [[0, 11_000]]);
    const above = profile('TxDefault', [[0, 4000]], { stackLevel: 3, schedule: { duration: 600 } });
    expect(limit([base, above], 10)).toBe(4000);
    expect(limit([base, above], 700)).toBe(11_000);
  });

  test('a TxProfile takes the place of the default, and the maximum of the station bounds both', () => {
    const byDefault = profile('TxDefault', [[0, 4000]], { connectorId: 0, stackLevel: 9 });
    const own = profile('Tx', [[0, 16_000]], { transactionId: '7' });
    const station = profile('StationMax', [[0, 12_000]], { connectorId: 0 });
    expect(limit([byDefault])).toBe(4000);
    expect(limit([byDefault, own])).toBe(16_000);
    expect(limit([byDefault, own, station])).toBe(12_000);
  });

  test('a TxProfile of another transaction or connector does not count', () => {
    expect(limit([profile('Tx', [[0, 1]], { transactionId: '8' })])).toBeUndefined();
    expect(limit([profile('TxDefault', [[0, 1]])], 0, 2)).toBeUndefined();
  });

  test('at the same level the connector goes before the whole charge point', () => {
    const all = profile('TxDefault', [[0, 4000]], { connectorId: 0 });
    const one = profile('TxDefault', [[0, 6000]]);
    expect(limit([all, one])).toBe(6000);
    expect(limit([all, one], 0, 2)).toBe(4000);
  });

  test('relative ones start with the transaction', () => {
    const relative = profile(
      'TxDefault',
      [
        [0, 3000],
        [60, 9000],
      ],
      { kind: 'Relative' },
    );
    expect([limit([relative], 59), limit([relative], 60)]).toEqual([3000, 9000]);
  });

  test('recurring ones start again each day or week', () => {
    const daily = profile(
      'TxDefault',
      [
        [0, 2000],
        [3600, 8000],
      ],
      { kind: 'Recurring', recurrency: 'Daily' },
    );
    expect([limit([daily], 3 * 86_400 + 10), limit([daily], 3 * 86_400 + 3700)]).toEqual([2000, 8000]);
    const weekly = profile(
      'TxDefault',
      [
        [0, 2000],
        [3600, 8000],
      ],
      { kind: 'Recurring', recurrency: 'Weekly' },
    );
    expect([limit([weekly], 3 * 86_400 + 10), limit([weekly], 7 * 86_400 + 10)]).toEqual([8000, 2000]);
  });

  test('what is not valid yet or any more says nothing', () => {
    const valid = profile('TxDefault', [[0, 2000]], { validFrom: after(60), validTo: after(120) });
    expect([0, 60, 119, 120].map((second) => limit([valid], second))).toEqual([undefined, 2000, 2000, undefined]);
  });

  test('A are for each phase', () => {
    const amperes = profile('TxDefault', [[0, 16]], { schedule: { unit: 'A' } });
    expect(limit([amperes])).toBe(16 * 230 * 3);
    amperes.schedule.periods = [{ start: 0, limit: 16, phases: 1 }];
    expect(limit([amperes])).toBe(16 * 230);
  });
});

describe('the composite schedule', () => {
  const composite = (profiles: ChargingProfile[], duration: number, unit: 'W' | 'A' = 'W') =>
    compositeSchedule(profiles, { connectorId: 1, transaction, start, duration, unit, most });

  test('of nothing is none', () => expect(composite([], 3600)).toBeUndefined());

  test('has a period for every change, and no two with the same limit', () => {
    const station = profile('StationMax', [[0, 10_000]], { connectorId: 0 });
    const own = profile(
      'Tx',
      [
        [0, 16_000],
        [600, 6000],
        [1200, 10_000],
      ],
      { schedule: { duration: 1800 } },
    );
    expect(composite([station, own], 3600)?.periods).toEqual([
      { start: 0, limit: 10_000 },
      { start: 600, limit: 6000 },
      { start: 1200, limit: 10_000 },
    ]);
  });

  test('where nothing is said the charge point gives what it can', () => {
    expect(composite([profile('TxDefault', [[0, 5000]], { schedule: { duration: 60 } })], 120)?.periods).toEqual([
      { start: 0, limit: 5000 },
      { start: 60, limit: most },
    ]);
  });

  test('a daily schedule occurs each day', () => {
    const daily = profile(
      'TxDefault',
      [
        [0, 2000],
        [3600, 8000],
      ],
      { kind: 'Recurring', recurrency: 'Daily' },
    );
    expect(composite([daily], 2 * 86_400)?.periods.map(({ start: second }) => second)).toEqual([
      0, 3600, 86_400, 90_000,
    ]);
  });

  test('in A when A are asked for', () => {
    expect(composite([profile('TxDefault', [[0, 6900]])], 60, 'A')?.periods).toEqual([{ start: 0, limit: 10 }]);
  });
});

test('a profile replaces that with its id and that in its place; cleared by id or by what it is', () => {
  const store = createProfileStore();
  const first = profile('TxDefault', [[0, 1]]);
  store.set(first);
  store.set(profile('TxDefault', [[0, 2]]));
  expect(store.all).toHaveLength(1);
  const other = profile('StationMax', [[0, 3]], { connectorId: 0 });
  store.set(other);
  store.set({ ...other, stackLevel: 5 });
  expect(store.all).toHaveLength(2);
  expect(store.clear({ id: 4711 })).toEqual([]);
  expect(store.clear({ purpose: 'StationMax' })).toHaveLength(1);
  store.set(profile('Tx', [[0, 1]]));
  store.transactionEnded(1);
  expect(store.all.map(({ purpose }) => purpose)).toEqual(['TxDefault']);
});
