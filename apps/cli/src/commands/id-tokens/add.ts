import { Command, Option } from 'commander';
import type { IdToken } from '../../connection/answers.ts';
import { type ApiFlags, connect, withApi } from '../../connection/connect.ts';
import type { Context } from '../../context.ts';
import { examples } from '../examples.ts';
import { repeated, timeOf } from '../option-values.ts';
import { showIdToken } from './show.ts';
import { idTokenStatuses } from './statuses.ts';

interface Flags extends ApiFlags {
  status?: string;
  type?: string;
  expires?: string;
  parent?: string;
  chargePoint?: string[];
  concurrent?: boolean;
  note?: string;
  language?: string;
}

export function addIdToken(context: Context): Command {
  const { calledAs, now } = context;
  const command = new Command('add')
    .description('Adds an id token, which may charge from now on.')
    .argument('<idToken>', 'as the charge point sends it')
    .addOption(new Option('--status <status>', 'what it is answered with; Accepted').choices(idTokenStatuses))
    .option('--type <type>', '2.x type, such as ISO14443; otherwise any')
    .option(
      '--expires <time>',
      'until when it is accepted: 2027-01-31, "2027-01-31 14:00", or for how long: 30d',
      (text) => timeOf(text, now(), 'ahead'),
    )
    .option('--parent <idToken>', 'its group: members stop each other’s transactions')
    .option(
      '--charge-point <networkId>',
      'where it is accepted, may be given several times; otherwise everywhere',
      repeated,
    )
    .option('--concurrent', 'it may have several open transactions')
    .option('--note <text>', 'whose it is, or anything else')
    .option('--language <tag>', 'RFC 5646, such as de')
    .addHelpText(
      'after',
      examples(calledAs, [
        ['id-tokens add 04A2B3C4D5E6F7 --note "Jo, car park"', ''],
        ['id-tokens add VISITOR-7 --expires 30d --charge-point CP001', ''],
      ]),
    )
    .action(async (idToken: string, flags: Flags) => {
      const { status, type, expires, parent, chargePoint, concurrent, note, language } = flags;
      const body = {
        idToken,
        status,
        type,
        expiresAt: expires,
        parentIdToken: parent,
        chargePoints: chargePoint,
        allowConcurrent: concurrent,
        note,
        language,
      };
      const added: IdToken = await (await connect(flags, context)).send('POST', '/session/id-tokens', { body });
      await showIdToken(added, flags, context);
    });
  return withApi(command);
}
