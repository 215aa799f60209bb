import { expect, test } from 'vitest';
import { keyOf, minuteKey, minuteOfKey, rowKeyOf, textOfKey, timeOfRowKey } from './keys.ts';

test('what Azure forbids in a key is escaped and comes back as it was', () => {
  const odd = ['/\\#?', 'a\u0000b\u001f\u007f\u009f', '\ud800', 'x\udc00', "it's 100%", '!002f', '', 'ü😀', 'CP-1_:.*'];
  for (const text of odd) {
    expect(keyOf(text)).not.toMatch(/[/\\#?%'\p{Cc}\p{Cs}]/u);
    expect(textOfKey(keyOf(text))).toBe(text);
  }
  expect(new Set(odd.map(keyOf)).size).toBe(odd.length);
  expect(keyOf('charger-1.a:b*c')).toBe('charger-1.a:b*c');
});

test('texts that are too long for a key stay different', () => {
  const [one, other] = [`${'/'.repeat(3000)}1`, `${'/'.repeat(3000)}2`];
  expect(keyOf(one).length).toBeLessThanOrEqual(512);
  expect(keyOf(one)).not.toBe(keyOf(other));
});

test('row keys sort as the times do, and are the same for each delivery', () => {
  const id = '019b7d00-0000-7000-8000-000000000000';
  const times = ['1969-12-31T23:00:00Z', '2001-09-09T01:46:39.999Z', '2001-09-09T01:46:40Z', '+012000-01-01T00:00:00Z'];
  const keys = times.map((messageTime) => rowKeyOf({ id, messageTime }));
  expect(keys.toSorted()).toEqual(keys);
  expect(timeOfRowKey(keys[2] ?? '')).toBe(1_000_000_000_000);
  expect(rowKeyOf({ id, messageTime: 'yesterday' })).toBe(rowKeyOf({ id, messageTime: '' }));
  expect(timeOfRowKey(rowKeyOf({ id, messageTime: 'yesterday' }))).toBe(0x019b7d000000);
});

test('minutes of the index come with the newest first', () => {
  expect(minuteKey(29_000_001) < minuteKey(29_000_000)).toBe(true);
  expect(minuteOfKey(minuteKey(29_000_000))).toBe(29_000_000);
});
