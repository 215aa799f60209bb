import { describe, expect, test } from 'vitest';
import { Budgets } from './budgets.ts';

const minute = 60_000;

describe('budgets', () => {
  test('so many at once, then as many in a minute', () => {
    const budgets = new Budgets({ perMinute: 3, maxKeys: 10 });
    const taken = Array.from({ length: 5 }, () => budgets.take('a', 0));
    expect(taken).toEqual([true, true, true, false, false]);
    expect(budgets.take('b', 0)).toBe(true);
    expect(budgets.take('a', minute / 3 - 1)).toBe(false);
    expect(budgets.take('a', minute / 3)).toBe(true);
    expect(budgets.take('a', minute / 3)).toBe(false);
  });

  test('the wait grows with each refusal and is forgotten when the budget is full again', () => {
    const budgets = new Budgets({ perMinute: 1, maxKeys: 10 });
    const waits = Array.from({ length: 9 }, () => (budgets.take('a', 0) ? 0 : budgets.retryAfter('a')));
    expect(waits).toEqual([0, 10, 20, 40, 80, 160, 300, 300, 300]);
    expect(budgets.take('a', 2 * minute)).toBe(true);
    expect(budgets.take('a', 2 * minute)).toBe(false);
    expect(budgets.retryAfter('a')).toBe(10);
  });

  test('many keys push out the oldest, not those in use', () => {
    const budgets = new Budgets({ perMinute: 1, maxKeys: 3 });
    budgets.take('victim', 0);
    for (let key = 0; key < 100; key++) {
      budgets.take(`${key}`, 0);
      expect(budgets.take('victim', 0)).toBe(false);
    }
  });
});
