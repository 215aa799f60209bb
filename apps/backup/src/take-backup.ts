import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Settings } from '@ocpp-csms/config';
import { snapshotSqlite } from '@ocpp-csms/storage';
import { copyFile, digestOf, secretFolderMode, secretMode, sync, syncFolder } from './copy-file.ts';
import { adminKeyFile, databases, fileOf } from './databases.ts';
import { type BackedUpFile, format, formatVersion, type Manifest, manifestFile } from './manifest.ts';
import { Refused } from './refused.ts';

export interface BackupOptions {
  settings: Settings;
  /** A folder that is not there yet, or is empty. */
  target: string;
  program: string;
  now: Date;
  /** For the person at the keyboard, a line each. */
  tell(line: string): void;
}

/**
 * Copies the databases of a running system, or of one that is stopped. The folder has its name when all of it is there
 * and on the disk. Throws `Refused` when nothing was begun.
 */
export async function takeBackup({ settings, target, program, now, tell }: BackupOptions): Promise<Manifest> {
  refusePostgres(settings);
  const source = resolve(settings.data.dir);
  const present = databases.filter((database) => existsSync(join(source, fileOf(database))));
  if (present.length === 0)
    throw new Refused(
      `There is nothing to back up in ${source}.`,
      'Name the settings of the services with --config FILE, or their folder with CSMS_DATA_DIR.',
    );
  const folder = resolve(target);
  await refuseUsedTarget(folder);
  const partial = `${folder}.part`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: secretFolderMode });
  try {
    const files: BackedUpFile[] = [];
    for (const database of present) files.push(await copyDatabase(fileOf(database), source, partial, tell));
    if (existsSync(join(source, adminKeyFile)))
      files.push({
        name: adminKeyFile,
        ...(await copyFile(join(source, adminKeyFile), join(partial, adminKeyFile))),
      });
    const manifest: Manifest = { format, formatVersion, program, takenAt: now.toISOString(), files };
    await writeManifest(partial, manifest);
    // An empty folder may be there under this name: not every system renames onto one.
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
    await syncFolder(dirname(folder));
    tellWhatIsMissing(settings, source, tell);
    return manifest;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

async function copyDatabase(
  name: string,
  source: string,
  folder: string,
  tell: BackupOptions['tell'],
): Promise<BackedUpFile> {
  const path = join(folder, name);
  const { migrations } = await snapshotSqlite(join(source, name), path);
  await chmod(path, secretMode);
  await sync(path);
  const digest = await digestOf(path);
  tell(`  ${name}: ${megabytes(digest.bytes)}`);
  return { name, ...digest, migrations };
}

async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const path = join(folder, manifestFile);
  await writeFile(path, `${JSON.stringify(manifest, null, 2)}\n`, { mode: secretMode, flush: true });
  await syncFolder(folder);
}

function refusePostgres({ storage }: Settings): void {
  if (storage.driver === 'sqlite') return;
  throw new Refused(
    'The settings say PostgreSQL, which has backups of its own.',
    'Use pg_dump, or point-in-time recovery: docs/operations/move-and-backup.md. For a file that any database takes: npm run export.',
  );
}

async function refuseUsedTarget(folder: string): Promise<void> {
  const found = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (found.length === 0) return;
  throw new Refused(
    `${folder} is not empty.`,
    'Name a folder that is not there yet, e.g. backups/2026-08-01. A backup never replaces another one.',
  );
}

function tellWhatIsMissing({ bus, messageManager }: Settings, source: string, tell: (line: string) => void): void {
  if (messageManager.store === 'azure-tables') tell('NOT in it: the message log, which is in Azure tables.');
  if (bus.driver === 'zeromq' || existsSync(join(source, 'zeromq')))
    tell('NOT in it: the journals of ZeroMQ, with what was on its way between the services at this moment.');
  else if (bus.driver !== 'memory')
    tell(`NOT in it: what was on its way between the services at this moment (bus.driver is ${bus.driver}).`);
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
