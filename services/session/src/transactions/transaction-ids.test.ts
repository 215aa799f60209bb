import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testSessions } from '../test-support/test-session.ts';
import { permutationOf } from './transaction-ids.ts';

const startTestSession = testSessions();

const key = createHash('sha256').update('a key').digest();

describe('row 39, 40: transaction ids', () => {
  test('are positive 32-bit integers, each once', () => {
    const permute = permutationOf(key);
    const ids = new Set<number>();
    for (let number = 1; number <= 5000; number++) ids.add(permute(number));
    expect(ids.size).toBe(5000);
    expect(Math.min(...ids)).toBeGreaterThan(0);
    expect(Math.max(...ids)).toBeLessThan(2 ** 31);
  });

  test('two numbers never meet, wherever they are', () => {
    const permute = permutationOf(key);
    const number = fc.integer({ min: 1, max: 2 ** 31 - 1 });
    fc.assert(fc.property(number, number, (one, other) => (permute(one) === permute(other)) === (one === other)));
  });

  test('cannot be foreseen from the one before', () => {
    const permute = permutationOf(key);
    const steps = new Set(Array.from({ length: 100 }, (_, n) => permute(n + 2) - permute(n + 1)));
    expect(steps.size).toBeGreaterThan(95);
  });

  test('go on after a restart', async () => {
    const session = await startTestSession();
    const ids: number[] = [];
    for (let n = 0; n < 12; n++) {
      const start = { connectorId: 1, idTag: 'T', meterStart: n, timestamp: '2026-01-02T02:00:00Z' };
      ids.push((await session.call<{ transactionId: number }>('StartTransaction', start)).transactionId);
      if (n % 4 === 3) await session.restart();
    }
    expect(new Set(ids).size).toBe(12);
  });

  test('are each given once when many charge points start at the same time', async () => {
    const session = await startTestSession();
    const starts = Array.from({ length: 200 }, (_, n) =>
      session.call<{ transactionId: number }>(
        'StartTransaction',
        { connectorId: 1, idTag: 'T', meterStart: 0, timestamp: '2026-01-02T02:00:00Z' },
        { client: `CP${n}` },
      ),
    );
    const ids = (await Promise.all(starts)).map(({ transactionId }) => transactionId);
    expect(new Set(ids).size).toBe(200);
  });
});
