import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@ocpp-csms/testing';
import { compareWithExport } from '../src/ledger.ts';
import type { Fault, Outcome } from './fault.ts';
import { allAnsweredAgain, isReady, ledgerFigures, seconds, startFleet, type Victim, withVictim } from './scene.ts';

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
  async run({ isLong, say }) {
    const disk = await smallDisk();
    try {
      return await withVictim({ dataDir: disk.dir, env: { CSMS_BUS_PUBLISH_DEADLINE_SECONDS: '3' } }, (victim) =>
        fillAndFree(victim, disk, { fullMs: isLong ? 10_000 : 1000, say }),
      );
    } finally {
      await disk.remove();
    }
  },
};

async function fillAndFree(
  victim: Victim,
  disk: Disk,
  { fullMs, say }: { fullMs: number; say: (words: string) => void },
): Promise<Outcome> {
  const fleet = await startFleet(victim.csms, 2, { pauseMs: 20 });
  await allAnsweredAgain(fleet, 10_000);
  await disk.fill(victim);
  await until('readiness says that nothing can be stored', async () => !(await isReady(victim.csms)), {
    timeoutMs: 30_000,
  });
  say('full');
  const deliveries = () => fleet.reduce((sum, chargePoint) => sum + chargePoint.deliveries, 0);
  const before = deliveries();
  await sleep(fullMs);
  const problems =
    deliveries() > before ? [`${deliveries() - before} CALLs were answered while nothing could be stored`] : [];
  await disk.free(victim);
  const roomAt = performance.now();
  await allAnsweredAgain(fleet, backWithinMs);
  const back = seconds(performance.now() - roomAt);
  await Promise.all(fleet.map((chargePoint) => chargePoint.finish()));
  const comparison = await compareWithExport(victim.csms, fleet);
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
      fill: async ({ csms }) => limitFiles(csms.process.pid, '4096'),
      free: async ({ csms }) => limitFiles(csms.process.pid, 'unlimited'),
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

function limitFiles(pid: number | undefined, bytes: string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
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
