import { describeError } from '@ocpp-csms/runtime/errors';
import { type Command, CommanderError } from 'commander';
import { completing } from './completion/scripts.ts';
import type { Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { Failure } from './failure.ts';
import { jsonLine } from './output/json.ts';
import { printableLines } from './output/printable.ts';
import { createProgram } from './program.ts';

/** The whole program. Sets the exit code of the process; whoever has something to wait for keeps it alive. */
export async function run(context: Context): Promise<void> {
  const [name, ...words] = context.args;
  if (name === completing) {
    const { complete } = await import('./completion/complete.ts');
    return complete(words, context);
  }
  const program = await createProgram(context);
  prepare(program, context);
  try {
    await program.parseAsync(context.args, { from: 'user' });
  } catch (error) {
    process.exitCode = report(error, context);
  }
}

/** Wrong usage ends in one place, with one exit code. */
function prepare(command: Command, context: Context): void {
  if (!hasOwnExit(command)) command.exitOverride();
  command.showHelpAfterError(`(${context.calledAs} ${pathOf(command)}--help has examples)`);
  for (const child of command.commands) prepare(child, context);
}

/** `simulate`, `export` and `import` have exit codes of their own. */
const hasOwnExit = (command: Command): boolean =>
  command.parent?.parent === null && ['simulate', 'export', 'import'].includes(command.name());

function pathOf(command: Command): string {
  return command.parent === null ? '' : `${pathOf(command.parent)}${command.name()} `;
}

function report(error: unknown, { args, terminal }: Context): number {
  // Commander has said what is wrong, or shown the help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  const exitCode = exitCodeOf(error);
  if (args.includes('--json')) {
    const { message, advice, details } = partsOf(error);
    terminal.note(jsonLine({ error: { message, advice, exitCode, ...details } }).trimEnd());
  } else {
    const text =
      error instanceof Failure ? [error.message, error.advice ?? ''].join('\n').trimEnd() : describeError(error);
    terminal.note(printableLines(text));
  }
  return exitCode;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Failure) return error.exitCode;
  return error instanceof Error && error.name === 'SettingsError' ? exitCodes.usage : exitCodes.failed;
}

function partsOf(error: unknown): { message: string; advice?: string | undefined; details?: object } {
  if (error instanceof Failure) return error;
  if (error instanceof Error && 'advice' in error) return { message: error.message, advice: String(error.advice) };
  return { message: describeError(error) };
}
