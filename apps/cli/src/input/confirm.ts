import { createInterface } from 'node:readline/promises';
import type { Context } from '../context.ts';
import { wrongUsage } from '../failure.ts';

/** Rejects unless somebody says yes. Where nobody can be asked, `--yes` is needed. */
export async function confirmed(
  question: string,
  { stdin, terminal }: Pick<Context, 'stdin' | 'terminal'>,
): Promise<void> {
  if (!stdin.isTTY) throw wrongUsage(`${question} There is nobody to ask.`, 'Say --yes.');
  terminal.prompt(`${question} [y/N] `);
  const lines = createInterface({ input: stdin });
  const answer = await lines[Symbol.asyncIterator]().next();
  lines.close();
  if (!/^y(es)?$/i.test(String(answer.value ?? '').trim())) throw wrongUsage('Nothing was done.');
}
