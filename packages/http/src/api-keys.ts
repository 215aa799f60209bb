import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '@ocpp-csms/config';
import { type Log, StartupError } from '@ocpp-csms/runtime';

/** From the least to the most. */
export const roles = ['read-only', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

export interface Caller {
  name: string;
  role: Role;
}

/** A key without the key itself. */
export interface KnownKey {
  caller: Caller;
  digest: Buffer;
}

export interface ApiKeys {
  /** Who this key belongs to. Takes the same time for every wrong key. */
  verify(key: string): Caller | undefined;
  /** As `verify`. */
  find(key: string): KnownKey | undefined;
  /** All of them, that of the first start at the head. */
  known: readonly KnownKey[];
  /** Set at the first start only: to be shown once. */
  createdAdminKey?: string;
  adminKeyFile: string;
}

export interface ApiKeysOptions {
  dataDir: string;
  configured: Settings['http']['apiKeys'];
  log?: Log;
}

/**
 * The configured keys and the admin key in `<data folder>/admin.key`, which the first start makes.
 * Throws `StartupError` when the file is not a key, and the system's error when it cannot be read or written.
 */
export async function createApiKeys({ dataDir, configured, log }: ApiKeysOptions): Promise<ApiKeys> {
  const adminKeyFile = join(dataDir, 'admin.key');
  await mkdir(dataDir, { recursive: true });
  const createdAdminKey = await createAdminKey(adminKeyFile);
  const adminKey = createdAdminKey ?? (await readAdminKey(adminKeyFile, log));

  const known: KnownKey[] = [{ name: 'admin', role: 'admin' as const, key: adminKey }, ...configured].map(
    ({ name, role, key }) => ({
      caller: { name, role },
      digest: digestOf(key),
    }),
  );
  function find(key: string): KnownKey | undefined {
    const digest = digestOf(key);
    let found: KnownKey | undefined;
    for (const candidate of known) {
      if (timingSafeEqual(candidate.digest, digest)) found = candidate;
    }
    return found;
  }
  return {
    known,
    find,
    verify: (key) => find(key)?.caller,
    ...(createdAdminKey !== undefined && { createdAdminKey }),
    adminKeyFile,
  };
}

const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** The new key, or undefined when there is one already. Never leaves half a key under the name. */
async function createAdminKey(file: string): Promise<string | undefined> {
  if (await exists(file)) return undefined;
  const key = `csms_${randomBytes(32).toString('base64url')}`;
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeDurably(draft, `${key}\n`);
  try {
    return (await putInPlace(draft, file)) ? key : undefined;
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** False when another process of ours was faster: its key counts. */
async function putInPlace(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    // Some file systems (FAT, network shares) have no links.
    await rename(draft, file);
    return true;
  }
}

async function readAdminKey(file: string, log: Log | undefined): Promise<string> {
  const key = (await readFile(file, 'utf8')).trim();
  if (key.length < 20 || /\s/.test(key)) {
    throw new StartupError(
      `${file} does not hold an admin key (one line of at least 20 characters).`,
      'Put the key back, or delete the file: the next start makes a new key and prints it.',
    );
  }
  const { mode } = await stat(file);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    log?.warn(`${file} can be read by other users of this machine; run: chmod 600 ${file}`);
  }
  return key;
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
