import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RegisterSummary } from '../meter-values/register-summary.ts';
import { energyOf } from './energy.ts';

const times = { startedAt: '2026-01-02T00:00:00.000Z', stoppedAt: '2026-01-02T01:00:00.000Z' };
const noSamples: RegisterSummary = { readings: 0, first: null, last: null, highest: null, drops: 0 };
const of = (meterStartWh: number | null, meterStopWh: number | null, samples = noSamples) =>
  energyOf({ meterStartWh, meterStopWh, samples, ...times });

describe('row 44: energy', () => {
  test('is the difference of the register', () => {
    expect(of(1000, 3500)).toEqual({ energyWh: 2500, fromWh: 1000, toWh: 3500, flags: [] });
  });
  test('of a session without energy is 0, not unknown', () => {
    expect(of(1000, 1000)).toMatchObject({ energyWh: 0, flags: [] });
  });
  test('is disputed when the meter reads less at the end', () => {
    expect(of(4_076_000, 0)).toMatchObject({ energyWh: null, flags: ['meter-went-backwards'] });
  });
  test('is disputed when the meter was reset in between', () => {
    const samples = { readings: 3, first: 1100, last: 1500, highest: 1500, drops: 1 };
    expect(of(1000, 1500, samples)).toMatchObject({ energyWh: null, flags: ['meter-reset'] });
  });
  test('is disputed when no charger delivers that much', () => {
    expect(of(0, 50_000_000)).toMatchObject({ energyWh: null, flags: ['absurd-energy'] });
  });
  test('is disputed when a reading is missing and there are no samples', () => {
    expect(of(null, 500)).toMatchObject({ energyWh: null, flags: ['missing-meter'] });
    expect(of(null, null, { ...noSamples, readings: 1, first: 5, last: 5, highest: 5 })).toMatchObject({
      flags: ['missing-meter'],
    });
  });
  test('takes the samples where the last reading is missing', () => {
    const samples = { readings: 2, first: 1100, last: 1900, highest: 1900, drops: 0 };
    expect(of(1000, null, samples)).toMatchObject({ energyWh: 900, flags: [] });
  });
  test('is not disputed when samples are session-relative', () => {
    const samples = { readings: 5, first: 0, last: 480, highest: 480, drops: 0 };
    expect(of(1000, 1500, samples)).toMatchObject({ energyWh: 500, flags: ['session-relative-samples'] });
  });
  test('is never negative', () => {
    const wh = fc.option(fc.double({ min: -1e9, max: 1e9, noNaN: true }));
    fc.assert(
      fc.property(wh, wh, wh, wh, wh, fc.nat(5), fc.nat(5), (start, stop, first, last, highest, readings, drops) => {
        const { energyWh } = of(start, stop, { readings, first, last, highest, drops });
        return energyWh === null || energyWh >= 0;
      }),
    );
  });
});
