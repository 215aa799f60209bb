import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Fault, NotPossibleHere } from './fault.ts';
import { compare, ledgerFigures, startFleet } from './scene.ts';
import { withVictim } from './victim.ts';

export const powerCut: Fault = {
  name: 'power cut',
  does: 'The process is killed, and it finds each database file as it was at its last fsync: what was written later is gone.',
  holdsWhen: 'as for kill -9',
  shapes: ['one', 'zeromq'],
  wantsItsOwn: true,
  async run(run) {
    const { isLong, say } = run;
    const shadow = await mkdtemp(join(tmpdir(), 'ocpp-csms-disk-'));
    try {
      const env = { LD_PRELOAD: await compileShim(shadow), SHADOW_DIR: shadow };
      return await withVictim(run, { env }, async (victim) => {
        const cuts = isLong ? 50 : 2;
        const fleet = await startFleet(victim.csms, 2);
        for (let cut = 1; cut <= cuts; cut++) {
          await sleep(randomInt(300, 1200));
          await victim.crash(() => asAtLastFsync(victim.dataDir, shadow));
          if (cut % 10 === 0) say(`${cut} of ${cuts} power cuts`);
        }
        await Promise.all(fleet.map((chargePoint) => chargePoint.finish()));
        const comparison = await compare(run, victim.csms, fleet);
        return { problems: comparison.problems, figures: [`${cuts} power cuts`, ...ledgerFigures(comparison)] };
      });
    } finally {
      await rm(shadow, { recursive: true, force: true });
    }
  },
};

async function compileShim(folder: string): Promise<string> {
  if (process.platform !== 'linux')
    throw new NotPossibleHere('fsync is watched with LD_PRELOAD, which Linux alone has');
  const library = join(folder, 'shim.so');
  const source = fileURLToPath(new URL('power-cut-shim.c', import.meta.url));
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl'], { stdio: 'pipe' });
  } catch (error) {
    throw new NotPossibleHere(`what watches fsync can't be compiled: ${String(error).split('\n')[0]}`);
  }
  return library;
}

/** What never was synced is not there. */
async function asAtLastFsync(dataDir: string, shadow: string): Promise<void> {
  const synced = new Set(await readdir(shadow));
  for (const name of await readdir(dataDir)) {
    if (!name.includes('.sqlite')) continue;
    if (synced.has(name)) await copyFile(join(shadow, name), join(dataDir, name));
    else await rm(join(dataDir, name));
  }
}
