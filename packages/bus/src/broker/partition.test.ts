import { describe, expect, it } from 'vitest';
import { partitionOf } from './partition.ts';

describe('partition of a client', () => {
  it('is FNV-1a of the networkId in UTF-8, for good', () => {
    // Published vectors of FNV-1a, 32 bit.
    expect(partitionOf('', 2 ** 32)).toBe(0x811c9dc5);
    expect(partitionOf('a', 2 ** 32)).toBe(0xe40c292c);
    expect(partitionOf('foobar', 2 ** 32)).toBe(0xbf9cf968);
    expect(partitionOf('CP-Köln', 32)).toBe(partitionOf(Buffer.from('CP-Köln').toString(), 32));
  });

  it('spreads charge points evenly', () => {
    const counts = new Array<number>(32).fill(0);
    for (let number = 0; number < 32_000; number++) {
      const partition = partitionOf(`CP${String(number).padStart(6, '0')}`, 32);
      counts[partition] = (counts[partition] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(800);
    expect(Math.max(...counts)).toBeLessThan(1200);
  });
});
