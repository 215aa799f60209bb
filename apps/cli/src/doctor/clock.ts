import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { duration } from '../output/time.ts';
import { type Check, type DoctorContext, failed, ok, warning } from './check.ts';

const name = 'clock';
/** Charge points are given our time, and bills are made from it. */
const tolerableMs = 2000;
/** Files of other machines and of archives may be a little ahead. */
const tolerableFileMs = 60_000;
const setIt = 'Set it, and let it be kept right: timedatectl set-ntp true, chrony, or the time settings of the host.';

export const clock: Check = {
  name,
  async run(context) {
    const now = context.now();
    const time = new Date(now).toISOString();
    const newest = await newestFile(context.directory);
    if (newest !== undefined && newest.at > now + tolerableFileMs)
      return failed(
        name,
        `${time}: ${newest.file} was written ${duration(newest.at - now)} after that`,
        `The clock of this machine is behind. ${setIt}`,
      );
    const ahead = await databaseAhead(context);
    if (ahead !== undefined && Math.abs(ahead) > tolerableMs)
      return warning(
        name,
        `${time}: the clock of PostgreSQL is ${duration(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'} the one here`,
        `One of them is wrong. ${setIt}`,
      );
    if ((await isSynchronised(context.timeoutMs)) === false)
      return warning(name, `${time}, not synchronised with a time server`, setIt);
    return ok(name, time);
  },
};

/** A clock that lost its battery begins in the past. */
async function newestFile(directory: string): Promise<{ file: string; at: number } | undefined> {
  const names = await readdir(directory).catch(() => []);
  const files = await Promise.all(
    names.map(async (entry) => {
      const file = join(directory, entry);
      const found = await stat(file).catch(() => undefined);
      return found?.isFile() ? { file, at: found.mtimeMs } : undefined;
    }),
  );
  return files.filter((file) => file !== undefined).sort((one, other) => other.at - one.at)[0];
}

/** Where there is no such server, or none that answers, another check says so. */
async function databaseAhead({ settings, now }: DoctorContext): Promise<number | undefined> {
  if (settings.storage.driver !== 'postgresql') return undefined;
  const { inspectPostgres } = await import('@ocpp-csms/storage');
  return inspectPostgres(settings.postgresql.url, now).then(
    ({ clockAheadMs }) => clockAheadMs,
    () => undefined,
  );
}

/** As systemd knows it; undefined where there is none to ask, as in a container. */
async function isSynchronised(timeout: number): Promise<boolean | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    const { stdout } = await promisify(execFile)('timedatectl', ['show', '--property=NTPSynchronized', '--value'], {
      timeout,
    });
    const answer = stdout.trim();
    return answer === 'yes' ? true : answer === 'no' ? false : undefined;
  } catch {
    return undefined;
  }
}
