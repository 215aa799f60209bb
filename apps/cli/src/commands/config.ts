import { exampleYaml, loadSettings, maskSecrets, SettingsError, settingsYaml } from '@ocpp-csms/config';
import { Command } from 'commander';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { jsonDocument } from '../output/json.ts';
import { printableLines } from '../output/printable.ts';
import { examples } from './examples.ts';

interface CheckFlags {
  config?: string;
  show?: boolean;
  json?: boolean;
}

export function config(context: Context): Command {
  const command = new Command('config')
    .description('Checks the settings, or shows all that there are.')
    .helpCommand(false);
  command.addCommand(check(context));
  command.addCommand(example(context));
  return command;
}

function check(context: Context): Command {
  return new Command('check')
    .description('Tells everything that is wrong with the settings at once, with where it is from.')
    .option('-c, --config <file>', 'settings; otherwise ./conf.yaml, else ./cfg/conf.yaml, else the defaults')
    .option('--show', 'shows the settings as they are now, environment included, without secrets')
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      examples(context.calledAs, [
        ['config check', 'what `start` would find here'],
        ['config check --config /etc/ocpp-csms/conf.yaml --show', ''],
        ['config check --json', '{ "ok": …, "problems": […] }'],
      ]),
    )
    .action((flags: CheckFlags) => runCheck(flags, context));
}

async function runCheck({ config: file, show, json }: CheckFlags, { terminal, env, cwd }: Context): Promise<void> {
  try {
    const loaded = loadSettings({ file, env, cwd });
    const { source, settings } = loaded;
    if (json) {
      const shown = show ? { settings: maskSecrets(settings) } : {};
      await terminal.out(jsonDocument({ ok: true, source, problems: [], ...shown }));
    } else if (show) await terminal.out(settingsYaml(loaded));
    else await terminal.out(`${terminal.paint('green', '✓')} The settings are in order (${source}).\n`);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    if (json) await terminal.out(jsonDocument({ ok: false, source: error.source, problems: error.problems }));
    else await terminal.out(`${terminal.paint('red', '✗')} ${printableLines(error.message)}\n${error.advice}\n`);
    process.exitCode = exitCodes.failed;
  }
}

function example({ calledAs, terminal }: Context): Command {
  return new Command('example')
    .description('All settings with their defaults and what they mean, as a file to begin with.')
    .addHelpText('after', examples(calledAs, [['config example > conf.yaml', 'everything in it is commented out']]))
    .action(() => terminal.out(exampleYaml()));
}
