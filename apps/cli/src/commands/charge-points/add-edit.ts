import { Command, Option } from 'commander';
import type { ChargePoint, CreatedChargePoint } from '../../connection/answers.ts';
import { type ApiFlags, connect, withApi } from '../../connection/connect.ts';
import type { Context } from '../../context.ts';
import { wrongUsage } from '../../failure.ts';
import { readPassword } from '../../input/password.ts';
import { jsonDocument } from '../../output/json.ts';
import { examples } from '../examples.ts';
import { repeated, wholeNumber } from '../option-values.ts';
import { showCreated } from './created.ts';
import { chargePointFacts } from './list-show.ts';

interface Flags extends ApiFlags {
  name?: string;
  serialNumber?: string;
  vendor?: string;
  model?: string;
  firmwareVersion?: string;
  template?: string;
  securityProfile?: string;
  password?: boolean;
  registration?: string;
  enabled?: boolean;
  tag?: string[];
  plugAndCharge?: boolean;
  heartbeatInterval?: number;
  assumedProtocol?: string;
  strict?: boolean;
  ping?: boolean;
  maxFrameBytes?: number;
}

const emptyTakesAway = 'An empty text ("") takes a value away.';

function withMembers(command: Command): Command {
  return command
    .option('--name <name>', 'for people')
    .option('--serial-number <text>', 'as on its plate')
    .option('--vendor <text>', 'who made it; otherwise as it says when it boots')
    .option('--model <text>', 'otherwise as it says when it boots')
    .option('--firmware-version <text>', 'otherwise as it says when it boots')
    .option('--template <templateId>', 'how it is to be configured')
    .addOption(
      new Option(
        '--security-profile <profile>',
        '0: no password; 1: password; 2: with TLS; 3: client certificate',
      ).choices(['0', '1', '2', '3']),
    )
    .option('--password', 'a password of your own: asked for, or the first line of the standard input')
    .addOption(
      new Option('--registration <status>', 'what it is answered when it boots').choices([
        'Accepted',
        'Pending',
        'Rejected',
      ]),
    )
    .option('--enabled', 'it is let in')
    .option('--no-enabled', 'it is not let in')
    .option('--tag <tag>', 'may be given several times; they replace those that it has', repeated)
    .option('--plug-and-charge', 'ISO 15118 plug and charge is wanted here')
    .option('--no-plug-and-charge', 'it is not')
    .option('--heartbeat-interval <seconds>', 'told to it at boot', wholeNumber)
    .addOption(
      new Option('--assumed-protocol <version>', 'spoken when it names none').choices([
        'ocpp1.6',
        'ocpp2.0.1',
        'ocpp2.1',
      ]),
    )
    .option('--strict', 'refuse what breaks the schema instead of making sense of it')
    .option('--no-strict', 'make sense of it')
    .option('--ping', 'WebSocket pings, as all have')
    .option('--no-ping', 'this model answers none')
    .option('--max-frame-bytes <bytes>', 'largest message that is taken', wholeNumber);
}

export function addChargePoint(context: Context): Command {
  const { calledAs } = context;
  const command = withMembers(new Command('add'))
    .description('Registers a charge point before it knocks. The password that it needs is made and shown once.')
    .argument('<networkId>', 'its OCPP identity: the last part of the URL that it is given')
    .addHelpText(
      'after',
      examples(calledAs, [
        ['charge-points add CP002 --name "Car park, left" --tag north', ''],
        ['charge-points add CP003 --password < password.txt', 'with a password of your own'],
        ['charge-points add CP004 --security-profile 0', 'without one, for a bench'],
      ]),
    )
    .action(async (networkId: string, flags: Flags) => {
      const body = { networkId, ...(await membersOf(flags, context)) };
      const api = await connect(flags, context);
      const chargePoint: CreatedChargePoint = await api.send('POST', '/device-manager/charge-points', { body });
      await showCreated(chargePoint, flags, context);
    });
  return withApi(command);
}

export function editChargePoint(context: Context): Command {
  const { calledAs, terminal } = context;
  const command = withMembers(new Command('edit'))
    .description('Changes what is said, and leaves the rest.')
    .argument('<chargePoint>', 'networkId or chargePointId')
    .addHelpText(
      'after',
      examples(
        calledAs,
        [
          ['charge-points edit CP002 --name "Car park, right"', ''],
          ['charge-points edit CP002 --no-enabled', 'it is put out, and not let in again'],
          ['charge-points edit CP002 --template ""', 'without a template'],
          ['charge-points edit CP002 --password', 'a new password, asked for'],
        ],
        emptyTakesAway,
      ),
    )
    .action(async (id: string, flags: Flags) => {
      const body = await membersOf(flags, context);
      if (Object.keys(body).length === 0)
        throw wrongUsage('There is nothing to change.', `${calledAs} charge-points edit --help says what can be.`);
      const path = `/device-manager/charge-points/${encodeURIComponent(id)}`;
      const chargePoint: ChargePoint = await (await connect(flags, context)).send('PATCH', path, { body });
      await terminal.out(flags.json ? jsonDocument(chargePoint) : chargePointFacts(chargePoint, context.now()));
    });
  return withApi(command);
}

/** The members of the API, of what was said. */
async function membersOf(flags: Flags, context: Context): Promise<Record<string, unknown>> {
  const { name, securityProfile, registration, enabled, tag, plugAndCharge, assumedProtocol, strict, ping } = flags;
  const members = {
    name,
    serialNumber: orNull(flags.serialNumber),
    vendor: orNull(flags.vendor),
    model: orNull(flags.model),
    firmwareVersion: orNull(flags.firmwareVersion),
    templateId: orNull(flags.template),
    securityProfile: securityProfile === undefined ? undefined : Number(securityProfile),
    password: flags.password ? await readPassword(context) : undefined,
    registration,
    enabled,
    tags: tag?.filter((one) => one !== ''),
    plugAndCharge,
    heartbeatIntervalSeconds: flags.heartbeatInterval,
    assumedProtocol,
    strict,
    noPing: ping === undefined ? undefined : !ping,
    maxFrameBytes: flags.maxFrameBytes,
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

const orNull = (text: string | undefined): string | null | undefined => (text === '' ? null : text);
