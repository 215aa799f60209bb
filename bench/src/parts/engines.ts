/** The same load over each engine: what csms-server costs beside the embedded default, and how long a command takes across nodes. */
import type { Daemons } from '@ocpp-csms/e2e/daemons';
import { until } from '@ocpp-csms/testing';
import { withDataFolder } from '../data-folder.ts';
import { cpuSeconds } from '../engines/cpu-time.ts';
import { measureRoundTrip, type RoundTrip } from '../engines/round-trip.ts';
import { type SystemPlan, startSystem, systemPlans } from '../engines/systems.ts';
import type { LoadResult } from '../load/orders.ts';
import type { Findings, Tools } from '../part.ts';
import { checkLoad, type Generator, startGenerator, startServer, withLoad } from '../processes.ts';
import { type Target, table, times } from '../report.ts';

const scenario = 'Heartbeat';
const warmUpMs = 3000;
const storedWithinMs = 120_000;
const ratioTarget = 0.5;
const roundTripTargetMs = 50;

interface Measured {
  what: string;
  replies: number;
  /** All stored: until the last one was in the log. */
  storedPerSecond: number;
  /** Of csms-server alone; of the embedded system: of everything. */
  perCpuSecond: number;
  /** Of all our processes, the broker's and database's not counted, in µs for each reply. */
  cpuMicros: number;
  p50Ms: number;
  p99Ms: number;
  roundTrip?: RoundTrip;
}

export async function measureEngines({ options, progress }: Tools): Promise<Findings> {
  const connections = options.connections[0] ?? 200;
  const forMs = options.seconds * 2000;
  progress('embedded');
  const embedded = await measureEmbedded(connections, forMs);
  const measured: Measured[] = [];
  const left: string[] = [];
  for (const plan of systemPlans) {
    const missing = await plan.missing();
    if (missing !== undefined) {
      left.push(`${plan.what}: ${missing}`);
      continue;
    }
    progress(plan.what);
    measured.push(await measureSystem(plan, connections, forMs));
  }
  return findings(embedded, measured, left, connections);
}

function measureEmbedded(connections: number, forMs: number): Promise<Measured> {
  return withDataFolder((directory) =>
    withLoad(startServer('ocpp-csms', { arguments: [directory, 'open'] }), async ({ port, order }, generator) => {
      const load = { kind: 'closed', port, connections, scenario } as const;
      checkLoad('embedded', await generator.load({ ...load, forMs: warmUpMs }));
      const before = await order({ kind: 'report', collect: false });
      const result = await generator.load({ ...load, forMs });
      const after = await order({ kind: 'report', collect: false });
      checkLoad('embedded', result);
      const seconds = after.cpuSeconds - before.cpuSeconds;
      return {
        what: 'embedded: one process, SQLite',
        replies: result.replies,
        // In one process an answer says that it is in the log.
        storedPerSecond: result.replies / result.seconds,
        perCpuSecond: result.replies / seconds,
        cpuMicros: (seconds * 1e6) / result.replies,
        p50Ms: result.p50Ms,
        p99Ms: result.p99Ms,
      };
    }),
  );
}

async function measureSystem(plan: SystemPlan, connections: number, forMs: number): Promise<Measured> {
  const daemons = await startSystem(plan);
  const generators = daemons.nodes.map(() => startGenerator());
  try {
    return {
      ...(await measureLoad(plan.what, daemons, generators, { connections, forMs })),
      roundTrip: await measureRoundTrip(daemons),
    };
  } finally {
    await Promise.all(generators.map((generator) => generator.stop()));
    await daemons.stop();
  }
}

