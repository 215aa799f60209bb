import { expect, test } from 'vitest';
import { type CompositeQuestion, compositeContent, compositeIn, stepsOf } from './charging-profiles.ts';

const question: CompositeQuestion = { version: 'ocpp1.6', evseId: 1, durationSeconds: 3600, unit: 'A' };
const periods = [
  { startPeriod: 0, limit: 16 },
  { startPeriod: 600, limit: 6 },
];

test('asked in the words of each version', () => {
  expect(compositeContent(question).payload).toEqual({ connectorId: 1, duration: 3600, chargingRateUnit: 'A' });
  expect(compositeContent({ ...question, version: 'ocpp2.1' }).payload).toEqual({
    evseId: 1,
    duration: 3600,
    chargingRateUnit: 'A',
  });
});

test('the answers of both versions are one schedule', () => {
  const start = '2026-01-02T03:00:00Z';
  const expected = { unit: 'A', start, durationSeconds: 3600, periods };
  const in16 = {
    status: 'Accepted',
    scheduleStart: start,
    chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: periods },
  };
  expect(compositeIn(in16, question)).toEqual(expected);
  const in2 = {
    status: 'Accepted',
    schedule: { scheduleStart: start, chargingRateUnit: 'A', duration: 3600, chargingSchedulePeriod: periods },
  };
  expect(compositeIn(in2, question)).toEqual(expected);
  expect(compositeIn({ status: 'Rejected' }, question)).toBeUndefined();
});

test('drawn as steps, in times that rise', () => {
  const { times, limits } = stepsOf({ unit: 'A', start: '1970-01-01T00:00:00Z', durationSeconds: 3600, periods });
  expect(times).toEqual([0, 599_999, 600_000, 3_599_999]);
  expect(limits).toEqual([16, 16, 6, 6]);
});
