import { expect, test } from 'vitest';
import { count, energy, inWords, latency, percent, power } from './quantity.ts';

test.each([
  [power(0), '0.0 kW'],
  [power(7400), '7.4 kW'],
  [power(1_250_000), '1.25 MW'],
  [power(null), '–'],
  [energy(5), '0.01 kWh'],
  [energy(12_345), '12.35 kWh'],
  [energy(9_876_543), '9.88 MWh'],
  [percent(79.6), '80 %'],
  [count(10_000), '10,000'],
  [latency(12.4), '12 ms'],
  [latency(1234), '1.23 s'],
  [latency(12_340), '12.3 s'],
])('%j reads %s', (quantity, words) => {
  expect(inWords(quantity)).toBe(words);
});
