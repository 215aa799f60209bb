import { Command } from 'commander';
import type { IdToken } from '../../connection/answers.ts';
import { type ApiFlags, connect, withApi } from '../../connection/connect.ts';
import type { Context } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { Failure } from '../../failure.ts';
import { examples } from '../examples.ts';
import { showIdToken } from './show.ts';
import { idTokenPath } from './statuses.ts';

export function blockIdToken(context: Context): Command {
  const command = new Command('block')
    .description('Refuses an id token from now on. What it charges at the moment goes on.')
    .argument('<idToken>', 'as `id-tokens list` shows it')
    .addHelpText('after', examples(context.calledAs, [['id-tokens block 04A2B3C4D5E6F7', 'a lost card']]))
    .action(async (idToken: string, flags: ApiFlags) => {
      const body = { status: 'Blocked' };
      const token: IdToken = await (await connect(flags, context)).send('PATCH', idTokenPath(idToken), { body });
      await showIdToken(token, flags, context);
    });
  return withApi(command);
}

export function acceptIdToken(context: Context): Command {
  const command = new Command('accept')
    .description('Accepts an id token that was refused as unknown, or that was blocked.')
    .argument('<idToken>', 'as `id-tokens unknown` or `id-tokens list` shows it')
    .addHelpText(
      'after',
      examples(context.calledAs, [['id-tokens accept 04A2B3C4D5E6F7', 'the card that was just held to it']]),
    )
    .action(async (idToken: string, flags: ApiFlags) => {
      const api = await connect(flags, context);
      const accepted = { body: { status: 'Accepted' } };
      const token = await api.send<IdToken>('PATCH', idTokenPath(idToken), accepted).catch((error: unknown) => {
        if (!(error instanceof Failure) || error.exitCode !== exitCodes.notFound) throw error;
        // Not known: it is added, in the way in which it was presented.
        return api.send<IdToken>('POST', `/session/id-tokens/unknown/${encodeURIComponent(idToken)}/accept`);
      });
      await showIdToken(token, flags, context);
    });
  return withApi(command);
}
