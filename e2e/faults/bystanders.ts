import type { Comparison } from '../src/ledger.ts';
import type { LoadedChargePoint } from '../src/load.ts';
import type { RunningCsms } from '../src/running-csms.ts';
import type { Run } from './fault.ts';
import { compare, count, percentile, startFleet } from './scene.ts';

/** 99 of 100 answers to honest charge points come within this, whatever others do at the same time. */
const p99WithinMs = 250;

/** The short form shares its machine with other tests: there it is a sign that the attack did not hold up everybody. */
const p99WithinMsInShort = 2500;

export const bystandersHold = `99 % of the answers to eight honest charge points beside it come within ${p99WithinMs} ms (the short form: ${p99WithinMsInShort}); log and ledger as for kill -9`;

/** Honest charge points that go on charging while `attack` runs. */
export async function besideBystanders(
  csms: RunningCsms,
  run: Run,
  attack: () => Promise<void>,
): Promise<{ problems: string[]; figures: string[]; comparison: Comparison }> {
  const fleet = await startFleet(csms, 4, { pauseMs: 20 });
  try {
    await attack();
  } finally {
    await Promise.all(fleet.map((chargePoint) => chargePoint.finish()));
  }
  const comparison = await compare(run, csms, fleet);
  const { problems, figures } = latencies(fleet, run.isLong ? p99WithinMs : p99WithinMsInShort);
  return { problems: [...problems, ...comparison.problems], figures, comparison };
}

function latencies(fleet: readonly LoadedChargePoint[], withinMs: number): { problems: string[]; figures: string[] } {
  const all = fleet.flatMap(({ latenciesMs }) => latenciesMs);
  const p99 = percentile(all, 0.99);
  return {
    problems: p99 <= withinMs ? [] : [`p99 of the bystanders is ${p99.toFixed(0)} ms`],
    figures: [`p99 of ${count(all.length)} answers to bystanders ${p99.toFixed(0)} ms`],
  };
}
