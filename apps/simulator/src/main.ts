import { loadValidator, type OcppVersion, ocppVersions, type Validator } from '@ocpp-csms/ocpp';
import { Command, InvalidArgumentError, Option } from 'commander';
import { simulate } from './charge-point.ts';
import { type Conformance, createConformance } from './conformance/conformance.ts';
import { reportOn, reportText } from './conformance/report.ts';
import { type FleetMember, fleetOf, livelyVisits, seeded } from './fleet.ts';
import { startLiveView } from './live-view.ts';
import { type Quirk, quirks } from './quirks.ts';
import { addRecordingCommands } from './recording/commands.ts';
import { exitCodes, type Simulation, type SimulationOptions } from './simulation.ts';

interface Options {
  url: string;
  id: string;
  count: number;
  version: OcppVersion | 'mix';
  sites: string[];
  connectors: number;
  password?: string;
  token: string;
  interval: number;
  duration: number;
  once?: boolean;
  lively?: boolean;
  speed: number;
  seed: number;
  retries: 'specification' | 'common-stacks';
  quirk: Quirk[];
  quiet?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  npm run simulate -- --id CP001                            boots, charges for 30 s, then obeys commands
  npm run simulate -- --id CP001 --once                     one charge, then exit
  npm run simulate -- --id CP001 --version ocpp2.0.1        speaks OCPP 2.0.1
  npm run simulate -- --id CP001 --password secret-of-CP001 HTTP Basic
  npm run simulate -- --id FLEET --count 50 --version mix --lively
                                                            FLEET-1 … FLEET-50 in all versions; cars come and go
  npm run simulate -- --count 12 --sites north,south,harbour --lively --speed 10
                                                            north-01 … harbour-04, ten seconds in one
  npm run simulate -- --id CP001 --quirk numeric-values long-info
                                                            misbehaves as real firmware does

Quirks:
${Object.entries(quirks)
  .map(([name, words]) => `  ${name.padEnd(26)} ${words}`)
  .join('\n')}

Whatever the CSMS says is held against the specification; the report comes at the end (Ctrl-C).

Exit codes: 0 done, nothing found; 1 the CSMS broke the specification; 2 wrong usage; with --once also
3 connection refused; 4 token refused; 5 no CSMS answers.`;

const program = new Command('npm run simulate --')
  .description('Simulated charge points: they boot, charge, do what the CSMS tells them, and forgive nothing.')
  .option('--url <url>', 'WebSocket URL of the CSMS, without the identity', 'ws://127.0.0.1:8080/ocpp')
  .option('--id <id>', 'identity of the charge point (networkId)', 'CP001')
  .option('--count <number>', 'how many charge points: <id>-1, <id>-2, …', wholeNumber, 1)
  .addOption(new Option('--version <version>', 'OCPP version').choices([...ocppVersions, 'mix']).default('ocpp1.6'))
  .option('--sites <names>', 'sites, separated by commas: <site>-01, <site>-02, … on each', names, [])
  .option('--connectors <number>', 'connectors (2.x: EVSEs) of each', wholeNumber, 1)
  .option('--password <password>', 'for HTTP Basic')
  .option('--token <tag>', 'id token that it charges with', 'TAG001')
  .option('--interval <seconds>', 'between meter values', positive, 5)
  .option('--duration <seconds>', 'how long a charge takes', positive, 30)
  .option('--once', 'one charge, then exit; exit as well when refused')
  .option('--lively', 'cars come by themselves, stay for some minutes and go, each with a token of its own')
  .option('--speed <factor>', 'simulated seconds in a real one', positive, 1)
  .option('--seed <number>', 'for --lively: the same seed brings the same cars', wholeNumber, 1)
  .addOption(
    new Option('--retries <how>', 'how failed transaction messages are repeated')
      .choices(['specification', 'common-stacks'])
      .default('specification'),
  )
  .addOption(new Option('--quirk <names...>', 'misbehaviour of real firmware').choices(Object.keys(quirks)).default([]))
  .option('--quiet', 'no view and no events, only the report')
  .option('--json', 'one JSON object for each event, and the report as the last')
  .addHelpText('after', examples)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : exitCodes.usage));

/** Of the drivers of lively cars, unless a token is given. */
const cards = Array.from({ length: 20 }, (_, index) => `CARD-${String(index + 1).padStart(2, '0')}`);

interface Member extends FleetMember {
  simulation: Simulation;
  conformance: Conformance;
}

async function run(options: Options): Promise<void> {
  const { count, json = false, quiet = false } = options;
  const isLive = count > 1 && !json && !quiet && process.stdout.isTTY === true;
  const news: string[] = [];
  const say = (id: string): SimulationOptions['say'] =>
    quiet ? () => undefined : isLive ? noteNews(id, news) : printEvents(id, json);
  const members = await createFleet(options, say);
  const findings = () => members.reduce((sum, { conformance }) => sum + conformance.findings.length, 0);
  const view = isLive
    ? startLiveView({ url: options.url, members, findings, news: () => news, out: process.stdout })
    : undefined;
  endInGoodOrder(members);
  await startAll(members);
  const codes = await Promise.all(members.map(({ simulation }) => simulation.finished));
  view?.stop();
  const report = reportOn(members.map(({ conformance }) => conformance));
  console.log(json ? JSON.stringify({ event: 'report', ...report }) : reportText(report));
  process.exit(Math.max(...codes, report.findings.length > 0 ? exitCodes.violations : exitCodes.ok));
}

async function createFleet(options: Options, say: (id: string) => SimulationOptions['say']): Promise<Member[]> {
  const { once = false, quirk, lively, seed, version: _mixed, ...base } = options;
  const url = options.url.replace(/\/+$/, '');
  const fleet = fleetOf(options);
  const validators = new Map<OcppVersion, Validator>();
  for (const version of new Set(fleet.map((member) => member.version)))
    validators.set(version, await loadValidator(version));
  const tokens = program.getOptionValueSource('token') === 'cli' ? [options.token] : cards;
  return fleet.map(({ id, site, version }, index) => {
    const validator = validators.get(version);
    if (validator === undefined) throw new Error(`no validator for ${version}`);
    const conformance = createConformance({ id, version, validator, now: () => new Date() });
    const simulation = simulate({
      ...base,
      url,
      id,
      version,
      once,
      quirks: quirk,
      watch: conformance,
      say: say(id),
      ...(lively ? { nextVisit: livelyVisits(seeded(seed * 10_007 + index), tokens) } : {}),
    });
    return { id, site, version, simulation, conformance };
  });
}

/** Within a second or two, so that thousands do not come in the same moment; a CSMS lets in only so many at once. */
async function startAll(members: readonly Member[]): Promise<void> {
  const atOnce = 25;
  for (const [index, { simulation }] of members.entries()) {
    if (index > 0 && index % atOnce === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    simulation.start();
  }
}

/** Ctrl-C, SIGTERM, or the end of who started us: charges are ended and told. A second Ctrl-C ends at once. */
function endInGoodOrder(members: readonly Member[]): void {
  const end = () => {
    process.once('SIGINT', () => process.exit(130));
    for (const { simulation } of members) void simulation.stop();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  if (process.channel !== undefined) process.once('disconnect', end);
}

const worthNews = new Set(['refused', 'token-refused', 'error', 'discarded']);

function noteNews(id: string, news: string[]): SimulationOptions['say'] {
  return (event, sentence) => {
    if (!worthNews.has(event)) return;
    news.push(`${new Date().toISOString().slice(11, 19)} ${id}  ${sentence}`);
    news.splice(0, news.length - 20);
  };
}

function printEvents(id: string, json: boolean): SimulationOptions['say'] {
  return (event, message, details = {}) => {
    const time = new Date().toISOString();
    console.log(
      json ? JSON.stringify({ time, id, event, message, ...details }) : `${time.slice(11, 19)} ${id}  ${message}`,
    );
  };
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('must be a number above 0');
  return value;
}

function wholeNumber(text: string): number {
  const value = positive(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError('must be a whole number');
  return value;
}

function names(text: string): string[] {
  const all = text.split(',').map((name) => name.trim());
  if (all.includes('')) throw new InvalidArgumentError('must be names, separated by commas');
  return all;
}

// `replay --id` is not the --id of the simulation.
addRecordingCommands(program.enablePositionalOptions().action(run));
await program.parseAsync();
