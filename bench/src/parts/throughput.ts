/** Replies per CPU second of the server, all threads: two cores share the work unevenly, and the wall clock of a busy machine says little. */
import { withDataFolder } from '../data-folder.ts';
import type { LoadResult } from '../load/orders.ts';
import { callsPerTransaction, type Scenario, scenarios } from '../load/scenarios.ts';
import { pinning } from '../machine.ts';
import type { Options } from '../options.ts';
import type { Findings, Tools } from '../part.ts';
import { checkLoad, startServer, withLoad } from '../processes.ts';
import { type Target, table, times, withSpread } from '../report.ts';
import { median, spreadOf } from '../statistics.ts';

const servers = ['bare-ws', 'ws-schema', 'ocpp-rpc', 'ocpp-csms'] as const;
type Server = (typeof servers)[number];

/** What is measured of one server in one turn. */
interface Turn {
  server: Server;
  connections: number;
  scenario: Scenario;
  repliesPerCpuSecond: number;
  load: LoadResult;
}

/** Until the compiler has seen enough of it: of a fresh process, and of another action. */
const firstWarmUpMs = 3000;
const warmUpMs = 1000;
/** Above this share of its core the generator may be what limits. */
const busyGenerator = 0.9;
const heartbeatTarget = 0.6;

export async function measureThroughput({ options, progress }: Tools): Promise<Findings> {
  const turns: Turn[] = [];
  for (let round = 1; round <= options.rounds; round++) {
    for (const [index, connections] of options.connections.entries()) {
      for (const server of servers) {
        progress(`round ${round}/${options.rounds}: ${connections} connections, ${server}`);
        const actions: readonly Scenario[] = index === 0 ? scenarios : ['Heartbeat'];
        turns.push(...(await turnsOf(server, connections, actions, options.seconds * 1000)));
      }
    }
  }
  return { markdown: describe(turns, options), figures: turns, targets: [target(turns, options)] };
}

function turnsOf(server: Server, connections: number, actions: readonly Scenario[], forMs: number): Promise<Turn[]> {
  return withDataFolder((directory) =>
    withLoad(startServer(server, { arguments: [directory, 'open'] }), async ({ port, order }, generator) => {
      const turns: Turn[] = [];
      for (const scenario of actions) {
        const load = { kind: 'closed', port, connections, scenario } as const;
        await generator.load({ ...load, forMs: scenario === actions[0] ? firstWarmUpMs : warmUpMs });
        const before = await order({ kind: 'report', collect: false });
        const result = await generator.load({ ...load, forMs });
        const after = await order({ kind: 'report', collect: false });
        checkLoad(`${server}, ${scenario}`, result);
        const repliesPerCpuSecond = result.replies / (after.cpuSeconds - before.cpuSeconds);
        turns.push({ server, connections, scenario, repliesPerCpuSecond, load: result });
      }
      return turns;
    }),
  );
}

function describe(turns: readonly Turn[], options: Options): string {
  const { rounds, seconds } = options;
  const headings = [
    'connections',
    'CALL',
    'server',
    'replies per CPU second',
    '× bare ws',
    '× ws + schema',
    '× ocpp-rpc',
    'replies/s',
    'p50 ms',
    'p99 ms',
    'generator',
  ];
  return [
    `Median of ${rounds} × ${seconds} s and, in brackets, least and most; ${pinning}. \`Transaction\`: Authorize, StartTransaction, 4 × MeterValues with its transactionId, StopTransaction; ${callsPerTransaction} replies each. Generator: its own share of a core; **bold**: above ${busyGenerator * 100} %, so that it may be what limits replies/s.`,
    table(
      headings,
      groupsOf(turns, options).map((group) => rowOf(group, turns)),
    ),
    'Left out: `ocpp-ws-io`, which cannot be installed (2026-11-25: its dependency `voltlog-io` answers 404 on the registry, so that anybody may take that name; nothing stands in for it here).',
  ].join('\n\n');
}

/** One group for each row, in the order of the table. */
function groupsOf(turns: readonly Turn[], { connections }: Options): Turn[][] {
  const order = (turn: Turn) => [
    connections.indexOf(turn.connections),
    scenarios.indexOf(turn.scenario),
    servers.indexOf(turn.server),
  ];
  const groups = Map.groupBy(turns, (turn) =>
    order(turn)
      .map((place) => String(place).padStart(3))
      .join(),
  );
  return [...groups].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, group]) => group);
}

function rowOf(group: readonly Turn[], all: readonly Turn[]): string[] {
  const [first] = group;
  if (first === undefined) return [];
  const own = spreadOf(group.map(({ repliesPerCpuSecond }) => repliesPerCpuSecond));
  const of = (key: 'p50Ms' | 'p99Ms' | 'cpuShare') => median(group.map(({ load }) => load[key]));
  const share = of('cpuShare');
  const percent = `${(share * 100).toFixed(0)} %`;
  return [
    String(first.connections),
    first.scenario,
    first.server,
    withSpread(own),
    ...(['bare-ws', 'ws-schema', 'ocpp-rpc'] as const).map((peer) =>
      times(own.median, perCpuSecond(all, { ...first, server: peer })),
    ),
    median(group.map(({ load }) => load.replies / load.seconds)).toFixed(0),
    of('p50Ms').toFixed(1),
    of('p99Ms').toFixed(1),
    share > busyGenerator ? `**${percent}**` : percent,
  ];
}

type Choice = Pick<Turn, 'server' | 'connections' | 'scenario'>;

function perCpuSecond(turns: readonly Turn[], { server, connections, scenario }: Choice): number {
  const own = turns.filter(
    (turn) => turn.server === server && turn.connections === connections && turn.scenario === scenario,
  );
  return median(own.map(({ repliesPerCpuSecond }) => repliesPerCpuSecond));
}

function target(turns: readonly Turn[], { connections: [connections = 0] }: Options): Target {
  const of = (server: Server) => perCpuSecond(turns, { server, connections, scenario: 'Heartbeat' });
  const ratio = of('ocpp-csms') / of('bare-ws');
  return {
    target: `Heartbeat, everything stored, ≥ ${heartbeatTarget} × bare ws`,
    reached: `${ratio.toFixed(2)} ×`,
    held: ratio >= heartbeatTarget,
  };
}
