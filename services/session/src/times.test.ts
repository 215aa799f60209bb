import { describe, expect, test } from 'vitest';
import { readTime } from './times.ts';

const receivedAt = '2026-01-02T03:04:05.678Z';
const plausible = { from: new Date('2015-01-01T00:00:00Z'), futureMinutes: 60 };
const read = (raw: unknown) => readTime(raw, receivedAt, plausible);

describe('row 35: times of charge points', () => {
  test.each([
    ['1970-01-01T00:00:10Z'],
    ['1000000'],
    ['+222222017-01-01T00:00:00Z'],
    ['222222017-01-01T00:00:00Z'],
    ['2026-01-02T05:04:05Z'],
    ['2026-13-02T03:04:05Z'],
    ['2026-02-30T03:04:05Z'],
    ['2026-01-02'],
    ['yesterday'],
    [''],
    [undefined],
    [{}],
    [-1],
  ])('%j is not believed: the time of reception counts, the text is kept', (raw) => {
    const time = read(raw);
    expect(time).toEqual({ at: receivedAt, raw: typeof raw === 'string' ? raw : '', flags: ['implausible-time'] });
  });

  test.each([
    ['2026-01-02T03:00:00Z', '2026-01-02T03:00:00.000Z'],
    ['2026-01-02T03:00:00.5Z', '2026-01-02T03:00:00.500Z'],
    ['2026-01-02T03:00:00,123456789Z', '2026-01-02T03:00:00.123Z'],
    ['2026-01-02T04:00:00+01:00', '2026-01-02T03:00:00.000Z'],
    ['2026-01-01T21:30:00-0530', '2026-01-02T03:00:00.000Z'],
    ['2026-01-02t03:00z', '2026-01-02T03:00:00.000Z'],
    ['2024-02-29T23:59:60Z', '2024-03-01T00:00:00.000Z'],
  ])('%s is %s', (raw, at) => {
    expect(read(raw)).toEqual({ at, raw, flags: [] });
  });

  test('without a zone it is UTC, and flagged', () => {
    expect(read('2026-01-02T03:00:00')).toMatchObject({ at: '2026-01-02T03:00:00.000Z', flags: ['no-zone'] });
  });
});
