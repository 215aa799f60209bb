import { expect, test } from 'vitest';
import { parseSearch, readFilters, stringifySearch, writeFilters } from './filter-codec.ts';

const kinds = { q: 'text', status: 'list', connected: 'flag' } as const;

test('filters go into the address and come out of it as they were', () => {
  const filters = { q: 'a&b=c "d" 50%', status: ['Faulted', 'Charging'], connected: false };
  const text = stringifySearch({ tab: 'other', ...writeFilters(kinds, filters) });
  expect(text).toMatch(/^\?tab=other&q=/);
  expect(text).toContain('&status=Faulted&status=Charging&connected=false');
  expect(readFilters(kinds, text)).toEqual(filters);
  expect(stringifySearch(parseSearch(text))).toBe(text);
});

test('what is empty is not there, and what makes no sense is not either', () => {
  expect(stringifySearch(writeFilters(kinds, { q: '', status: [] }))).toBe('');
  expect(readFilters(kinds, '?q=&connected=perhaps&unknown=1')).toEqual({});
  expect(readFilters(kinds, '?status=Faulted')).toEqual({ status: ['Faulted'] });
});
