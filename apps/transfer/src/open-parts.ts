import { resolve } from 'node:path';
import type { Settings } from '@ocpp-csms/config';
import { type MessageArchive, openMessageArchive } from '@ocpp-csms/message-manager';
import { type Log, systemClock } from '@ocpp-csms/runtime';
import { type Database, databaseOptions, openDatabase, usedElsewhere } from '@ocpp-csms/storage';
import type { PartName } from './part-names.ts';
import { isTablePart, messageDatabase, plans, type TablePart } from './parts.ts';

export interface OpenedParts {
  databases: ReadonlyMap<TablePart, Database<unknown>>;
  archive: MessageArchive | undefined;
  close(): Promise<void>;
}

export interface OpenPartsOptions {
  settings: Settings;
  parts: readonly PartName[];
  log: Log;
}

export const directoryOf = ({ data }: Settings): string => resolve(data.dir);

/** Opens the databases of these parts as their services do, and makes those that are not there. */
export async function openParts({ settings, parts, log }: OpenPartsOptions): Promise<OpenedParts> {
  const directory = directoryOf(settings);
  const where = databaseOptions(settings, directory);
  const databases = new Map<TablePart, Database<unknown>>();
  let archive: MessageArchive | undefined;
  async function close(): Promise<void> {
    await archive?.close();
    for (const database of databases.values()) await database.close();
  }
  try {
    for (const part of parts) {
      if (!isTablePart(part)) {
        archive = await openMessageArchive({ settings, log, clock: systemClock, directory });
        continue;
      }
      const { database: name, migrations } = plans[part];
      databases.set(part, await openDatabase<unknown>({ name, ...where, migrations, log }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { databases, archive, close };
}

/** The database of a part; undefined: the messages are not in one. */
export function databaseOf(part: PartName, { messageManager }: Settings): string | undefined {
  if (isTablePart(part)) return plans[part].database;
  return messageManager.store === 'database' ? messageDatabase : undefined;
}

/** Who else works with these databases, in words; to be asked before they are opened. */
export async function usersOf({ settings, parts }: Pick<OpenPartsOptions, 'settings' | 'parts'>): Promise<string[]> {
  const where = databaseOptions(settings, directoryOf(settings));
  const users: string[] = [];
  for (const part of parts) {
    const name = databaseOf(part, settings);
    const user = name === undefined ? undefined : await usedElsewhere({ name, ...where });
    if (user !== undefined) users.push(user);
  }
  return users;
}
