import { expect, test } from 'vitest';
import { faults } from './all.ts';
import { NotPossibleHere } from './fault.ts';

for (const fault of faults) {
  test(`${fault.name}: ${fault.holdsWhen}`, { timeout: 90_000 }, async ({ skip }) => {
    const outcome = await fault.run({ isLong: false, say: () => undefined }).catch((error: unknown) => {
      if (error instanceof NotPossibleHere) return skip(error.message);
      throw error;
    });
    expect(outcome.problems).toEqual([]);
  });
}
