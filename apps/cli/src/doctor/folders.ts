import { open, rm, stat, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describeSystemError } from '@ocpp-csms/runtime/errors';
import { type Check, type Finding, failed, ok, skipped, warning } from './check.ts';
import { existingPart } from './existing-part.ts';

/** Of Linux, statfs(2): where what is written does not stay, or not whole. */
const fileSystems: ReadonlyMap<number, { words: string; todo: string }> = new Map([
  [
    0x01021994,
    {
      words: 'is in memory (tmpfs): nothing in it outlives the machine or the container',
      todo: 'Mount a volume there, choose another folder with CSMS_DATA_DIR, or use storage.driver postgresql.',
    },
  ],
  [
    0x6969,
    {
      words: 'is on NFS, where SQLite cannot lock its files',
      todo: 'Choose a folder on a local disk with CSMS_DATA_DIR, or use storage.driver postgresql.',
    },
  ],
]);

const slowSyncMs = 100;

export const dataFolder: Check = {
  name: 'data folder',
  async run({ directory }) {
    const finding = await inspectFolder('data folder', directory);
    if (finding.status !== 'ok') return finding;
    const place = await statfs(await existingPart(directory));
    const odd = process.platform === 'linux' ? fileSystems.get(place.type) : undefined;
    return odd === undefined ? finding : warning('data folder', `${directory} ${odd.words}`, odd.todo);
  },
};

export const logFolder: Check = {
  name: 'log folder',
  async run({ settings }) {
    const { dir } = settings.log;
    if (dir === '') return skipped('log folder', 'none (log.dir is empty): the log goes to the standard output alone');
    return inspectFolder('log folder', resolve(dir));
  },
};

/** Really written to: rights alone do not tell of read-only mounts and quotas. */
async function inspectFolder(name: string, folder: string): Promise<Finding> {
  const existing = await existingPart(folder);
  try {
    if (existing !== folder) {
      if (!(await stat(existing)).isDirectory()) throw notAFolder(existing);
      await syncedWrite(existing);
      return ok(name, `${folder} (is made at the first start)`);
    }
    if (!(await stat(folder)).isDirectory()) throw notAFolder(folder);
    const ms = await syncedWrite(folder);
    const words = `${folder} (a write to the disk takes ${Math.round(ms)} ms)`;
    if (ms < slowSyncMs) return ok(name, words);
    return warning(
      name,
      words,
      'That is slow, and each batch of messages waits for it: use a faster disk, or see what else uses this one.',
    );
  } catch (error) {
    return failed(name, folder, describeSystemError(error) ?? String(error));
  }
}

const notAFolder = (path: string): Error => Object.assign(new Error(`${path} is no folder`), { code: 'ENOTDIR', path });

async function syncedWrite(folder: string): Promise<number> {
  const file = join(folder, `.doctor-${process.pid}`);
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.write('ocpp-csms doctor\n');
    const started = performance.now();
    await handle.sync();
    return performance.now() - started;
  } finally {
    await handle.close();
    await rm(file, { force: true });
  }
}
