import { expect, test } from 'vitest';
import { compareJson } from './json-diff.ts';

test('what was added, taken away and changed, at any depth; the order of members does not count', () => {
  const before = { a: 1, list: [{ unit: 'Wh', value: '1' }], gone: true, 'a/b': null };
  const after = { 'a/b': 'now', list: [{ value: '2', unit: 'Wh' }, 3], a: 1 };
  expect(compareJson(before, after)).toEqual({
    differences: [
      { path: '/list/0/value', kind: 'changed', before: '1', after: '2' },
      { path: '/list/1', kind: 'added', after: 3 },
      { path: '/gone', kind: 'removed', before: true },
      { path: '/a~1b', kind: 'changed', before: null, after: 'now' },
    ],
    same: 2,
    isCut: false,
  });
});

test('a list is no object, and names of prototypes are names', () => {
  expect(compareJson([], {}).differences).toEqual([{ path: '', kind: 'changed', before: [], after: {} }]);
  const own = JSON.parse('{"__proto__":1}') as unknown;
  expect(compareJson({}, own).differences).toEqual([{ path: '/__proto__', kind: 'added', after: 1 }]);
});

test('a list of differences ends', () => {
  const many = Array.from({ length: 1500 }, (_, n) => n);
  const { differences, isCut } = compareJson([], many);
  expect({ count: differences.length, isCut }).toEqual({ count: 1000, isCut: true });
});
