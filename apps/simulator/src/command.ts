import { loadValidator, type OcppVersion, ocppVersions, type Validator } from '@ocpp-csms/ocpp';
import { Command, InvalidArgumentError, Option } from 'commander';
import { simulate } from './charge-point.ts';
import { type Conformance, createConformance } from './conformance/conformance.ts';
import { reportOn, reportText } from './conformance/report.ts';
import { type FleetMember, fleetOf, livelyVisits, seeded } from './fleet.ts';
import { startLiveView } from './live-view.ts';
import { type Quirk, quirks } from './quirks.ts';
import { addRecordingCommands } from './recording/commands.ts';
import { type Arrival, type CastMember, cards, castOf } from './scenario/cast.ts';
import { faults } from './scenario/faults.ts';
import { beginOf, play } from './scenario/play.ts';
import { readScenarioFile, ScenarioError } from './scenario/read.ts';
import type { Scenario } from './scenario/schema.ts';
import { createTally, tallyText } from './scenario/tally.ts';
import { exitCodes, type Simulation, type SimulationOptions } from './simulation.ts';

interface Options {
  url: string;
  scenario?: string;
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

const examples = (calledAs: string) => `
Examples:
${table(
  [
    [`${calledAs} --id CP001`, 'boots, charges for 30 s, then obeys commands'],
    [`${calledAs} --id CP001 --once`, 'one charge, then exit'],
    [`${calledAs} --id CP001 --version ocpp2.0.1`, 'speaks OCPP 2.0.1'],
    [`${calledAs} --id CP001 --password secret-of-CP001`, 'HTTP Basic'],
    [`${calledAs} --id FLEET --count 50 --version mix --lively`, ''],
    ['', 'FLEET-1 … FLEET-50 in all versions; cars come and go'],
    [`${calledAs} --count 12 --sites north,south,harbour --lively --speed 10`, ''],
    ['', 'north-01 … harbour-04, ten seconds in one'],
    [`${calledAs} --id CP001 --quirk numeric-values long-info`, ''],
    ['', 'misbehaves as real firmware does'],
    [`${calledAs} --scenario apps/simulator/scenarios/workplace-day.yaml --speed 1440`, ''],
    ['', 'a day in a minute: cars and faults at their times'],
  ],
  57,
)}

Faults of a scenario (docs/simulator.md says how to write one):
${table(Object.entries(faults).map(([name, { words }]) => [name, words]))}

Quirks:
${table(Object.entries(quirks))}

Whatever the CSMS says is held against the specification; the report comes at the end (Ctrl-C).

Exit codes: 0 done, nothing found; 1 the CSMS broke the specification; 2 wrong usage; with --once also
3 connection refused; 4 token refused; 5 no CSMS answers.`;

/** What a scenario says itself. */
const told = 'id count version sites connectors password token interval duration once lively retries quirk'.split(' ');

/** The whole of the simulator. `calledAs`: what is typed to get here, for the examples. */
export function simulateCommand(calledAs: string, name = calledAs): Command {
  const command = new Command(name)
    .description('Simulated charge points: they boot, charge, do what the CSMS tells them, and forgive nothing.')
    .option('--url <url>', 'WebSocket URL of the CSMS, without the identity', 'ws://127.0.0.1:8080/ocpp')
    .addOption(new Option('--scenario <file>', 'who, which cars and which faults: a YAML file').conflicts(told))
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
    .option('--seed <number>', 'the same seed brings the same cars and faults', wholeNumber, 1)
    .addOption(
      new Option('--retries <how>', 'how failed transaction messages are repeated')
        .choices(['specification', 'common-stacks'])
        .default('specification'),
    )
    .addOption(
      new Option('--quirk <names...>', 'misbehaviour of real firmware').choices(Object.keys(quirks)).default([]),
    )
    .option('--quiet', 'no view and no events, only the report')
    .option('--json', 'one JSON object for each event, and the report as the last')
    .addHelpText('after', examples(calledAs))
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : exitCodes.usage))
    // `replay --id` is not the --id of the simulation.
    .enablePositionalOptions();
  command.action((options: Options) => run(options, (option) => command.getOptionValueSource(option) === 'cli'));
  addRecordingCommands(command, calledAs);
  return command;
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

interface Member extends FleetMember {
  arrivals: readonly Arrival[];
  simulation: Simulation;
  conformance: Conformance;
}

