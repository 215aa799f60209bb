import { expect, test } from 'vitest';
import { duration, relativeTime, span } from './time.ts';

const now = Date.parse('2026-06-15T12:00:00Z');
const minute = 60_000;
const hour = 60 * minute;

test.each([
  [0, 'just now'],
  [-45_000, '45 s ago'],
  [-5 * minute, '5 min ago'],
  [-47 * hour, '47 h ago'],
  [-3 * 24 * hour, '3 d ago'],
  [2 * hour, 'in 2 h'],
])('%i ms from now reads %s', (distance, words) => {
  expect(relativeTime(now + distance, now)).toBe(words);
});

test('what is older than a week has its date, and the year where it is another', () => {
  expect(relativeTime(Date.parse('2026-05-01T12:00:00Z'), now)).not.toContain('2026');
  expect(relativeTime(Date.parse('2024-05-01T12:00:00Z'), now)).toContain('2024');
});

test.each([
  [59_999, '59 s', '0 min'],
  [65 * minute, '1 h', '1 h 05 min'],
  [50 * hour, '2 d', '50 h 00 min'],
])('%i ms is %s, or %s', (milliseconds, short, long) => {
  expect(span(milliseconds)).toBe(short);
  expect(duration(milliseconds)).toBe(long);
});
