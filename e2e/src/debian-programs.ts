import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Packages may be large, and the mirror slow. */
const installWithinMs = 240_000;
const lockedMs = 1000;

/** By Debian package, the program that it brings. */
const programs = {
  buildah: 'buildah',
  mmdebstrap: 'mmdebstrap',
  'golang-go': 'go',
  chromium: 'chromium',
  prometheus: 'promtool',
} as const;

/**
 * Installs what is missing, where that is possible; `libraries` are packages without a program, which come along.
 * Why it is not possible; undefined: all is there.
 */
export async function ensureDebianPrograms(
  packages: readonly (keyof typeof programs)[],
  libraries: readonly string[] = [],
): Promise<string | undefined> {
  const missing = [
    ...packages.filter((name) => !isInPath(programs[name])),
    ...libraries.filter((name) => !existsSync(`/usr/share/doc/${name}`)),
  ];
  if (missing.length === 0) return undefined;
  const names = missing.join(' and ');
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !isInPath('apt-get'))
    return `there is no ${names}, and only root on Debian can have it installed`;
  process.stderr.write(`Installing ${names} with apt-get …\n`);
  try {
    await installInTurn(missing);
    return undefined;
  } catch (error) {
    return `${names} cannot be installed: ${error instanceof Error ? error.message.split('\n', 1)[0] : error}`;
  }
}

/** Other test files install something at the same time, and only one can. */
async function installInTurn(missing: readonly string[]): Promise<void> {
  const until = performance.now() + installWithinMs;
  for (;;) {
    try {
      return await install(missing);
    } catch (error) {
      if (!isLocked(error) || performance.now() > until) throw error;
      await sleep(lockedMs);
    }
  }
}

async function install(missing: readonly string[]): Promise<void> {
  const options = {
    timeout: installWithinMs,
    // What a package would start is not wanted.
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  };
  const installMissing = () => run('apt-get', ['install', '--yes', '--no-install-recommends', ...missing], options);
  await installMissing().catch(async (error: unknown) => {
    if (isLocked(error)) throw error;
    await run('apt-get', ['update'], options);
    await installMissing();
  });
}

const isLocked = (error: unknown) => /could not get lock|unable to (lock|acquire)/i.test(String(error));

/** Whether there is such a program to run. */
export function isInPath(program: string): boolean {
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program)));
}
