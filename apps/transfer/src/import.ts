import type { Settings } from '@ocpp-csms/config';
import type { Log } from '@ocpp-csms/runtime';
import {
  checkMigrations,
  type EndLine,
  type Header,
  type Line,
  type MessageLine,
  parseObject,
  type RowLine,
  readHeader,
} from './format.ts';
import { createLoader, type Loader } from './loader.ts';
import { directoryOf, type OpenedParts, openParts, usersOf } from './open-parts.ts';
import type { PartName } from './part-names.ts';
import { isTablePart, partOf, plans, serviceOf } from './parts.ts';
import { createProgress, summaryOf } from './progress.ts';
import { isTableEmpty } from './read-table.ts';
import { Broken, Refused } from './refused.ts';

export interface ImportOptions {
  settings: Settings;
  /** Of those that are in the file. */
  parts: readonly PartName[];
  /** Adds to what is there, and keeps it. */
  intoExisting: boolean;
  lines: AsyncIterable<string, undefined>;
  /** Of a file; absent where it is not known before, from a pipe. */
  lastLine?: string;
  log: Log;
  program: string;
  /** For the person at the keyboard, a line each. */
  tell(line: string): void;
}

/**
 * Brings the lines of an export into the databases of the settings. Rejects with `Refused` when nothing was written,
 * else with `Broken` or with what the databases reject with.
 */
export async function importEverything({ lines, ...options }: ImportOptions): Promise<void> {
  const iterator = lines[Symbol.asyncIterator]();
  try {
    await importLines(iterator, options);
  } finally {
    // What is not read to its end, such as a pipe, would keep the process.
    await iterator.return?.();
  }
}

async function importLines(
  lines: AsyncIterator<string, undefined>,
  options: Omit<ImportOptions, 'lines'>,
): Promise<void> {
  const { settings, program, tell, log } = options;
  const header = readHeader((await lines.next()).value, program);
  const parts = options.parts.filter((part) => header.parts.includes(part));
  if (parts.length === 0)
    throw new Refused(
      `The file has nothing of ${options.parts.join(', ')}: it has ${header.parts.join(', ')}.`,
      'Name other parts with --only, or leave it out.',
    );
  checkMigrations(header, parts, program);
  checkEnd(options.lastLine);
  await refuseUsers(settings, parts);
  tellOrigin(header, tell);
  const opened = await openParts({ settings, parts, log });
  try {
    if (!options.intoExisting) await refuseFilled(opened, settings);
    const loader = await createLoader(opened, createProgress(tell));
    const isOurs = (service: string) => parts.some((part) => serviceOf(part) === service);
    await load({ [Symbol.asyncIterator]: () => lines }, { loader, isOurs }).catch(explainHalf);
    for (const line of ['Imported:', ...summaryOf(loader.progress.counts), ...(await loader.kept())]) tell(line);
  } finally {
    await opened.close();
  }
}

const cutOff = 'The file was cut off: its last line, with the counts, is not there.';

function checkEnd(lastLine: string | undefined): void {
  if (lastLine === undefined || 'end' in (parseObject(lastLine) ?? {})) return;
  throw new Refused(cutOff, 'Nothing was imported. Copy the file again and compare its size, or export again.');
}

async function refuseUsers(settings: Settings, parts: readonly PartName[]): Promise<void> {
  const users = await usersOf({ settings, parts });
  if (users.length === 0) return;
  throw new Refused(
    `Services are running on the target:\n${users.map((user) => `  ${user}`).join('\n')}`,
    'Stop them, and what else has it open (a shell, a backup), and try again. They may be started when the import is done.',
  );
}

function tellOrigin({ program, createdAt, servicesRan }: Header, tell: ImportOptions['tell']): void {
  tell(`The file was written by ocpp-csms ${program} at ${createdAt}.`);
  if (servicesRan === true)
    tell('SERVICES RAN while it was written: what charge points said afterwards is not in it. Not for a move.');
}

async function refuseFilled({ databases, archive }: OpenedParts, settings: Settings): Promise<void> {
  const filled: string[] = [];
  for (const [part, database] of databases) {
    const { database: service, tables } = plans[part];
    for (const { name, startsFilled } of tables)
      if (startsFilled !== true && !(await isTableEmpty(database, name))) filled.push(`${service} ${name}`);
  }
  if (archive !== undefined && !(await archive.isEmpty())) filled.push('the message log');
  if (filled.length === 0) return;
  const where = settings.storage.driver === 'sqlite' ? directoryOf(settings) : 'the database of postgresql.url';
  throw new Refused(
    `The target is not empty: there are rows in ${filled.join(', ')} (${where}).`,
    'Import into an empty one; or add to it with --into-existing, which keeps what is there. After an import that ended halfway, --into-existing completes it.',
  );
}

interface LoadOptions {
  loader: Loader;
  isOurs(service: string): boolean;
}

/** Every line is counted, also those of parts that are not wanted. */
async function load(lines: AsyncIterable<string>, { loader, isOurs }: LoadOptions): Promise<void> {
  let number = 1;
  let counted = 0;
  let end: EndLine['end'] | undefined;
  for await (const text of lines) {
    number += 1;
    if (text === '') continue;
    const line = parseObject(text) as Line | undefined;
    if (line === undefined || end !== undefined) throw end === undefined ? unreadable(number) : afterEnd(number);
    if ('end' in line) end = line.end;
    else {
      counted += 1;
      if (isOurs(line.service)) await loader.add(checked(line, number));
    }
  }
  await loader.finish();
  if (end === undefined) throw new Broken(cutOff, incompleteAdvice);
  if (end.lines !== counted)
    throw new Broken(`The file is not whole: it has ${counted} rows and should have ${end.lines}.`, incompleteAdvice);
}

const incompleteAdvice =
  'THE TARGET IS NOT COMPLETE: do not start services on it. Export again, and import with --into-existing or into an empty database.';

/** A database that goes away in between: what to do with the half is the same. */
function explainHalf(error: unknown): never {
  if (error instanceof Refused || error instanceof Broken) throw error;
  const reason = error instanceof Error ? error.message : String(error);
  throw new Broken(reason, incompleteAdvice, { cause: error });
}

const unreadable = (number: number) =>
  new Broken(`Line ${number} is not a JSON object: the file is damaged or was cut off.`, incompleteAdvice);
const afterEnd = (number: number) =>
  new Broken(`Line ${number} comes after the last: two files in one?`, incompleteAdvice);

function checked(line: RowLine | MessageLine, number: number): RowLine | MessageLine {
  const part = partOf(line.service);
  const isWhole =
    'message' in line
      ? part === 'messages' && typeof line.message?.id === 'string' && typeof line.message.body === 'object'
      : part !== undefined &&
        isTablePart(part) &&
        typeof line.row === 'object' &&
        plans[part].tables.some(({ name }) => name === line.table);
  if (isWhole) return line;
  throw new Broken(`Line ${number} is neither a row of a table that is known nor a message.`, incompleteAdvice);
}
