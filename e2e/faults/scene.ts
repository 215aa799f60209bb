import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@ocpp-csms/testing';
import { type Comparison, compareWithExport, type Witness } from '../src/ledger.ts';
import { type LoadedChargePoint, type LoadOptions, loadWith } from '../src/load.ts';
import { newToken, register } from '../src/registry.ts';
import type { RunningCsms } from '../src/running-csms.ts';
import type { Outcome, Run } from './fault.ts';

/** Charge points of 1.6 and 2.0.1, so many of each, that charge without a pause. */
export async function startFleet(
  csms: RunningCsms,
  each: number,
  more: Partial<LoadOptions> = {},
): Promise<LoadedChargePoint[]> {
  const fleet: LoadedChargePoint[] = [];
  for (const protocol of ['ocpp1.6', 'ocpp2.0.1'] as const) {
    for (let index = 0; index < each; index++) {
      const { networkId } = await register(csms);
      fleet.push(loadWith({ url: csms.wsUrl, networkId, idToken: await newToken(csms), protocol, ...more }));
    }
  }
  return fleet;
}

/** Resolves when each of them got an answer to something that it began to say from now on. */
export async function allAnsweredAgain(fleet: readonly LoadedChargePoint[], timeoutMs: number): Promise<void> {
  const before = fleet.map(({ deliveries }) => deliveries);
  await until(
    'every charge point is answered again',
    () => fleet.every(({ deliveries }, index) => deliveries > (before[index] ?? 0) + 1),
    { timeoutMs },
  );
}

export async function isReady(csms: RunningCsms): Promise<boolean> {
  return (await fetch(`${csms.httpUrl}/health/ready`, { signal: AbortSignal.timeout(5000) })).status === 200;
}

const catchUpMs = 60_000;

/**
 * What charge points saw answered beside what was kept. In one process an answer says that it is in log and ledger; over
 * a broker that it is safe, and log and ledger catch up: what is wrong after a minute is wrong.
 */
export async function compare(
  { shape }: Pick<Run, 'shape'>,
  csms: RunningCsms,
  witnesses: readonly Witness[],
  isProblem: (words: string) => boolean = () => true,
): Promise<Comparison> {
  const until = performance.now() + (shape === 'one' ? 0 : catchUpMs);
  for (;;) {
    const { problems: all, ...figures } = await compareWithExport(csms, witnesses);
    const problems = all.filter(isProblem);
    if (problems.length === 0 || performance.now() > until) return { problems, ...figures };
    await sleep(500);
  }
}

export function ledgerFigures({ answered, transactions }: Comparison): string[] {
  return [`${count(answered)} answered CALLs`, `${count(transactions)} transactions`];
}

export function outcomeOf(
  comparison: Comparison,
  figures: readonly string[],
  problems: readonly string[] = [],
): Outcome {
  return { problems: [...problems, ...comparison.problems], figures: [...figures, ...ledgerFigures(comparison)] };
}

export function count(value: number): string {
  return value.toLocaleString('en');
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Those that are not there take a word each; a hundred of one kind need not be read one by one. */
export function shortened(problems: readonly string[], most = 10): string[] {
  if (problems.length <= most) return [...problems];
  return [...problems.slice(0, most), `… and ${problems.length - most} more`];
}
