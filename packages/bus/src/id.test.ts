import { expect, it } from 'vitest';
import { createIdSource } from './id.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

it('makes UUIDv7 that begin with the time', () => {
  const id = createIdSource({ clock: () => 0x0123_4567_89ab })();
  expect(id).toMatch(UUID_V7);
  expect(id.startsWith('01234567-89ab-7')).toBe(true);
});

it('rises strictly while the clock stands still, past what one millisecond holds', () => {
  const newId = createIdSource({ clock: () => 1_700_000_000_000 });
  const ids = Array.from({ length: 20_000 }, () => newId());
  expect(ids).toEqual([...new Set(ids)].sort());
  for (const id of ids.slice(-10)) expect(id).toMatch(UUID_V7);
});

it('rises when the clock is set back', () => {
  let now = 1_700_000_000_000;
  const newId = createIdSource({ clock: () => now });
  const before = newId();
  now -= 60_000;
  expect(newId() > before).toBe(true);
});

it('takes its randomness from outside', () => {
  const options = { clock: () => 1, random: (bytes: Uint8Array) => void bytes.fill(0xff) };
  expect(createIdSource(options)()).toBe('00000000-0001-73ff-bfff-ffffffffffff');
});

it('makes different ids in two sources at the same time', () => {
  const clock = () => 5;
  expect(createIdSource({ clock })()).not.toBe(createIdSource({ clock })());
});
