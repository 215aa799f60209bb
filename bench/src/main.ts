/**
 * `npm run bench`: this system beside a bare `ws` server and an `ocpp-rpc` server, alternating, in one run.
 * What is compared is replies per CPU second of the server process (all its threads), and memory per idle connection.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { type Scenario, scenarios } from './frames.ts';
import type { LoadOrder, LoadResult } from './load.ts';
import type { ServerReport } from './servers/report.ts';

const servers = ['bare-ws', 'ocpp-rpc', 'ocpp-csms'] as const;
type Server = (typeof servers)[number];

interface Round {
  server: Server;
  scenario: Scenario;
  repliesPerCpuSecond: number;
  repliesPerSecond: number;
  p50Ms: number;
  p99Ms: number;
}
interface Memory {
  server: Server;
  startMegabytes: number;
  loadedMegabytes: number;
  kilobytesPerConnection: number;
}

const wholeNumber = (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('must be a whole number from 1');
  return value;
};
const options = new Command('npm run bench --')
  .description('Measures this system beside its peers. Takes about three minutes.')
  .option('--rounds <n>', 'how often each server has its turn', wholeNumber, 3)
  .option('--seconds <n>', 'length of a turn', wholeNumber, 3)
  .option('--connections <n>', 'closed-loop connections', wholeNumber, 200)
  .option('--idle <n>', 'connections of the memory measurement', wholeNumber, 10_000)
  .option('--json', 'the figures as JSON')
  .parse()
  .opts<{ rounds: number; seconds: number; connections: number; idle: number; json?: boolean }>();

const rounds: Round[] = [];
for (let round = 1; round <= options.rounds; round++) {
  for (const scenario of scenarios) {
    for (const server of servers) {
      progress(`round ${round}/${options.rounds}: ${scenario}, ${server}`);
      rounds.push(await speed(server, scenario));
    }
  }
}
const memory: Memory[] = [];
for (const server of servers) {
  progress(`memory at ${options.idle} connections: ${server}`);
  memory.push(await memoryOf(server));
}
progress('');
print();

async function speed(server: Server, scenario: Scenario): Promise<Round> {
  const under = await start(server);
  const generator = fork(new URL('./load.ts', import.meta.url));
  const order = { port: under.port, connections: options.connections, scenario };
  // Until the compiler has seen enough of it.
  await load(generator, { ...order, forMs: 2000 });
  const before = await report(under.child, false);
  const result = await load(generator, { ...order, forMs: options.seconds * 1000 });
  const after = await report(under.child, false);
  await Promise.all([stop(generator), stop(under.child)]);
  check(server, result);
  const cpu = after.cpuSeconds - before.cpuSeconds;
  const { p50Ms, p99Ms, replies, seconds } = result;
  return { server, scenario, repliesPerCpuSecond: replies / cpu, repliesPerSecond: replies / seconds, p50Ms, p99Ms };
}

async function memoryOf(server: Server): Promise<Memory> {
  const under = await start(server);
  const generator = fork(new URL('./load.ts', import.meta.url));
  const before = await report(under.child, true);
  const result = await load(generator, {
    port: under.port,
    connections: options.idle,
    scenario: 'Heartbeat',
    forMs: 0,
  });
  check(server, result);
  if (result.replies !== options.idle) throw new Error(`${server}: ${result.replies} of ${options.idle} were answered`);
  const after = await report(under.child, true);
  await Promise.all([stop(generator), stop(under.child)]);
  const megabytes = (bytes: number) => bytes / 1024 / 1024;
  return {
    server,
    startMegabytes: megabytes(before.rss),
    loadedMegabytes: megabytes(after.rss),
    kilobytesPerConnection: (after.rss - before.rss) / 1024 / options.idle,
  };
}

async function start(server: Server): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(new URL(`./servers/${server}.ts`, import.meta.url), { execArgv: ['--expose-gc'] });
  const [{ port }] = (await message(child)) as [{ port: number }];
  return { child, port };
}

async function load(generator: ChildProcess, order: LoadOrder): Promise<LoadResult> {
  generator.send(order);
  const [result] = (await message(generator)) as [LoadResult];
  return result;
}

async function report(child: ChildProcess, collect: boolean): Promise<ServerReport> {
  child.send({ collect });
  const [answer] = (await message(child)) as [ServerReport];
  return answer;
}

async function message(child: ChildProcess): Promise<unknown[]> {
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`a process of the bench ended early with exit code ${code}; its error is above`);
  });
  return (await Promise.race([once(child, 'message'), gone])) as unknown[];
}

async function stop(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.disconnect();
  await gone;
}

function check(server: Server, { wrongReplies, closed }: LoadResult): void {
  if (wrongReplies > 0 || closed > 0)
    throw new Error(`${server}: ${wrongReplies} wrong replies, ${closed} closed connections: the run does not count`);
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function summary(scenario: Scenario, server: Server) {
  const own = rounds.filter((round) => round.scenario === scenario && round.server === server);
  const of = (key: 'repliesPerCpuSecond' | 'repliesPerSecond' | 'p50Ms' | 'p99Ms') =>
    median(own.map((round) => round[key]));
  return {
    perCpuSecond: of('repliesPerCpuSecond'),
    perSecond: of('repliesPerSecond'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
  };
}

function print(): void {
  if (options.json) {
    console.log(JSON.stringify({ node: process.version, cpu: cpus()[0]?.model, options, rounds, memory }, null, 2));
    return;
  }
  console.log(
    `Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${options.connections} connections, median of ${options.rounds} × ${options.seconds} s\n`,
  );
  console.log(
    '| CALL | server | replies per CPU second | × bare ws | × ocpp-rpc | replies/s | p50 ms | p99 ms |\n|---|---|---|---|---|---|---|---|',
  );
  for (const scenario of scenarios) {
    const [bare, rpc] = [summary(scenario, 'bare-ws').perCpuSecond, summary(scenario, 'ocpp-rpc').perCpuSecond];
    for (const server of servers) {
      const { perCpuSecond, perSecond, p50Ms, p99Ms } = summary(scenario, server);
      const cells = [
        scenario,
        server,
        perCpuSecond.toFixed(0),
        (perCpuSecond / bare).toFixed(2),
        (perCpuSecond / rpc).toFixed(2),
        perSecond.toFixed(0),
        p50Ms.toFixed(1),
        p99Ms.toFixed(1),
      ];
      console.log(`| ${cells.join(' | ')} |`);
    }
  }
  console.log(
    `\n| server | MB at start | MB at ${options.idle} connections | × bare ws | kB per connection | × bare ws |\n|---|---|---|---|---|---|`,
  );
  const bare = memory[0];
  for (const { server, startMegabytes, loadedMegabytes, kilobytesPerConnection } of memory) {
    const ratios = [
      loadedMegabytes / (bare?.loadedMegabytes ?? Number.NaN),
      kilobytesPerConnection / (bare?.kilobytesPerConnection ?? Number.NaN),
    ].map((ratio) => ratio.toFixed(2));
    console.log(
      `| ${server} | ${startMegabytes.toFixed(0)} | ${loadedMegabytes.toFixed(0)} | ${ratios[0]} | ${kilobytesPerConnection.toFixed(1)} | ${ratios[1]} |`,
    );
  }
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text !== '') process.stderr.write(`${text}\n`);
}
