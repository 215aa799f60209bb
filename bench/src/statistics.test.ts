import { expect, test } from 'vitest';
import { median, percentile, spreadOf } from './statistics.ts';

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

test('a percentile is a value that was measured', () => {
  expect([0, 0.5, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([1, 50, 99, 100]);
  expect(percentile([7], 0.99)).toBe(7);
});

test('the median of three rounds is the one in the middle, whatever their order', () => {
  expect(median([30, 10, 20])).toBe(20);
  expect(spreadOf([30, 10, 20])).toEqual({ median: 20, min: 10, max: 30 });
});

test('nothing measured is no number', () => expect(median([])).toBeNaN());
