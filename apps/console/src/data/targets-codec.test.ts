import { expect, test } from 'vitest';
import { readTargets, targetsHash } from './targets-codec.ts';

test('targets go into the fragment of the address and come out of it as they were', () => {
  const targets = ['CP001', 'CP=2&3', 'CP 4'];
  expect(readTargets(targetsHash(targets))).toEqual(targets);
});

test('each is there once, and what names nobody is not there', () => {
  expect(readTargets('to=B&to=A&to=B&to=&other=C')).toEqual(['B', 'A']);
  expect(readTargets('')).toEqual([]);
});
