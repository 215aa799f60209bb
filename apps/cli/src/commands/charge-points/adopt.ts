import { Command, Option } from 'commander';
import type { CreatedChargePoint, RefusedConnection } from '../../connection/answers.ts';
import { type ApiFlags, connect, withApi } from '../../connection/connect.ts';
import type { Context } from '../../context.ts';
import { readPassword } from '../../input/password.ts';
import { localTime } from '../../output/time.ts';
import { examples } from '../examples.ts';
import { type ListFlags, showList, withLimit } from '../lists.ts';
import { showCreated } from './created.ts';

interface AdoptFlags extends ApiFlags {
  name?: string;
  securityProfile?: string;
  password?: boolean;
  replaceCredentials?: boolean;
}

export function listRefused(context: Context): Command {
  const command = new Command('refused')
    .description('Lists charge points that were turned away, why, and what to do about it.')
    .addHelpText('after', examples(context.calledAs, [['charge-points refused', '']]))
    .action(async (flags: ApiFlags & ListFlags) => {
      const rows = await showList<RefusedConnection>(
        {
          path: '/device-manager/refused-connections',
          nothing: 'Nobody was refused.',
          columns: [
            { title: 'CHARGE POINT', text: ({ networkId }) => networkId },
            { title: 'LAST', text: ({ lastAt }) => localTime(lastAt) },
            { title: 'TIMES', text: ({ count }) => String(count), right: true },
            { title: 'FROM', text: ({ remoteAddress }) => remoteAddress ?? '' },
            { title: 'WHY', text: ({ words }) => words, flexible: true },
            { title: 'WHAT TO DO', text: ({ whatToDo }) => whatToDo, flexible: true },
          ],
        },
        flags,
        context,
      );
      if (rows.some(({ adoptable }) => adoptable))
        context.terminal.note(`\nTo let one in: ${context.calledAs} charge-points adopt NETWORK_ID`);
    });
  return withApi(withLimit(command));
}

export function adoptChargePoint(context: Context): Command {
  const command = new Command('adopt')
    .description(
      'Registers a charge point that was refused, with the password that it offered. It comes back by itself.',
    )
    .argument('<networkId>', 'its OCPP identity, as `charge-points refused` shows it')
    .option('--name <name>', 'for people')
    .option('--password', 'another password than it offered: asked for, or the first line of the standard input')
    .addOption(new Option('--security-profile <profile>', 'otherwise by what it offered').choices(['0', '1', '2', '3']))
    .option('--replace-credentials', 'one that is registered already gets the password that it offers now')
    .addHelpText(
      'after',
      examples(context.calledAs, [
        ['charge-points adopt CP001', ''],
        ['charge-points adopt CP001 --name "Car park, left"', ''],
        ['charge-points adopt CP001 --replace-credentials', 'its password was changed on site'],
      ]),
    )
    .action(async (networkId: string, flags: AdoptFlags) => {
      const { name, securityProfile, replaceCredentials } = flags;
      const body = {
        ...(name === undefined ? {} : { name }),
        ...(securityProfile === undefined ? {} : { securityProfile: Number(securityProfile) }),
        ...(flags.password ? { password: await readPassword(context) } : {}),
        ...(replaceCredentials ? { replaceCredentials } : {}),
      };
      const path = `/device-manager/refused-connections/${encodeURIComponent(networkId)}/adopt`;
      const adopted: CreatedChargePoint = await (await connect(flags, context)).send('POST', path, { body });
      await showCreated(adopted, flags, context);
    });
  return withApi(command);
}
