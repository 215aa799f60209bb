import { loadSettings, SettingsError } from '@ocpp-csms/config';
import { Command } from 'commander';
import type { Context } from '../context.ts';
import { type Finding, failed, ok, type Status, skipped } from '../doctor/check.ts';
import { exitCodes } from '../exit-codes.ts';
import { jsonDocument } from '../output/json.ts';
import { printable } from '../output/printable.ts';
import type { Style, Terminal } from '../output/terminal.ts';
import { padded } from '../output/text-width.ts';
import { examples } from './examples.ts';
import { positiveNumber } from './option-values.ts';

interface Flags {
  config?: string;
  timeout: number;
  json?: boolean;
}

const signs: Readonly<Record<Status, { sign: string; style: Style }>> = {
  ok: { sign: '✓', style: 'green' },
  warning: { sign: '!', style: 'yellow' },
  failed: { sign: '✗', style: 'red' },
  skipped: { sign: '·', style: 'dim' },
};

export function doctor(context: Context): Command {
  return new Command('doctor')
    .description(
      'Looks at everything that the system needs here, and says what to do about what is not right. Changes nothing.',
    )
    .option('-c, --config <file>', 'settings; otherwise ./conf.yaml, else ./cfg/conf.yaml, else the defaults')
    .option('--timeout <seconds>', 'how long a server may take to answer', positiveNumber, 5)
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      examples(
        context.calledAs,
        [
          ['doctor', 'before the first start, and when something is wrong'],
          ['doctor --config /etc/ocpp-csms/conf.yaml', ''],
          ['doctor --json', '{ "ok": …, "findings": […] }'],
        ],
        `Run it as the user, and in the place, that the system runs in: rights and limits are those of whoever asks.
✓ good; ! works, but look at it; ✗ has to be put right; · nothing to look at.`,
      ),
    )
    .action((flags: Flags) => run(flags, context));
}

async function run(flags: Flags, context: Context): Promise<void> {
  const { terminal } = context;
  const findings: Finding[] = [];
  for await (const finding of findingsOf(flags, context)) {
    findings.push(finding);
    if (!flags.json) await terminal.out(shown(finding, terminal));
  }
  const count = (status: Status) => findings.filter((finding) => finding.status === status).length;
  const isWell = count('failed') === 0;
  if (flags.json) await terminal.out(jsonDocument({ ok: isWell, findings }));
  else await terminal.out(`\n${summary(count('failed'), count('warning'))}\n`);
  if (!isWell) process.exitCode = exitCodes.failed;
}

async function* findingsOf({ config, timeout }: Flags, { env, cwd, now }: Context): AsyncGenerator<Finding> {
  try {
    const { settings, source } = loadSettings({ file: config, env, cwd });
    yield ok('settings', source);
    const { examine } = await import('../doctor/examine.ts');
    yield* examine({ settings, env, now: () => now().getTime(), timeoutMs: timeout * 1000 });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    for (const problem of error.problems) yield failed('settings', `${error.source}: ${problem}`, error.advice);
    yield skipped('all else', 'is looked at when the settings are right');
  }
}

const nameWidth = 24;

function shown({ name, status, words, todo }: Finding, terminal: Terminal): string {
  const { sign, style } = signs[status];
  const text = `${padded(name, nameWidth)} ${printable(words)}`;
  const line = `${terminal.paint(style, sign)} ${status === 'skipped' ? terminal.paint('dim', text) : text}\n`;
  return todo === undefined ? line : `${line}  ${' '.repeat(nameWidth)} → ${printable(todo)}\n`;
}

function summary(failures: number, warnings: number): string {
  const parts = [
    failures === 0 ? '' : `${failures} ${failures === 1 ? 'thing has' : 'things have'} to be put right (✗)`,
    warnings === 0 ? '' : `${warnings} to look at (!)`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'All is well.' : `${parts.join(', ')}.`;
}
