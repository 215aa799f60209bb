import type { MeterReading } from '@ocpp-csms/api-client';
import { expect, test } from 'vitest';
import { chartOf, viewsOf } from './chart-of-readings.ts';

const reading = (minute: number, ...samples: Partial<MeterReading['samples'][number]>[]) =>
  ({ measuredAt: `2026-01-02T03:${String(minute).padStart(2, '0')}:00.000Z`, samples }) as MeterReading;

const power = (value: number, phase?: string) => ({
  measurand: 'Power.Active.Import',
  value,
  ...(phase ? { phase } : {}),
});
const register = (value: number) => ({ measurand: 'Energy.Active.Import.Register', value });

test('power in kW, phases together, and the state of charge on an axis of its own', () => {
  const { times, series } = chartOf([
    reading(0, power(7400), { measurand: 'SoC', value: 40 }),
    reading(1, power(3000, 'L1'), power(3000, 'L2'), power(16, 'N')),
  ]);
  expect(times[1]! - times[0]!).toBe(60_000);
  expect(series).toMatchObject([
    { label: 'Power', unit: 'kW', values: [7.4, 6] },
    { label: 'State of charge', unit: '%', values: [40, null] },
  ]);
});

test('without power, how the register rose; a register that falls says nothing', () => {
  const { series } = chartOf([
    reading(0, register(1000)),
    reading(6, register(2100)),
    reading(12, register(0)),
    reading(18, register(500)),
  ]);
  expect(series).toMatchObject([{ label: 'Power', values: [null, 11, null, 5] }]);
});

test('nothing to draw is no chart', () => {
  expect(chartOf([]).series).toEqual([]);
  expect(chartOf([reading(0, { measurand: 'Voltage', value: 230 })]).series).toEqual([]);
});

test('each phase: its power, else its current', () => {
  const currents = [reading(0, { measurand: 'Current.Import', value: 16, phase: 'L1' }), reading(1)];
  expect(chartOf(currents, 'phases').series).toMatchObject([{ label: 'L1', unit: 'A', values: [16, null] }]);
  const powers = [reading(0, power(3000, 'L1'), power(2000, 'L2-N'))];
  expect(chartOf(powers, 'phases').series).toMatchObject([
    { label: 'L1', unit: 'kW', values: [3] },
    { label: 'L2', unit: 'kW', values: [2] },
  ]);
});

test('the energy begins at nothing', () => {
  const readings = [reading(0, register(5000)), reading(6, register(6500))];
  expect(chartOf(readings, 'energy').series).toMatchObject([{ unit: 'kWh', values: [0, 1.5] }]);
  expect(viewsOf(readings)).toEqual(['whole', 'energy']);
});
