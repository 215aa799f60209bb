import { expect, test } from 'vitest';
import { message } from '../test-support/envelopes.ts';
import { entityOf } from './message-entity.ts';
import { RecentLines } from './recent-lines.ts';

test('messages are kept while somebody follows, up to a number and a size', () => {
  let now = 0;
  const recent = new RecentLines(() => now);
  const add = (rowKey: string, size = 10) =>
    recent.add({ ...entityOf(message({ client: 'CP1' })).entity, rowKey, filling: 'x'.repeat(size) });
  add('before');
  expect(recent.get('CP1', 'before')).toBeUndefined();
  recent.follow();
  add('first');
  expect(recent.get('CP1', 'first')).toMatchObject({ rowKey: 'first', message: { client: 'CP1' } });
  for (let n = 0; n < 2000; n++) add(String(n));
  expect(recent.get('CP1', 'first')).toBeUndefined();
  expect(recent.get('CP1', '0')).toBeDefined();
  add('large', 8_000_000);
  add('larger', 8_000_000);
  expect(recent.get('CP1', 'large')).toBeUndefined();
  expect(recent.get('CP1', 'larger')).toBeDefined();
  now = 40_000;
  add('later');
  expect(recent.get('CP1', 'larger')).toBeUndefined();
});