async function measureLoad(
  what: string,
  daemons: Daemons,
  generators: readonly Generator[],
  { connections, forMs }: { connections: number; forMs: number },
): Promise<Measured> {
  const load = (length: number) =>
    Promise.all(
      daemons.nodes.map(async (node, index) => {
        const { port } = daemons.daemon('csms-server', node);
        const each = Math.ceil(connections / daemons.nodes.length);
        const order = { kind: 'closed', port, connections: each, firstIndex: index * each, scenario } as const;
        const result = await (generators[index] as Generator).load({ ...order, forMs: length });
        checkLoad(what, result);
        return result;
      }),
    );
  const pids = (service?: string) =>
    daemons
      .all()
      .flatMap((daemon) => (service === undefined || daemon.service === service ? [daemon.process.pid ?? 0] : []));
  await load(warmUpMs);
  const stored = await storedMessages(daemons);
  await until('the log has caught up', async () => (await storedMessages(daemons)) === stored, {
    everyMs: 500,
    timeoutMs: 5000,
  }).catch(() => undefined);
  const logged = await storedMessages(daemons);
  const [servers, all] = [cpuSeconds(pids('csms-server')), cpuSeconds(pids())];
  const startedAt = performance.now();
  const results = await load(forMs);
  const serverSeconds = cpuSeconds(pids('csms-server')) - servers;
  const replies = results.reduce((sum, result) => sum + result.replies, 0);
  await until('everything is stored', async () => (await storedMessages(daemons)) >= logged + replies, {
    everyMs: 100,
    timeoutMs: storedWithinMs,
  });
  return {
    what,
    replies,
    storedPerSecond: replies / ((performance.now() - startedAt) / 1000),
    perCpuSecond: replies / serverSeconds,
    cpuMicros: ((cpuSeconds(pids()) - all) * 1e6) / replies,
    p50Ms: worst(results, ({ p50Ms }) => p50Ms),
    p99Ms: worst(results, ({ p99Ms }) => p99Ms),
  };
}

const worst = (results: readonly LoadResult[], value: (result: LoadResult) => number) =>
  Math.max(...results.map(value));

async function storedMessages(daemons: Daemons): Promise<number> {
  const [first = ''] = daemons.nodes;
  const { rows } = await daemons.apiOf(first).get<{ rows: number }>('/message-manager/statistics');
  return rows;
}

function findings(
  embedded: Measured,
  measured: readonly Measured[],
  left: readonly string[],
  connections: number,
): Findings {
  const rows = [embedded, ...measured].map((one) => [
    one.what,
    one.storedPerSecond.toFixed(0),
    one.perCpuSecond.toFixed(0),
    times(one.perCpuSecond, embedded.perCpuSecond),
    one.cpuMicros.toFixed(0),
    one.p50Ms.toFixed(1),
    one.p99Ms.toFixed(1),
    one.roundTrip === undefined ? '–' : `${one.roundTrip.p50Ms.toFixed(1)} / ${one.roundTrip.p99Ms.toFixed(1)}`,
  ]);
  const markdown = [
    `${scenario} with ${connections} connections in all, a CALL always in flight on each. Everything shares the cores of this machine: services, brokers, databases and the load generator, so that messages/s say what this machine carries with all of it, and the CPU figures what our own programs take. NATS with its default \`sync_interval\` (this version knows no \`always\`), PostgreSQL with synchronous_commit, Redis with appendfsync always.`,
    table(
      [
        'system',
        'messages/s, all stored',
        'replies per CPU second of csms-server',
        '× embedded',
        'CPU of all our processes, µs a reply',
        'p50 ms',
        'p99 ms',
        'command p50 / p99 ms',
      ],
      rows,
    ),
    ...(left.length === 0 ? [] : [`Left out: ${left.join('; ')}.`]),
  ].join('\n\n');
  return { markdown, figures: { embedded, measured, left }, targets: targetsOf(embedded, measured) };
}

function targetsOf(embedded: Measured, measured: readonly Measured[]): Target[] {
  return measured.flatMap(({ what, perCpuSecond, roundTrip }) => {
    if (!what.startsWith('NATS')) return [];
    const ratio = perCpuSecond / embedded.perCpuSecond;
    const p99Ms = roundTrip?.p99Ms ?? Number.NaN;
    return [
      {
        target: `${what}: ≥ ${ratioTarget} × embedded per CPU second of csms-server`,
        reached: `${ratio.toFixed(2)} ×`,
        held: ratio >= ratioTarget,
      },
      {
        target: `${what}: command p99 ≤ ${roundTripTargetMs} ms`,
        reached: `${p99Ms.toFixed(1)} ms`,
        held: p99Ms <= roundTripTargetMs,
      },
    ];
  });
}
