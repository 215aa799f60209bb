import { expect, test } from 'vitest';
import type { RunningCsms } from '../src/running-csms.ts';
import { type Shape, shapeWords } from '../src/shapes.ts';
import { type Fault, NotPossibleHere } from './fault.ts';

/** A test in its short form, of a system of its own or of the one that runs. */
export function testShortForm(fault: Fault, shape: Shape, running?: RunningCsms): void {
  const name = `${fault.name}, ${shapeWords[shape]}: ${fault.holdsWhen}`;
  test(name, { timeout: 120_000 }, async ({ skip }) => {
    const run = { shape, isLong: false, say: () => undefined, ...(running === undefined ? {} : { running }) };
    const outcome = await fault.run(run).catch((error: unknown) => {
      if (error instanceof NotPossibleHere) return skip(error.message);
      throw error;
    });
    expect(outcome.problems).toEqual([]);
  });
}
