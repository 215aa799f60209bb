import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { databases, fileOf } from './databases.ts';
import { Refused } from './refused.ts';

export const manifestFile = 'backup.json';
export const format = 'ocpp-csms backup';
export const formatVersion = 1;

export interface BackedUpFile {
  name: string;
  bytes: number;
  sha256: string;
  /** Of a database: what was applied to it, in order. */
  migrations?: readonly string[];
}

/** `backup.json`, written last: a folder that has it is complete. */
export interface Manifest {
  format: typeof format;
  formatVersion: number;
  /** The version of ocpp-csms that took it. */
  program: string;
  takenAt: string;
  files: readonly BackedUpFile[];
}

/** Throws `Refused` for a folder that is no backup, or one that this version cannot read. */
export async function readManifest(folder: string, program: string): Promise<Manifest> {
  const path = join(folder, manifestFile);
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Refused(
      `${folder} is not a backup: it has no ${manifestFile}.`,
      'Name the folder that `npm run backup` wrote. One that was interrupted has a name that ends in .part, and is of no use.',
    );
  });
  const manifest = parse(text);
  if (manifest === undefined)
    throw new Refused(`${path} is damaged.`, 'Take another backup, or copy this one again from where it is kept.');
  refuseNewer(manifest, program);
  return manifest;
}

function parse(text: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(text);
    return manifest.format === format && Array.isArray(manifest.files) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

function refuseNewer({ formatVersion: version, program: taker, files }: Manifest, program: string): void {
  const known = new Set(databases.flatMap((database) => database.migrations.map(({ name }) => name)));
  const later = files.flatMap(({ migrations = [] }) => migrations.filter((name) => !known.has(name)));
  const names = new Set(databases.map(fileOf));
  const strangers = files.filter(({ name, migrations }) => migrations !== undefined && !names.has(name));
  if (version <= formatVersion && later.length === 0 && strangers.length === 0) return;
  throw new Refused(
    `The backup was taken by version ${taker}, which is newer than this one (${program}).`,
    `Restore it with version ${taker} or a newer one.`,
  );
}
