import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { partNames } from './options.ts';
import { replaceSection, table, targetTable, times, withSpread } from './report.ts';

test('a table is Markdown', () => {
  expect(table(['a', 'b'], [['1', '2']])).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |');
});

test('a missed target stands out', () => {
  const text = targetTable([
    { target: '≤ 3 s', reached: '2 s', held: true },
    { target: '≤ 60 s', reached: '90 s', held: false },
  ]);
  expect(text).toContain('| ≤ 3 s | 2 s | held |');
  expect(text).toContain('| ≤ 60 s | 90 s | **missed** |');
});

test('figures come with their spread and their ratio', () => {
  expect(withSpread({ median: 1234.5, min: 1200, max: 1300 })).toBe('1235 (1200..1300)');
  expect(times(3, 2)).toBe('1.50');
  expect(times(3, undefined)).toBe('–');
});

test('only the section of that name is replaced', () => {
  const page = 'by hand\n<!-- bench:a -->\nold\n<!-- /bench:a -->\nmore\n<!-- bench:b -->\nold\n<!-- /bench:b -->\n';
  expect(replaceSection(page, 'a', 'new\n')).toBe(
    'by hand\n<!-- bench:a -->\nnew\n<!-- /bench:a -->\nmore\n<!-- bench:b -->\nold\n<!-- /bench:b -->\n',
  );
  expect(() => replaceSection(page, 'c', 'new')).toThrow('bench:c');
});

test.each(partNames)('docs/performance.md has a place for %s', (name) => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/performance.md'), 'utf8');
  expect(replaceSection(page, name, 'figures')).toContain(`<!-- bench:${name} -->\nfigures\n<!-- /bench:${name} -->`);
});
