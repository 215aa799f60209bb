import { Command } from 'commander';
import type { LoggedMessage } from '../../connection/answers.ts';
import type { Api, Query } from '../../connection/api.ts';
import { connect, withApi } from '../../connection/connect.ts';
import { listing } from '../../connection/pages.ts';
import type { Context } from '../../context.ts';
import { messageLine } from '../../output/message-line.ts';
import { examples } from '../examples.ts';
import { type ListFlags, withLimit, writeArray } from '../lists.ts';
import { timeOf } from '../option-values.ts';
import { type FilterFlags, queryOf, withFilter } from './filter.ts';

interface Flags extends FilterFlags, ListFlags {
  from?: string;
  to?: string;
}

const path = '/message-manager/messages';

export function listMessages(context: Context): Command {
  const { calledAs, now, terminal } = context;
  const time = (text: string) => timeOf(text, now(), 'ago');
  const command = withFilter(new Command('list'))
    .description('Lists messages, each CALL with its answer: the newest of them, the oldest first.')
    .option('--from <time>', 'at this time or later: 2026-01-31, "2026-01-31 14:00", 2h, 7d', time)
    .option('--to <time>', 'before this time', time)
    .addHelpText(
      'after',
      examples(calledAs, [
        ['messages list --client CP001', ''],
        ['messages list --client CP001 --action StatusNotification --from 1d', ''],
        ['messages list --errors --from 2h --all', 'everything that went wrong in two hours'],
        ['messages list --client CP001 --all --json > CP001.json', ''],
      ]),
    )
    .action(async (flags: Flags) => {
      const { from, to, json, limit, all } = flags;
      const api = await connect(flags, context);
      const query = { ...queryOf(flags), from, to };
      const items = all ? everything(api, query) : newest(api, query, limit);
      if (json) return writeArray(items, terminal.out);
      let count = 0;
      for await (const message of items) {
        count++;
        await terminal.out(`${messageLine(message, terminal, now())}\n`);
      }
      if (count === 0) terminal.note('There are none.');
      if (!all && count === limit) terminal.note(`… the newest ${limit}: --limit ${limit * 10}, or --all`);
    });
  return withApi(withLimit(command));
}

const everything = (api: Api, query: Query): AsyncGenerator<LoggedMessage> =>
  listing<LoggedMessage>(api, path, { ...query, order: 'asc' }, Number.POSITIVE_INFINITY).items;

/** The newest so many, in the order in which they came. */
export async function* newest(api: Api, query: Query, limit: number): AsyncGenerator<LoggedMessage> {
  const found: LoggedMessage[] = [];
  for await (const message of listing<LoggedMessage>(api, path, { ...query, order: 'desc' }, limit).items)
    found.push(message);
  yield* found.reverse();
}
