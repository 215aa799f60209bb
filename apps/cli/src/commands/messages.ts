import { Command } from 'commander';
import type { Context } from '../context.ts';
import { listMessages } from './messages/list.ts';
import { tailMessages } from './messages/tail.ts';

export function messages(context: Context): Command {
  return new Command('messages')
    .description('What charge points and the CSMS said to each other.')
    .helpCommand(false)
    .addCommand(listMessages(context))
    .addCommand(tailMessages(context));
}
