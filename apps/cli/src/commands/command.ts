import { Command } from 'commander';
import type { CommandResult } from '../connection/answers.ts';
import { type ApiFlags, connect, withApi } from '../connection/connect.ts';
import type { Context } from '../context.ts';
import { wrongUsage } from '../failure.ts';
import { readPayload } from './command/read-payload.ts';
import { sendCommand } from './command/send.ts';
import { exitCodeOfResults, showResults } from './command/show-results.ts';
import type { Targets } from './command/targets.ts';
import { examples } from './examples.ts';
import { positiveNumber, wholeNumber } from './option-values.ts';

interface Flags extends ApiFlags {
  tag?: string;
  q?: string;
  timeout: number;
  queue?: number;
  result?: string;
}

const defaultTimeoutSeconds = 60;
const longestTimeoutSeconds = 86_400;

export function command(context: Context): Command {
  const { calledAs } = context;
  const described = new Command('command')
    .description('Sends a command to charge points, waits, and shows what they say. Every action of OCPP can be sent.')
    .usage('[options] <chargePoint>[,<chargePoint>…] <action> [json | key=value …]')
    .argument('[chargePoint]', 'networkId or chargePointId, several with commas; left out with --tag or --q')
    .argument('[action]', 'as OCPP spells it, in the version that the charge point speaks')
    .argument('[payload...]', 'of the action: key=value, JSON, @FILE, or - for standard input')
    .option('--tag <tag>', 'to all charge points with this tag')
    .option('--q <text>', 'to all charge points that a search finds')
    .option('--timeout <seconds>', 'how long an answer is waited for', positiveNumber, defaultTimeoutSeconds)
    .option('--queue <seconds>', 'keep it so long for a charge point that is offline, where that may be', wholeNumber)
    .option('--result <commandId>', 'what became of a command that was sent before')
    .addHelpText(
      'after',
      examples(
        calledAs,
        [
          ['command CP001 Reset type=Soft', ''],
          ['command CP001 RemoteStartTransaction connectorId=1 idTag=CARD-1', ''],
          ['command CP007 RequestStartTransaction remoteStartId=1 idToken.idToken=CARD-1 idToken.type=ISO14443', ''],
          ['command CP001 GetConfiguration key=HeartbeatInterval', 'a list of one'],
          ['command CP001,CP002 ChangeAvailability \'{"connectorId":0,"type":"Inoperative"}\'', ''],
          ['command --tag north ClearCache --json', 'a JSON object a line for each'],
          ['command CP001 ChangeConfiguration key=MeterValueSampleInterval value=30 --queue 3600', ''],
          ['command CP007 SetChargingProfile @profile.json', ''],
        ],
        'What a value is, the schema of the action says; key:=JSON is for what it does not know.',
      ),
    )
    .action((chargePoint: string | undefined, action: string | undefined, payload: string[], flags: Flags) =>
      run(
        [chargePoint, action, ...payload].filter((word) => word !== undefined),
        flags,
        context,
      ),
    );
  return withApi(described);
}

async function run(words: readonly string[], flags: Flags, context: Context): Promise<void> {
  const api = await connect(flags, context);
  if (flags.result !== undefined) {
    const result: CommandResult & { networkId: string } = await api.get(
      `/device-manager/commands/${encodeURIComponent(flags.result)}`,
    );
    const results = [{ ...result, chargePoint: result.networkId }];
    await showResults(results, flags, context);
    process.exitCode = exitCodeOfResults(results, { mayWait: false });
    return;
  }
  const { targets, action, rest } = partsOf(words, flags, context);
  const payload = await readPayload(rest, { api, targets, action, context });
  const results = await sendCommand({
    api,
    targets,
    action,
    payload,
    timeoutMs: Math.max(1, Math.round(Math.min(flags.timeout, longestTimeoutSeconds) * 1000)),
    queueForSeconds: flags.queue,
  });
  await showResults(results, flags, context);
  process.exitCode = exitCodeOfResults(results, { mayWait: flags.queue !== undefined });
}

function partsOf(words: readonly string[], { tag, q }: Flags, { calledAs }: Context) {
  const filter = { ...(tag === undefined ? {} : { tag }), ...(q === undefined ? {} : { q }) };
  const isFiltered = Object.keys(filter).length > 0;
  const [chargePoints = '', action, ...rest] = isFiltered ? ['', ...words] : words;
  const named = chargePoints.split(',').filter((name) => name !== '');
  if (action === undefined || (!isFiltered && named.length === 0))
    throw wrongUsage(
      'Say which charge point, and which action.',
      `For example: ${calledAs} command CP001 Reset type=Soft. ${calledAs} command --help has more.`,
    );
  const targets: Targets = isFiltered ? { filter } : { chargePoints: [...new Set(named)] };
  return { targets, action, rest };
}
