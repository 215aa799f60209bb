import { loadSettings, type Settings, SettingsError } from '@ocpp-csms/config';
import { describeError, version } from '@ocpp-csms/runtime';
import { Command } from 'commander';
import { Refused } from './refused.ts';

interface Flags {
  config?: string;
}

const backupExamples = `
Examples:
  npm run backup -- backups/2026-08-01
  npm run backup -- --config conf.yaml /mnt/backup/csms-monday

The services may run: each database is copied as it is at one moment, and nobody waits meanwhile.
The folder is SECRET: it holds id tokens, the digests of passwords and the admin key. Only you may read it; keep it so.

Exit codes: 0 the backup is complete; 1 it failed; 2 refused (wrong usage or settings, a folder that is not empty).
After anything but 0 there is no folder of this name.`;

const restoreExamples = `
Examples:
  npm run restore -- backups/2026-08-01
  CSMS_DATA_DIR=/srv/csms-restored npm run restore -- /mnt/backup/csms-monday

The target is the data folder of the settings. It must have no data; stop the services first.
What happened after the backup is not there any more: docs/operations/move-and-backup.md.

Exit codes: 0 restored; 1 it failed; 2 refused (wrong usage or settings, no whole backup, one of a newer version, a
target that has data or is in use), and nothing was changed.`;

const configHelp = 'settings of the services; otherwise ./conf.yaml, else ./cfg/conf.yaml, else the defaults';
const tell = (line: string): void => void process.stderr.write(`${line}\n`);

const program = new Command('npm run')
  .description('Backs up the SQLite databases of a running system, and brings them back.')
  .version(version)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

program
  .command('backup')
  .usage('-- [options] <target>')
  .description('Copies all databases to a new folder, while the services run.')
  .argument('<target>', 'a folder that is not there yet')
  .option('-c, --config <file>', configHelp)
  .addHelpText('after', backupExamples)
  .action(runBackup);

program
  .command('restore')
  .usage('-- [options] <source>')
  .description('Brings what `npm run backup` wrote to an empty data folder.')
  .argument('<source>', 'the folder of the backup')
  .option('-c, --config <file>', configHelp)
  .addHelpText('after', restoreExamples)
  .action(runRestore);

async function runBackup(target: string, flags: Flags): Promise<void> {
  const settings = settingsOf(flags);
  // Loaded when it is used: the services are large, and --help is not to wait for them.
  const { takeBackup } = await import('./take-backup.ts');
  tell(`Backing up ${settings.data.dir} …`);
  await takeBackup({ settings, target, program: version, now: new Date(), tell });
  tell(`The backup is complete: ${target}. It is secret: id tokens, digests of passwords and the admin key are in it.`);
}

async function runRestore(source: string, flags: Flags): Promise<void> {
  const settings = settingsOf(flags);
  const { restoreBackup } = await import('./restore-backup.ts');
  const { takenAt, program: taker } = await restoreBackup({ settings, source, program: version, tell });
  tell(`Restored to ${settings.data.dir}, as it was at ${takenAt} (version ${taker}). Start the services.`);
}

function settingsOf({ config }: Flags): Settings {
  return loadSettings({ ...(config === undefined ? {} : { file: config }), env: process.env, cwd: process.cwd() })
    .settings;
}

/** A sentence for what is expected to go wrong, a stack for a bug. */
function explain(error: unknown): string {
  if (error instanceof Error && 'transient' in error) return error.message;
  return describeError(error);
}

for (const command of program.commands) command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

try {
  await program.parseAsync();
} catch (error) {
  tell(explain(error));
  process.exitCode = error instanceof Refused || error instanceof SettingsError ? 2 : 1;
}
