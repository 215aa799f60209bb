import { expect, test } from 'vitest';
import { shiftTimes, timesIn } from './times.ts';

const from = Date.parse('2026-01-01T00:00:00Z');
const to = Date.parse('2026-02-01T00:00:00Z');

test('times move, in the form in which they are written', () => {
  const payload = {
    timestamp: '2026-01-02T23:59:59.5Z',
    list: [{ timestamp: '2026-01-02T10:00:00+02:00' }, '2026-01-02 10:00:00', '2026-01-02T10:00:00.123456'],
    idTag: '2026-01-02',
    count: 3,
  };
  expect(shiftTimes(payload, { seconds: 86_401, from, to })).toEqual({
    timestamp: '2026-01-04T00:00:00.5Z',
    list: [{ timestamp: '2026-01-03T10:00:01+02:00' }, '2026-01-03 10:00:01', '2026-01-03T10:00:01.123456'],
    idTag: '2026-01-02',
    count: 3,
  });
});

test('a clock that was wrong stays wrong', () => {
  const payload = { timestamp: '1970-01-01T00:00:07Z' };
  expect(shiftTimes(payload, { seconds: 60, from, to })).toEqual(payload);
});

test('what only looks like a time is none', () => {
  expect(timesIn({ a: '2026-13-41T10:00:00Z', b: '2026-01-02', c: '2026-01-02T10:00:00Z' })).toEqual([
    Date.parse('2026-01-02T10:00:00Z'),
  ]);
  const payload = { a: '2026-13-41T10:00:00Z' };
  expect(shiftTimes(payload, { seconds: 60, from, to })).toEqual(payload);
});
