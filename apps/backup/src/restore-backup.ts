import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Settings } from '@ocpp-csms/config';
import { type SessionSchema, sessionTransfer, skipNumbers } from '@ocpp-csms/session';
import { openDatabase, usedElsewhere } from '@ocpp-csms/storage';
import { copyFile, secretFolderMode, sync, syncFolder } from './copy-file.ts';
import { adminKeyFile, databases, fileOf } from './databases.ts';
import { type BackedUpFile, type Manifest, readManifest } from './manifest.ts';
import { Refused } from './refused.ts';

export interface RestoreOptions {
  settings: Settings;
  /** What `takeBackup` wrote. */
  source: string;
  program: string;
  /** For the person at the keyboard, a line each. */
  tell(line: string): void;
}

/** Copies are made here first, below the data folder: nothing has its name before all of it is there. */
const workFolder = '.restoring';

/** Brings a backup to the data folder of the settings. Throws `Refused` when nothing was changed there. */
export async function restoreBackup({ settings, source, program, tell }: RestoreOptions): Promise<Manifest> {
  const target = resolve(settings.data.dir);
  const manifest = await readManifest(resolve(source), program);
  refusePostgres(settings);
  await refuseUsedTarget(target);
  const work = join(target, workFolder);
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true, mode: secretFolderMode });
  try {
    for (const file of manifest.files) await bringFile(file, resolve(source), work);
    await skipWhatWasGivenOutSince(work);
    for (const name of await readdir(work)) await sync(join(work, name));
    for (const { name } of manifest.files) await rename(join(work, name), join(target, name));
    await syncFolder(target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  for (const { name, bytes } of manifest.files) tell(`  ${name}: ${(bytes / 1e6).toFixed(1)} MB`);
  return manifest;
}

async function bringFile({ name, bytes, sha256 }: BackedUpFile, source: string, work: string): Promise<void> {
  // A name from a file that somebody may have touched: never out of the folder.
  if (name !== basename(name) || !existsSync(join(source, name)))
    throw new Refused(`The backup has no file ${name}.`, 'Copy it again from where it is kept, or take another one.');
  const copied = await copyFile(join(source, name), join(work, name));
  if (copied.bytes === bytes && copied.sha256 === sha256) return;
  throw new Refused(
    `${name} in the backup is not what was written (${copied.bytes} of ${bytes} bytes, or another content).`,
    'Copy it again from where it is kept, or take another backup. Nothing was restored.',
  );
}

/**
 * Charge points hold transaction and reservation ids that were given out after the backup was taken: they are not to be
 * given again (field-faults row 40).
 */
async function skipWhatWasGivenOutSince(directory: string): Promise<void> {
  const { database: name, migrations } = sessionTransfer;
  if (!existsSync(join(directory, fileOf({ name })))) return;
  const database = await openDatabase<SessionSchema>({ name, directory, migrations });
  try {
    await database.write(skipNumbers);
  } finally {
    await database.close();
  }
}

function refusePostgres({ storage }: Settings): void {
  if (storage.driver === 'sqlite') return;
  throw new Refused(
    'The settings say PostgreSQL, and this is a backup of SQLite files.',
    'Restore it to a folder of its own (CSMS_STORAGE_DRIVER=sqlite CSMS_DATA_DIR=…), then move it with npm run export and npm run import.',
  );
}

async function refuseUsedTarget(target: string): Promise<void> {
  const there = databases.filter((database) => existsSync(join(target, fileOf(database))));
  for (const { name } of there) {
    const user = await usedElsewhere({ name, directory: target });
    if (user !== undefined)
      throw new Refused(
        `Services are running on the target: ${user}.`,
        'Stop them, and restore to an empty data folder (CSMS_DATA_DIR, or move the old one away).',
      );
  }
  const found = [...there.map(fileOf), adminKeyFile, 'zeromq'].filter((name) => existsSync(join(target, name)));
  if (found.length === 0) return;
  throw new Refused(
    `The target ${target} has data: ${found.join(', ')}.`,
    'A restore never replaces anything. Move that folder away, or name another one with CSMS_DATA_DIR.',
  );
}
