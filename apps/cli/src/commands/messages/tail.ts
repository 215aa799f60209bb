import { Command, InvalidArgumentError } from 'commander';
import type { LoggedMessage } from '../../connection/answers.ts';
import { connect, withApi } from '../../connection/connect.ts';
import { followMessages } from '../../connection/follow-messages.ts';
import type { Context } from '../../context.ts';
import { jsonLine } from '../../output/json.ts';
import { messageLine } from '../../output/message-line.ts';
import { examples } from '../examples.ts';
import { type FilterFlags, queryOf, withFilter } from './filter.ts';
import { newest } from './list.ts';

interface Flags extends FilterFlags {
  lines: number;
}

const defaultLines = 10;
const mostLines = 1000;

export function tailMessages(context: Context): Command {
  const command = withFilter(new Command('tail'))
    .description(
      'Shows messages as they come, until Ctrl-C. A connection that is lost is made again, and nothing is left out.',
    )
    .option('-n, --lines <number>', 'of those that were before, at most 1000', lineCount, defaultLines)
    .addHelpText(
      'after',
      examples(context.calledAs, [
        ['messages tail --client CP001', ''],
        ['messages tail --errors', ''],
        ['messages tail --action StatusNotification -n 0', 'only what comes from now on'],
        ["messages tail --json | jq -c 'select(.latencyMs > 1000)'", 'a JSON object a line'],
      ]),
    )
    .action(async (flags: Flags) => {
      const api = await connect(flags, context);
      const { terminal, now } = context;
      const query = queryOf(flags);
      const show = (message: LoggedMessage) =>
        terminal.out(flags.json ? jsonLine(message) : `${messageLine(message, terminal, now())}\n`);
      let lastId: string | undefined;
      for await (const message of flags.lines === 0 ? [] : newest(api, query, flags.lines)) {
        lastId = message.id;
        await show(message);
      }
      for await (const message of followMessages(api, query, { lastId, note: terminal.note })) await show(message);
    });
  return withApi(command);
}

const lineCount = (text: string): number => {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0 || count > mostLines)
    throw new InvalidArgumentError(`It must be a whole number from 0 to ${mostLines}.`);
  return count;
};
