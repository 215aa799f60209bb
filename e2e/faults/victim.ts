import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@ocpp-csms/testing';
import { startDaemons } from '../src/daemons.ts';
import type { RunningCsms } from '../src/running-csms.ts';
import { enginesOf, shapeMissing } from '../src/shapes.ts';
import { spawnCsms } from '../src/spawn-csms.ts';
import { NotPossibleHere, type Run } from './fault.ts';

/** The CSMS that a fault is injected into: the real processes, which may be killed and started again on the same data. */
export interface Victim {
  readonly csms: RunningCsms;
  readonly dataDir: string;
  readonly processes: readonly ChildProcess[];
  /** SIGKILL of all; `meanwhile` runs while nobody is there; then they start on the same ports. */
  crash(meanwhile?: () => Promise<void>): Promise<void>;
}

export interface VictimOptions {
  /** Another folder than a new one, which is not removed. */
  dataDir?: string;
  /** Of every process. */
  env?: Readonly<Record<string, string>>;
}

/** The system of the test run where there is one for all, otherwise one of its own. */
export function withCsms<Result>(run: Run, use: (csms: RunningCsms) => Promise<Result>): Promise<Result> {
  return run.running === undefined ? withVictim(run, {}, ({ csms }) => use(csms)) : use(run.running);
}

/** Starts it on free ports with an empty folder, and removes all of it in the end. */
export async function withVictim<Result>(
  { shape }: Pick<Run, 'shape'>,
  options: VictimOptions,
  use: (victim: Victim) => Promise<Result>,
): Promise<Result> {
  const missing = await shapeMissing(shape);
  if (missing !== undefined) throw new NotPossibleHere(missing);
  return shape === 'one' ? withProcess(options, use) : withDaemons(shape, options, use);
}

async function withProcess<Result>(
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
      get processes() {
        return [csms.process];
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

async function withDaemons<Result>(
  shape: 'zeromq' | 'nodes',
  options: VictimOptions,
  use: (victim: Victim) => Promise<Result>,
): Promise<Result> {
  const daemons = await startDaemons(await enginesOf(shape), options);
  try {
    return await use({
      csms: daemons,
      dataDir: daemons.dataDir,
      get processes() {
        return daemons.all().map(({ process }) => process);
      },
      crash: daemons.crash,
    });
  } finally {
    await daemons.stop();
  }
}
