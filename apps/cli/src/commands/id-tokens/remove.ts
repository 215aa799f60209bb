import { Command } from 'commander';
import { type ApiFlags, withApi } from '../../connection/connect.ts';
import type { Context } from '../../context.ts';
import { examples } from '../examples.ts';
import { removeEach } from '../remove-each.ts';
import { idTokenPath } from './statuses.ts';

export function removeIdTokens(context: Context): Command {
  const command = new Command('remove')
    .description('Forgets id tokens: they are unknown from now on. Their transactions stay.')
    .argument('<idTokens...>', 'as `id-tokens list` shows them')
    .addHelpText('after', examples(context.calledAs, [['id-tokens remove VISITOR-7 VISITOR-8', '']]))
    .action((idTokens: string[], flags: ApiFlags) => removeEach(idTokens, idTokenPath, flags, context));
  return withApi(command);
}