/** `has`: whether an option was given, and not left at its default. */
async function run(options: Options, has: (name: string) => boolean): Promise<void> {
  const { json = false, quiet = false } = options;
  const plan = planOf(options, has);
  const isLive = plan.cast.length > 1 && !json && !quiet && process.stdout.isTTY === true;
  const news: string[] = [];
  const tally = createTally();
  const say = (id: string): SimulationOptions['say'] =>
    tally.counted(quiet ? () => undefined : isLive ? noteNews(id, news) : printEvents(id, json));
  const members = await createFleet(options, plan.cast, say);
  const findings = () => members.reduce((sum, { conformance }) => sum + conformance.findings.length, 0);
  const view = isLive
    ? startLiveView({ url: options.url, members, findings, news: () => news, out: process.stdout })
    : undefined;
  endInGoodOrder(members);
  await startAll(members);
  if (plan.scenario !== undefined) await playScenario(plan.scenario, { ...plan, members, say: say('scenario') });
  const codes = await Promise.all(members.map(({ simulation }) => simulation.finished));
  view?.stop();
  const report = reportOn(members.map(({ conformance }) => conformance));
  if (plan.scenario !== undefined) {
    const queued = members.reduce((sum, { simulation }) => sum + simulation.state.queued, 0);
    print(
      json ? JSON.stringify({ event: 'scenario-end', ...tally, queued }) : tallyText(plan.scenario.name, tally, queued),
    );
  }
  print(json ? JSON.stringify({ event: 'report', ...report }) : reportText(report));
  process.exit(Math.max(...codes, report.findings.length > 0 ? exitCodes.violations : exitCodes.ok));
}

interface Plan {
  cast: readonly CastMember[];
  speed: number;
  seed: number;
  scenario?: Scenario;
}

/** Of the scenario, or of the options alone. */
function planOf(options: Options, has: (name: string) => boolean): Plan {
  const { lively, quirk: quirks, connectors, speed: givenSpeed, retries, password } = options;
  if (options.scenario === undefined) {
    const tokens = has('token') ? [options.token] : cards;
    const cast = fleetOf(options).map((member, index) => {
      const visits = lively ? { nextVisit: livelyVisits(seeded(options.seed * 10_007 + index), tokens) } : {};
      const secret = password === undefined ? {} : { password };
      return {
        ...member,
        options: { connectors, speed: givenSpeed, retries, quirks, ...secret, ...visits },
        arrivals: [],
      };
    });
    return { cast, speed: givenSpeed, seed: options.seed };
  }
  const scenario = readOrExit(options.scenario);
  const speed = has('speed') ? givenSpeed : (scenario.speed ?? 1);
  const seed = has('seed') ? options.seed : (scenario.seed ?? 1);
  return {
    cast: castOf(scenario, { speed, seed, begin: beginOf(scenario, speed, new Date()) }),
    speed,
    seed,
    scenario,
  };
}

function readOrExit(file: string): Scenario {
  try {
    return readScenarioFile(file);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(exitCodes.usage);
  }
}

async function playScenario(
  scenario: Scenario,
  {
    members,
    speed,
    seed,
    say,
  }: { members: readonly Member[]; speed: number; seed: number; say: SimulationOptions['say'] },
): Promise<void> {
  const stop = new AbortController();
  const ended = Promise.all(members.map(({ simulation }) => simulation.finished)).then(() => stop.abort());
  await play({ scenario, players: members, speed, random: seeded(seed), say, signal: stop.signal });
  await Promise.all([ended, ...members.map(({ simulation }) => simulation.stop())]);
}

async function createFleet(
  { once = false, token, interval, duration, url: given }: Options,
  fleet: readonly CastMember[],
  say: (id: string) => SimulationOptions['say'],
): Promise<Member[]> {
  const url = given.replace(/\/+$/, '');
  const validators = new Map<OcppVersion, Validator>();
  for (const version of new Set(fleet.map((member) => member.version)))
    validators.set(version, await loadValidator(version));
  return fleet.map(({ id, site, version, options, arrivals }) => {
    const validator = validators.get(version);
    if (validator === undefined) throw new Error(`no validator for ${version}`);
    const conformance = createConformance({ id, version, validator, now: () => new Date() });
    const simulation = simulate({
      once,
      token,
      interval,
      duration,
      ...options,
      url,
      id,
      version,
      watch: conformance,
      say: say(id),
    });
    return { id, site, version, simulation, conformance, arrivals };
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

const worthNews = new Set(['refused', 'token-refused', 'error', 'discarded', 'fault']);

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
    print(json ? JSON.stringify({ time, id, event, message, ...details }) : `${time.slice(11, 19)} ${id}  ${message}`);
  };
}

function table(rows: readonly (readonly [name: string, words: string])[], width = 32): string {
  return rows.map(([name, words]) => `  ${name.padEnd(width)} ${words}`.trimEnd()).join('\n');
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
