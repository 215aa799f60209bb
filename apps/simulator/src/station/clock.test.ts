import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createClock } from './clock.ts';

const noon = new Date('2026-03-01T12:00:00Z');
const hour = 3_600_000;
const shown = (clock: { now(): Date }) => clock.now().toISOString();

beforeEach(() => {
  vi.useFakeTimers({ now: noon, toFake: ['Date', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a day that began in the past is shown as it goes by, and never ahead of ours', () => {
  const clock = createClock(3600, new Date(noon.getTime() - 2 * hour));
  vi.advanceTimersByTime(1000);
  expect(shown(clock)).toBe('2026-03-01T11:00:00.000Z');
  vi.advanceTimersByTime(5000);
  expect(clock.elapsedMs()).toBe(6 * hour);
  expect(shown(clock)).toBe('2026-03-01T12:00:06.000Z');
});

test('a clock that was reset goes on from 1970, and what lasts does not jump, until the CSMS says the time', () => {
  const clock = createClock(1);
  clock.set(new Date(0));
  vi.advanceTimersByTime(10_000);
  expect(shown(clock)).toBe('1970-01-01T00:00:10.000Z');
  expect(clock.elapsedMs()).toBe(10_000);
  clock.setBy(new Date('2026-03-01T12:00:30Z'));
  expect(shown(clock)).toBe('2026-03-01T12:00:30.000Z');
});

test('where time runs faster than that of the CSMS it is set right all the same', () => {
  const clock = createClock(60, new Date(noon.getTime() - hour));
  clock.set(new Date(0));
  clock.setBy(new Date());
  expect(shown(clock)).toBe('2026-03-01T11:00:00.000Z');
});

test('multiples are counted from midnight, in simulated time', () => {
  const clock = createClock(60, new Date('2026-03-01T11:50:00Z'));
  expect(clock.untilMultiple(900)).toBe(600);
  vi.advanceTimersByTime(1000);
  expect(clock.untilMultiple(900)).toBe(540);
});

test('a sleep ends early with its signal, also one of months', async () => {
  const stop = new AbortController();
  const slept = createClock(1).sleep(100 * 86_400, stop.signal);
  stop.abort();
  await expect(slept).rejects.toThrow('aborted');
});
