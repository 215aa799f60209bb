import { expect, test } from 'vitest';
import { charge, demandW, type Ev } from './ev.ts';

const ev = (more: Partial<Ev> = {}): Ev => ({
  soc: 20,
  capacityWh: 50_000,
  maxPowerW: 11_000,
  temperatureC: 20,
  ...more,
});

test('takes all that it can until 80 %, then less and less, then nothing', () => {
  expect(demandW(ev())).toBe(11_000);
  expect(demandW(ev({ soc: 80 }))).toBe(11_000);
  expect(demandW(ev({ soc: 90 }))).toBeCloseTo(11_000 * 0.525);
  expect(demandW(ev({ soc: 99.9 }))).toBeGreaterThan(0);
  expect(demandW(ev({ soc: 100 }))).toBe(0);
});

test('takes less when its battery is cold or hot', () => {
  expect(demandW(ev({ temperatureC: 0 }))).toBeCloseTo(11_000 * 0.4);
  expect(demandW(ev({ temperatureC: -20 }))).toBeCloseTo(11_000 * 0.4);
  expect(demandW(ev({ temperatureC: 52.5 }))).toBeCloseTo(5500);
  expect(demandW(ev({ temperatureC: 80 }))).toBe(0);
});

test('no more goes in than there is room for', () => {
  const full = ev({ soc: 99 });
  expect(charge(full, 2000)).toBeCloseTo(500);
  expect(full.soc).toBe(100);
  const half = ev({ soc: 50 });
  expect(charge(half, 5000)).toBe(5000);
  expect(half.soc).toBeCloseTo(60);
  expect(half.temperatureC).toBeGreaterThan(20);
});
