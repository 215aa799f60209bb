import { Command, InvalidArgumentError } from 'commander';

export const partNames = [
  'throughput',
  'memory',
  'footprint',
  'latency',
  'log',
  'start',
  'storm',
  'engines',
  'console',
  'bun',
  'profile',
] as const;
export type PartName = (typeof partNames)[number];

const about: Readonly<Record<PartName, string>> = {
  throughput:
    '6 min  replies per CPU second of the server, all threads: this system, bare ws, ws with a schema check, ocpp-rpc; in turns',
  memory: '1 min  resident memory per idle connection, beside bare ws and ocpp-rpc',
  footprint:
    '5 min  memory of the whole system, in one process and as four daemons, at rest and with 1,000 busy charge points',
  latency: '1 min  p50 and p99 at 10, 50 and 90 % of the measured capacity, beside the p99 of fdatasync of this disk',
  log: '9 min  queries over the REST API with many stored messages; what an index for text would cost',
  start: '1 min  from spawn to ready, with none and with many registered charge points',
  storm: '1 min  many charge points connect at once with HTTP Basic, boot and say three statuses each',
  engines: '3 min  brokers and databases beside the embedded default; commands across nodes',
  console: '2 min  the web console in Chromium with many charge points: from a key or a click to the next picture',
  bun: '2 min  csms-server on Bun beside Node.js; fetches Bun from npm into a folder that is removed',
  profile: '20 s   writes <action>.cpuprofile of the main thread and names the functions that take most',
};

export interface Options {
  only: readonly PartName[];
  rounds: number;
  seconds: number;
  connections: readonly number[];
  idle: readonly number[];
  logSizes: readonly number[];
  registered: readonly number[];
  storm: number;
  report?: string;
  profileDir: string;
  json: boolean;
}

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('must be a whole number from 1');
  return value;
};
const numbers =
  (least: number) =>
  (text: string): number[] =>
    text.split(',').map((part) => {
      const value = part.trim() === '' ? Number.NaN : Number(part);
      if (!Number.isSafeInteger(value) || value < least)
        throw new InvalidArgumentError(`must be whole numbers from ${least}, with commas between them`);
      return value;
    });
const parts = (text: string): PartName[] =>
  text.split(',').map((part) => {
    const name = partNames.find((known) => known === part.trim());
    if (name === undefined) throw new InvalidArgumentError(`${part} is none of ${partNames.join(', ')}`);
    return name;
  });

export function parseOptions(argv?: readonly string[]): Options {
  const command = new Command('npm run bench --')
    .description(
      'Measures this system beside its peers. The whole takes about twenty minutes; it wants a machine with nothing else to do.',
    )
    .option('--only <parts>', 'these parts, with commas between them; see below', parts, [...partNames])
    .option('--rounds <n>', 'how often each server has its turn, and each start is repeated', wholeNumber, 3)
    .option('--seconds <n>', 'length of a turn', wholeNumber, 3)
    .option(
      '--connections <n,…>',
      'throughput: all actions with the first number, Heartbeat with the others',
      numbers(1),
      [200, 5000],
    )
    .option('--idle <n,…>', 'memory: numbers of connections', numbers(1), [1000, 5000, 19_000])
    .option('--log-sizes <n,…>', 'log: numbers of stored messages', numbers(1000), [1_000_000, 10_000_000])
    .option('--registered <n,…>', 'start: numbers of registered charge points', numbers(0), [0, 100_000])
    .option('--storm <n>', 'storm, console: charge points', wholeNumber, 10_000)
    .option(
      '--report <file>',
      'puts the figures between the markers of their parts in this page, such as docs/performance.md',
    )
    .option('--profile-dir <folder>', 'profile: where to', '.')
    .option('--json', 'the figures as JSON on the standard output', false)
    .addHelpText(
      'after',
      `\nParts, and how long they take with these defaults:\n${partNames.map((name) => `  ${name.padEnd(12)}${about[name]}`).join('\n')}\n`,
    )
    .addHelpText(
      'after',
      'Examples:\n  npm run bench -- --report docs/performance.md\n  npm run bench -- --only throughput,latency --rounds 1\n  npm run bench -- --only log --log-sizes 100000 --json',
    );
  return (argv === undefined ? command.parse() : command.parse(argv, { from: 'user' })).opts<Options>();
}

/** Not about what is measured. */
const aboutOutput = ['--report', '--json', '--only'];

/** The command that measures one part again, as it was measured by a run with these arguments. */
export function commandFor(part: PartName, argv: readonly string[]): string {
  const kept: string[] = [];
  for (let index = 0; index < argv.length; index++) {
    const [name = '', value] = argv[index]?.split('=', 2) ?? [];
    if (!aboutOutput.includes(name)) kept.push(argv[index] ?? '');
    else if (value === undefined && name !== '--json') index++;
  }
  return ['npm run bench --', '--only', part, ...kept].join(' ');
}
