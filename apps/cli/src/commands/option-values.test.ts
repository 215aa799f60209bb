import { expect, test } from 'vitest';
import { timeOf } from './option-values.ts';

const now = new Date('2026-03-04T12:00:00Z');

test.each([
  ['2h', 'ago', '2026-03-04T10:00:00.000Z'],
  ['30 min', 'ago', '2026-03-04T11:30:00.000Z'],
  ['7d', 'ago', '2026-02-25T12:00:00.000Z'],
  ['30d', 'ahead', '2026-04-03T12:00:00.000Z'],
  ['2026-01-02T03:04:05Z', 'ago', '2026-01-02T03:04:05.000Z'],
  ['2026-01-02T03:04:05+02:00', 'ago', '2026-01-02T01:04:05.000Z'],
] as const)('%s %s is %s', (text, direction, time) => {
  expect(timeOf(text, now, direction)).toBe(time);
});

test('what names no zone is local', () => {
  expect(timeOf('2026-01-31', now, 'ago')).toBe(new Date(2026, 0, 31).toISOString());
  expect(timeOf('2026-01-31 14:00', now, 'ago')).toBe(new Date(2026, 0, 31, 14).toISOString());
});

test.each(['yesterday', '', '2026', '2026-13-45', '-2h', '2x'])('%j is refused', (text) => {
  expect(() => timeOf(text, now, 'ago')).toThrow('It must be a time');
});
