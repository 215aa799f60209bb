import { expect, test } from 'vitest';
import { type Fault, NotPossibleHere } from './fault.ts';

/** A test for each, in its short form. */
export function testShortForm(faults: readonly Fault[]): void {
  for (const fault of faults) {
    test(`${fault.name}: ${fault.holdsWhen}`, { timeout: 120_000 }, async ({ skip }) => {
      const outcome = await fault.run({ isLong: false, say: () => undefined }).catch((error: unknown) => {
        if (error instanceof NotPossibleHere) return skip(error.message);
        throw error;
      });
      expect(outcome.problems).toEqual([]);
    });
  }
}
