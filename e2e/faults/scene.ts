import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, until } from '@ocpp-csms/testing';
import type { Comparison } from '../src/ledger.ts';
import { type LoadedChargePoint, type LoadOptions, loadWith } from '../src/load.ts';
import { newToken, register } from '../src/registry.ts';
import type { RunningCsms } from '../src/running-csms.ts';
import { type SpawnedCsms, type SpawnOptions, spawnCsms } from '../src/spawn-csms.ts';

/** The CSMS that a fault is injected into: the real process, which may be killed and started again on the same data. */
export interface Victim {
  readonly csms: SpawnedCsms;
  readonly dataDir: string;
  /** SIGKILL; `meanwhile` runs while nobody is there; then it starts on the same port. */
  crash(meanwhile?: () => Promise<void>): Promise<void>;
}

export interface VictimOptions extends Partial<Pick<SpawnOptions, 'dataDir' | 'env'>> {}

/** Starts it on a free port with an empty folder, and removes both in the end. */
export async function withVictim<Result>(
  { dataDir: givenDir, env = {} }: VictimOptions,
  use: (victim: Victim) => Promise<Result>,
): Promise<Result> {
  const dataDir = givenDir ?? (await mkdtemp(join(tmpdir(), 'ocpp-csms-fault-')));
  const spawn = { dataDir, port: await freePort(), env };
  let csms = await spawnCsms(spawn);
  try {
    return await use({
      dataDir,
      get csms() {
        return csms;
      },
      async crash(meanwhile) {
        await csms.kill();
        await meanwhile?.();
        csms = await spawnCsms(spawn);
      },
    });
  } finally {
    await csms.kill();
    if (givenDir === undefined) await rm(dataDir, { recursive: true, force: true });
  }
}

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

export async function isReady(csms: SpawnedCsms): Promise<boolean> {
  return (await fetch(`${csms.httpUrl}/health/ready`, { signal: AbortSignal.timeout(5000) })).status === 200;
}

export function ledgerFigures({ answered, transactions }: Comparison): string[] {
  return [`${count(answered)} answered CALLs`, `${count(transactions)} transactions`];
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
