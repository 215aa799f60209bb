import { type ChildProcess, execFileSync } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@ocpp-csms/testing';
import type { Fault, Outcome, Run } from './fault.ts';
import { allAnsweredAgain, compare, isReady, ledgerFigures, seconds, startFleet } from './scene.ts';
import { type Victim, withVictim } from './victim.ts';

const backWithinMs = 20_000;

/** A place that can be made full, and be given room again. */
interface Disk {
  dir: string;
  standIn?: string;
  fill(victim: Victim): Promise<void>;
  free(victim: Victim): Promise<void>;
  remove(): Promise<void>;
}

export const diskFull: Fault = {
  name: 'disk full',
  does: 'The disk with the data has no byte left, for some seconds, while charge points charge.',
  holdsWhen: `nobody is answered meanwhile and none gets an error, readiness says so, all are answered again within ${backWithinMs / 1000} s of there being room; log and ledger as for kill -9`,
  shapes: ['one', 'zeromq'],
  wantsItsOwn: true,
  async run(run) {
    const disk = await smallDisk();
    try {
      return await withVictim(run, { dataDir: disk.dir, env: { CSMS_BUS_PUBLISH_DEADLINE_SECONDS: '3' } }, (victim) =>
        fillAndFree(victim, disk, run),
      );
    } finally {
      await disk.remove();
    }
  },
};

async function fillAndFree(victim: Victim, disk: Disk, run: Run): Promise<Outcome> {
  const fleet = await startFleet(victim.csms, 2, { pauseMs: 20 });
  await allAnsweredAgain(fleet, 10_000);
  await disk.fill(victim);
  await until('readiness says that nothing can be stored', async () => !(await isReady(victim.csms)), {
    timeoutMs: 30_000,
  });
  run.say('full');
  const deliveries = () => fleet.reduce((sum, chargePoint) => sum + chargePoint.deliveries, 0);
  const before = deliveries();
  await sleep(run.isLong ? 10_000 : 1000);
  const problems =
    deliveries() > before ? [`${deliveries() - before} CALLs were answered while nothing could be stored`] : [];
  await disk.free(victim);
  const roomAt = performance.now();
  await allAnsweredAgain(fleet, backWithinMs);
  const back = seconds(performance.now() - roomAt);
  await Promise.all(fleet.map((chargePoint) => chargePoint.finish()));
  const comparison = await compare(run, victim.csms, fleet);
  return {
    problems: [...problems, ...comparison.problems],
    figures: [`all back ${back} after there was room`, ...ledgerFigures(comparison)],
    ...(disk.standIn === undefined ? {} : { standIn: disk.standIn }),
  };
}

async function smallDisk(): Promise<Disk> {
  const dir = await mkdtemp(join(tmpdir(), 'ocpp-csms-small-disk-'));
  const removeDir = () => rm(dir, { recursive: true, force: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', dir], { stdio: 'pipe' });
  } catch {
    return {
      dir,
      standIn: 'no tmpfs may be mounted here: a limit on the size of files (prlimit) stood in for the full disk',
      fill: async ({ processes }) => limitFiles(processes, '4096'),
      free: async ({ processes }) => limitFiles(processes, 'unlimited'),
      remove: removeDir,
    };
  }
  const ballast = join(dir, 'ballast');
  return {
    dir,
    fill: () => writeUntilFull(ballast),
    free: () => rm(ballast),
    async remove() {
      execFileSync('umount', ['-l', dir]);
      await removeDir();
    },
  };
}

function limitFiles(processes: readonly ChildProcess[], bytes: string): void {
  for (const { pid } of processes) execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
}

async function writeUntilFull(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (let size = 65_536; size >= 512; ) {
      try {
        await file.write(Buffer.alloc(size));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        size /= 2;
      }
    }
  } finally {
    await file.close();
  }
}
