import { Command } from 'commander';
import type { Context } from '../context.ts';
import { acceptIdToken, blockIdToken } from './id-tokens/accept-block.ts';
import { addIdToken } from './id-tokens/add.ts';
import { listIdTokens, listUnknownIdTokens } from './id-tokens/list.ts';
import { removeIdTokens } from './id-tokens/remove.ts';

export function idTokens(context: Context): Command {
  const parts = [listIdTokens, addIdToken, blockIdToken, removeIdTokens, listUnknownIdTokens, acceptIdToken];
  const command = new Command('id-tokens')
    .description('Cards and other tokens, and who may charge.')
    .helpCommand(false);
  for (const part of parts) command.addCommand(part(context));
  return command;
}
