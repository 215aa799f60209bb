import { expect, test } from 'vitest';
import { ComeAgain } from './come-again.ts';

test('row 12: ten thousand at one moment are told twenty different seconds, five hundred each', () => {
  const comeAgain = new ComeAgain({ perSecond: 500 });
  const told = Array.from({ length: 10_000 }, () => comeAgain.nextSeconds(1000));
  const bySecond = Map.groupBy(told, (seconds) => seconds);
  expect([...bySecond.keys()]).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  for (const those of bySecond.values()) expect(those).toHaveLength(500);
});

test('places that are over are given to nobody, and nobody waits for ever', () => {
  const comeAgain = new ComeAgain({ perSecond: 1 });
  for (let index = 0; index < 1000; index++) comeAgain.nextSeconds(0);
  expect(comeAgain.nextSeconds(0)).toBe(300);
  expect(comeAgain.nextSeconds(400_000)).toBe(1);
});
