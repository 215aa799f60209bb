import { expect, test } from 'vitest';
import { clockText, durationPattern, momentOf, momentPattern, secondsOf, windowOf, windowPattern } from './times.ts';

test('durations, times of a day, times on later days', () => {
  expect(secondsOf('2d')).toBe(172_800);
  expect(secondsOf('1d6h30m5s')).toBe(109_805);
  expect(momentOf('06:30')).toBe(23_400);
  expect(momentOf('1d 06:30')).toBe(109_800);
  expect(momentOf('2h15m')).toBe(8100);
  expect(windowOf('07:00-24:00')).toEqual({ from: 25_200, to: 86_400 });
  expect(clockText(23_400)).toBe('06:30');
  expect(clockText(109_800)).toBe('1d 06:30');
});

test.each(['', '10', 'm', '5x', '1h 2m'])('%j is no duration', (text) =>
  expect(new RegExp(durationPattern).test(text)).toBe(false),
);
test.each(['25:00', '6:30', '06:60', ''])('%j is no time', (text) =>
  expect(new RegExp(momentPattern).test(text)).toBe(false),
);
test.each(['07:00', '07:00-25:00', '07:00 - 08:00'])('%j are no two times', (text) =>
  expect(new RegExp(windowPattern).test(text)).toBe(false),
);
