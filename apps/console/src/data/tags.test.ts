import { expect, test } from 'vitest';
import { tagsAfter } from './tags.ts';

test('some are added, some are taken away, the others stay where they are', () => {
  expect(tagsAfter(['a', 'b', 'c'], ['d', 'a'], ['b'])).toEqual(['a', 'c', 'd']);
});
