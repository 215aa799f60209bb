import { expect, test } from 'vitest';
import { fleetOf, livelyVisits, seeded } from './fleet.ts';

const ids = (members: { id: string }[]) => members.map(({ id }) => id);

test('one keeps its id, several are numbered, sites come in turn', () => {
  const base = { id: 'CP', sites: [], version: 'ocpp1.6' as const };
  expect(ids(fleetOf({ ...base, count: 1 }))).toEqual(['CP']);
  expect(ids(fleetOf({ ...base, count: 3 }))).toEqual(['CP-1', 'CP-2', 'CP-3']);
  expect(ids(fleetOf({ ...base, count: 5, sites: ['north', 'south'] }))).toEqual([
    'north-01',
    'south-01',
    'north-02',
    'south-02',
    'north-03',
  ]);
});

test('a mix has all versions', () => {
  const versions = fleetOf({ count: 6, id: 'CP', sites: [], version: 'mix' }).map(({ version }) => version);
  expect(new Set(versions)).toEqual(new Set(['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1']));
});

test('the same seed brings the same cars, another one others', () => {
  const day = (seed: number) => Array.from({ length: 50 }, livelyVisits(seeded(seed), ['A', 'B']));
  expect(day(1)).toEqual(day(1));
  expect(day(1)).not.toEqual(day(2));
  for (const { soc, afterSeconds, staySeconds } of day(3)) {
    expect(soc).toBeGreaterThanOrEqual(8);
    expect(soc).toBeLessThanOrEqual(75);
    expect(Math.min(afterSeconds, staySeconds)).toBeGreaterThan(0);
  }
});
