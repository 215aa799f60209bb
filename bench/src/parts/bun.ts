/** csms-server on Bun, beside Node.js. Bun is fetched for this run alone. */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withDataFolder } from '../data-folder.ts';
import { pinning } from '../machine.ts';
import type { Options } from '../options.ts';
import type { Findings, Tools } from '../part.ts';
import { checkLoad, type StartOptions, startServer, withLoad } from '../processes.ts';
import { table, times, withSpread } from '../report.ts';
import { spreadOf } from '../statistics.ts';

const servers = ['bare-ws', 'csms-server', 'ocpp-csms'] as const;
const connections = 200;
const warmUpMs = 2000;
const bunPackage = '@oven/bun-linux-x64';

interface Measured {
  server: string;
  runtime: string;
  /** Replies per CPU second, one for each round. */
  rounds: number[];
  /** Why there are none. */
  failure?: string;
}

export async function measureBun({ options, progress }: Tools): Promise<Findings> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { markdown: `Left out: ${bunPackage} runs on Linux on x64 alone.`, figures: [] };
  return withDataFolder(async (folder) => {
    progress('fetching Bun');
    const bun = fetchBun(folder);
    const version = spawnSync(bun, ['--version'], { encoding: 'utf8' }).stdout.trim();
    const runtimes: readonly (readonly [string, StartOptions])[] = [
      [`Node.js ${process.versions.node}`, {}],
      [`Bun ${version}`, { runtime: bun }],
    ];
    const measured = servers.flatMap((server) =>
      runtimes.map(([runtime]): Measured => ({ server, runtime, rounds: [] })),
    );
    for (let round = 1; round <= options.rounds; round++) {
      for (const own of measured.filter(({ failure }) => failure === undefined)) {
        progress(`round ${round}/${options.rounds}: ${own.server} on ${own.runtime}`);
        const [, start = {}] = runtimes.find(([runtime]) => runtime === own.runtime) ?? [];
        await addRound(own, start, options);
      }
    }
    return { markdown: describe(measured), figures: measured };
  });
}

function fetchBun(folder: string): string {
  // A package.json of its own, so that npm does not take the folder above for the project.
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const { status, stderr } = spawnSync(
    'npm',
    ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--workspaces=false', bunPackage],
    { encoding: 'utf8', cwd: folder },
  );
  const path = join(folder, 'node_modules', bunPackage, 'bin', 'bun');
  if (status !== 0 || !existsSync(path)) throw new Error(`Bun could not be fetched from npm:\n${stderr}`);
  return path;
}

async function addRound(own: Measured, start: StartOptions, options: Options): Promise<void> {
  try {
    own.rounds.push(await repliesPerCpuSecond(own.server, start, options.seconds * 1000));
  } catch (error) {
    own.failure = firstErrorLine(String(error));
  }
}

function repliesPerCpuSecond(server: string, start: StartOptions, forMs: number): Promise<number> {
  return withDataFolder((directory) => {
    const serverArguments = server === 'csms-server' ? [directory, String(connections)] : [directory, 'open'];
    return withLoad(
      startServer(server, { ...start, arguments: serverArguments }),
      async ({ port, order }, generator) => {
        const load = { kind: 'closed', port, connections, scenario: 'Heartbeat' } as const;
        await generator.load({ ...load, forMs: warmUpMs });
        const before = await order({ kind: 'report', collect: false });
        const result = await generator.load({ ...load, forMs });
        const after = await order({ kind: 'report', collect: false });
        checkLoad(server, result);
        return result.replies / (after.cpuSeconds - before.cpuSeconds);
      },
    );
  });
}

const firstErrorLine = (text: string) =>
  (
    text.split('\n').find((line) => /error:/i.test(line) && !line.includes('ended early')) ??
    text.split('\n', 1)[0] ??
    ''
  )
    .trim()
    .replaceAll('|', '\\|');

function describe(measured: readonly Measured[]): string {
  const rows = measured.map(({ server, runtime, rounds, failure }) => {
    const own = spreadOf(rounds);
    const [onNode] = measured.filter((other) => other.server === server);
    return [
      server,
      runtime,
      failure === undefined ? withSpread(own) : `does not run: ${failure}`,
      failure === undefined ? times(own.median, onNode && spreadOf(onNode.rounds).median) : '–',
    ];
  });
  return [
    `Heartbeat, ${connections} connections; ${pinning}. \`csms-server\`: alone, with a consumer that stores nothing; \`ocpp-csms\`: the whole system.`,
    table(['server', 'runtime', 'replies per CPU second', '× Node.js'], rows),
  ].join('\n\n');
}
