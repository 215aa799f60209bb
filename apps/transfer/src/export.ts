import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '@ocpp-csms/config';
import type { Log } from '@ocpp-csms/runtime';
import { type EndLine, headerOf, type MessageLine, type RowLine } from './format.ts';
import { databaseOf, directoryOf, type OpenedParts, openParts, usersOf } from './open-parts.ts';
import type { PartName } from './part-names.ts';
import { isTablePart, messageService, plans } from './parts.ts';
import { createProgress, type Progress, summaryOf } from './progress.ts';
import { readTable } from './read-table.ts';
import { Refused } from './refused.ts';

export interface ExportOptions {
  settings: Settings;
  parts: readonly PartName[];
  log: Log;
  program: string;
  now: Date;
  /** For the person at the keyboard, a line each. */
  tell(line: string): void;
}

/**
 * All lines of an export as text, some at a time, as fast as they are taken. Throws `Refused` when there is nothing
 * to export, and what the databases reject with.
 */
export async function* exportEverything(options: ExportOptions): AsyncGenerator<string> {
  const { settings, log, program, now, tell } = options;
  const parts = options.parts.filter((part) => isThere(part, settings));
  if (parts.length === 0) throw nothingThere(settings);
  const users = await usersOf({ settings, parts });
  if (users.length > 0) warnOfServices(users, tell);
  const opened = await openParts({ settings, parts, log });
  const progress = createProgress(tell);
  try {
    yield lineOf(headerOf(parts, { program, now, servicesRan: users.length > 0 }));
    for (const part of parts) yield* exportPart(part, opened, progress);
    const { counts, lines } = progress;
    yield lineOf({ end: { lines, counts } } satisfies EndLine);
  } finally {
    await opened.close();
  }
  for (const line of [`${progress.lines} lines:`, ...summaryOf(progress.counts)]) tell(line);
}

/** A SQLite file is not made only to find that nothing is in it. */
function isThere(part: PartName, settings: Settings): boolean {
  const name = databaseOf(part, settings);
  if (name === undefined || settings.storage.driver !== 'sqlite') return true;
  return existsSync(join(directoryOf(settings), `${name}.sqlite`));
}

function nothingThere(settings: Settings): Refused {
  return new Refused(
    `There is nothing to export in ${directoryOf(settings)}.`,
    'Name the settings of the services with --config FILE, or their folder with CSMS_DATA_DIR.',
  );
}

function warnOfServices(users: readonly string[], tell: ExportOptions['tell']): void {
  for (const user of users) tell(`  ${user}`);
  tell(
    'SERVICES ARE RUNNING. The file will not be the picture of one moment, and what comes after it is not in it: stop the services before a move.',
  );
}

async function* exportPart(part: PartName, opened: OpenedParts, progress: Progress): AsyncGenerator<string> {
  if (!isTablePart(part)) {
    yield* exportMessages(opened, progress);
    return;
  }
  const database = opened.databases.get(part);
  const { database: service, tables } = plans[part];
  for (const table of database === undefined ? [] : tables) {
    progress.add(service, table.name, 0);
    for await (const rows of readTable(database as never, table)) {
      yield rows.map((row) => lineOf({ service, table: table.name, row } satisfies RowLine)).join('');
      progress.add(service, table.name, rows.length);
    }
  }
}

async function* exportMessages({ archive }: OpenedParts, progress: Progress): AsyncGenerator<string> {
  progress.add(messageService, 'message', 0);
  if (archive === undefined) return;
  for await (const messages of archive.read()) {
    yield messages.map((message) => lineOf({ service: messageService, message } satisfies MessageLine)).join('');
    progress.add(messageService, 'message', messages.length);
  }
}

const lineOf = (content: object): string => `${JSON.stringify(content)}\n`;
