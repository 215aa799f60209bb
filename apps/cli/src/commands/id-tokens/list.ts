import { Command, Option } from 'commander';
import type { IdToken, UnknownIdToken } from '../../connection/answers.ts';
import { type ApiFlags, withApi } from '../../connection/connect.ts';
import type { Context } from '../../context.ts';
import { localTime } from '../../output/time.ts';
import { examples } from '../examples.ts';
import { type ListFlags, showList, withLimit } from '../lists.ts';
import { idTokenStatuses } from './statuses.ts';

interface Flags extends ApiFlags, ListFlags {
  q?: string;
  status?: string;
}

export function listIdTokens(context: Context): Command {
  const command = new Command('list')
    .description('Lists the id tokens that are known.')
    .option('--q <text>', 'a part of the id token')
    .addOption(new Option('--status <status>', 'only those that are answered with it').choices(idTokenStatuses))
    .addHelpText(
      'after',
      examples(context.calledAs, [
        ['id-tokens list', ''],
        ['id-tokens list --status Blocked', ''],
      ]),
    )
    .action(async (flags: Flags) => {
      const { q, status } = flags;
      await showList<IdToken>(
        {
          path: '/session/id-tokens',
          query: { q, status },
          nothing: `There are none. What was presented: ${context.calledAs} id-tokens unknown`,
          columns: [
            { title: 'ID TOKEN', text: ({ idToken }) => idToken },
            {
              title: 'STATUS',
              text: (token) => token.status,
              style: (token) => (token.status === 'Accepted' ? 'green' : 'red'),
            },
            { title: 'TYPE', text: ({ type = '' }) => type },
            { title: 'EXPIRES', text: ({ expiresAt }) => localTime(expiresAt) },
            { title: 'GROUP', text: ({ parentIdToken = '' }) => parentIdToken },
            { title: 'WHERE', text: ({ chargePoints }) => chargePoints.join(' '), flexible: true },
            { title: 'NOTE', text: ({ note = '' }) => note, flexible: true },
          ],
        },
        flags,
        context,
      );
    });
  return withApi(withLimit(command));
}

export function listUnknownIdTokens(context: Context): Command {
  const command = new Command('unknown')
    .description('Lists id tokens that were held to a charge point and are not known.')
    .addHelpText('after', examples(context.calledAs, [['id-tokens unknown', '']]))
    .action(async (flags: ApiFlags & ListFlags) => {
      const rows = await showList<UnknownIdToken>(
        {
          path: '/session/id-tokens/unknown',
          nothing: 'No unknown token was presented.',
          columns: [
            { title: 'ID TOKEN', text: ({ idToken }) => idToken },
            { title: 'TYPE', text: ({ type = '' }) => type },
            { title: 'LAST', text: ({ lastSeenAt }) => localTime(lastSeenAt) },
            { title: 'AT', text: ({ lastSeenAtChargePoint }) => lastSeenAtChargePoint },
            { title: 'TIMES', text: ({ count }) => String(count), right: true },
          ],
        },
        flags,
        context,
      );
      if (rows.length > 0)
        context.terminal.note(`\nTo accept one from now on: ${context.calledAs} id-tokens accept ID_TOKEN`);
    });
  return withApi(withLimit(command));
}
