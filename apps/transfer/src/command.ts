import { createReadStream, existsSync } from 'node:fs';
import { loadSettings, type Settings, SettingsError } from '@ocpp-csms/config';
import { createLog, describeError, type Log, version } from '@ocpp-csms/runtime';
import { Command, InvalidArgumentError } from 'commander';
import { lastLineOf, linesOf } from './lines.ts';
import { writeSecretFile, writeToStandardOutput } from './output.ts';
import { type PartName, partNames } from './part-names.ts';
import { Refused } from './refused.ts';

interface Flags {
  config?: string;
  only?: PartName[];
}
interface ExportFlags extends Flags {
  out?: string;
}
interface ImportFlags extends Flags {
  intoExisting?: boolean;
}

const exportExamples = (calledAs: string) => `
Examples:
  ${calledAs} --out everything.jsonl
  ${calledAs} --config conf.yaml --only session,device-manager --out registry.jsonl
  ${piped(calledAs)} | gzip > everything.jsonl.gz

Stop the services first: what they do meanwhile may be missing.
The file is SECRET: it holds id tokens and the digests of passwords. Only you may read it (mode 0600); keep it so.

Exit codes: 0 exported; 1 it failed; 2 wrong usage or settings, or there is nothing to export.`;

/** npm would write a line of its own before the first. */
const piped = (calledAs: string): string => calledAs.replace(/^npm run/, 'npm run --silent');

const importExamples = (calledAs: string) => `
Examples:
  ${calledAs} everything.jsonl
  CSMS_STORAGE_DRIVER=postgresql CSMS_POSTGRESQL_URL=postgresql://csms:…@db/csms ${calledAs} everything.jsonl
  zcat everything.jsonl.gz | ${calledAs} --config postgresql.yaml
  ${calledAs} --into-existing --only messages everything.jsonl

The target is what the settings say: stop its services first. Importing the same file again with --into-existing
changes nothing.

Exit codes: 0 imported; 1 it failed, and the target is not complete; 2 refused (wrong usage or settings, a file that
was cut off or is of another version, a target that is not empty or in use), and nothing was imported.`;

const configHelp = 'settings of the services; otherwise ./conf.yaml, else ./cfg/conf.yaml, else the defaults';
const onlyHelp = `parts, separated by commas: ${partNames.join(', ')}; otherwise all`;

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

/** `calledAs`: what is typed to get here, for the examples. */
export function exportCommand(calledAs: string): Command {
  return transferCommand('export')
    .description('Writes everything that the services keep, as JSON Lines: registry, tokens, transactions, messages.')
    .option('-c, --config <file>', configHelp)
    .option('-o, --out <file>', 'where it goes; otherwise, or with -, standard output')
    .option('--only <parts>', onlyHelp, partList)
    .addHelpText('after', exportExamples(calledAs))
    .action((flags: ExportFlags) => explained(runExport(flags)));
}

export function importCommand(calledAs: string): Command {
  return transferCommand('import')
    .description('Brings what `export` wrote into the databases of the settings.')
    .argument('[file]', 'the export; otherwise, or with -, standard input')
    .option('-c, --config <file>', configHelp)
    .option('--only <parts>', onlyHelp, partList)
    .option('--into-existing', 'into a target that is not empty: adds what is missing, and keeps what is there')
    .addHelpText('after', importExamples(calledAs))
    .action((file: string | undefined, flags: ImportFlags) => explained(runImport(file, flags, calledAs)));
}

const transferCommand = (name: string): Command =>
  new Command(name).exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

/** A sentence and an exit code, whatever becomes of it. */
async function explained(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    tell(explain(error));
    process.exitCode = error instanceof Refused || error instanceof SettingsError ? 2 : 1;
  }
}

async function runExport({ out, only, ...flags }: ExportFlags): Promise<void> {
  if (out === undefined && process.stdout.isTTY)
    throw new Refused('This would be shown on the terminal, and it is secret.', 'Name a file: --out FILE.');
  const { exportEverything } = await import('./export.ts');
  const lines = exportEverything({ ...common(flags), parts: only ?? partNames, now: new Date() });
  if (out === undefined || out === '-') await writeToStandardOutput(lines);
  else await writeSecretFile(out, lines);
  if (out !== undefined && out !== '-')
    tell(`Written to ${out}. It is secret: id tokens and digests of passwords are in it.`);
}

async function runImport(
  file: string | undefined,
  { only, intoExisting = false, ...flags }: ImportFlags,
  calledAs: string,
): Promise<void> {
  const path = file === '-' ? undefined : file;
  if (path === undefined && process.stdin.isTTY)
    throw new Refused('There is nothing to import.', `Name a file, or pipe one in; ${calledAs} --help has examples.`);
  if (path !== undefined && !existsSync(path))
    throw new Refused(`There is no file ${path}.`, 'Name the file to import.');
  // Loaded when it is used: the services are large, and --help is not to wait for them.
  const { importEverything } = await import('./import.ts');
  await importEverything({
    ...common(flags),
    parts: only ?? partNames,
    intoExisting,
    lines: linesOf(path === undefined ? process.stdin : createReadStream(path)),
    ...(path === undefined ? {} : { lastLine: await lastLineOf(path) }),
  });
}

function common({ config }: Flags): { settings: Settings; log: Log; program: string; tell: typeof tell } {
  const { settings } = loadSettings({ file: config, env: process.env, cwd: process.cwd() });
  const { storage, data } = settings;
  tell(
    `Settings: ${config ?? 'as the services find them'}; ${storage.driver === 'sqlite' ? `SQLite in ${data.dir}` : 'PostgreSQL'}`,
  );
  // Warnings and errors of the databases, beside what is told here; the standard output is for the lines.
  const log = createLog({
    service: 'transfer',
    settings: { ...settings.log, dir: '', level: 'warn' },
    destination: { write: (line) => void process.stderr.write(line) },
  });
  return { settings, log, program: version, tell };
}

function partList(text: string): PartName[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !partNames.includes(name as PartName));
  if (unknown.length > 0) throw new InvalidArgumentError(`${unknown.join(', ')}: choose from ${partNames.join(', ')}.`);
  return partNames.filter((part) => names.includes(part));
}

/** A sentence for what is expected to go wrong, a stack for a bug. */
function explain(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'EPIPE')
    return 'What the export was piped into ended before it was complete.';
  if (error instanceof Error && (error.name === 'StorageUnavailable' || 'transient' in error)) return error.message;
  return describeError(error);
}
