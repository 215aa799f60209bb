import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemFlags } from '@ocpp-csms/all-in-one/node-flags';
import type { DeepPartial, Settings } from '@ocpp-csms/config';
import { type Api, createApi, freePort, until } from '@ocpp-csms/testing';
import { readAdminKey } from './admin-key.ts';
import { cleanEnvironment } from './clean-environment.ts';
import { inTurns } from './in-turns.ts';
import type { Csms } from './running-csms.ts';

export const daemonServices = ['message-manager', 'session', 'device-manager', 'csms-server'] as const;
export type DaemonService = (typeof daemonServices)[number];

/** Where it runs: the settings that all nodes share, and how often each service is there. */
export interface Engines {
  settings: DeepPartial<Settings>;
  nodes: readonly string[];
  /** Ends the servers that were started for it. */
  stop(): Promise<void>;
}

/** One service on one node. */
export interface Daemon {
  readonly service: DaemonService;
  readonly node: string;
  readonly process: ChildProcess;
  /** Of its REST API; of csms-server that of the charge points as well. */
  readonly port: number;
  output(): string;
  isRunning(): boolean;
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  terminate(): Promise<number | null>;
}

/** Every service as a process of its own, on as many nodes as the engines say. */
export interface Daemons extends Csms {
  readonly nodes: readonly string[];
  daemon(service: DaemonService, node?: string): Daemon;
  all(): readonly Daemon[];
  /** Again after it ended, with the same settings and ports. Resolves when it is ready. */
  startAgain(service: DaemonService, node?: string): Promise<Daemon>;
  /** SIGKILL of all at once; `meanwhile` runs while nobody is there; then all start again. */
  crash(meanwhile?: () => Promise<void>): Promise<void>;
  wsUrlOf(node: string): string;
  /** By the gateway of this node. */
  apiOf(node: string): Api;
}

export interface DaemonsOptions {
  /** Above those of the engines. */
  settings?: DeepPartial<Settings>;
  /** Another folder than a new one, which is not removed. */
  dataDir?: string;
  /** Of every process. */
  env?: Readonly<Record<string, string>>;
}

const readyWithinMs = 60_000;
const endsWithinMs = 30_000;

interface Place {
  service: DaemonService;
  node: string;
  port: number;
}

/** Rejects with what they printed when one does not become ready. */
export async function startDaemons(
  engines: Engines,
  { settings: overrides = {}, dataDir: givenDir, env = {} }: DaemonsOptions = {},
): Promise<Daemons> {
  const dataDir = givenDir ?? (await mkdtemp(join(tmpdir(), 'ocpp-csms-daemons-')));
  const places: Place[] = [];
  for (const service of daemonServices) {
    for (const node of engines.nodes) places.push({ service, node, port: await freePort() });
  }
  const running = new Map<string, Daemon>();
  const logLines: string[] = [];
  const keyOf = (service: DaemonService, node: string) => `${service}@${node}`;
  const [firstNode = ''] = engines.nodes;
  const nextForChargePoint = inTurns(engines.nodes);
  const nextForApi = inTurns(engines.nodes);

  async function startOne(place: Place): Promise<Daemon> {
    const file = join(dataDir, `${place.node}.json`);
    await writeFile(file, JSON.stringify(nodeSettings({ place, places, dataDir, engines, overrides })));
    const daemon = spawnDaemon(place, { file, cwd: dataDir, env, logLines });
    running.set(keyOf(place.service, place.node), daemon);
    await becomesReady(daemon);
    return daemon;
  }

  /** All at once, as after a power cut: none can rely on another one. */
  async function startAll(): Promise<void> {
    await Promise.all(places.map(startOne));
  }

  async function endAll(): Promise<void> {
    for (const service of daemonServices.toReversed()) {
      await Promise.all([...running.values()].filter((daemon) => daemon.service === service).map(endInTime));
    }
    running.clear();
  }

  async function removeAll(): Promise<void> {
    await endAll();
    await engines.stop();
    if (givenDir === undefined) await rm(dataDir, { recursive: true, force: true });
  }

  const placeOf = (service: DaemonService, node: string): Place => {
    const place = places.find((one) => one.service === service && one.node === node);
    if (place === undefined) throw new Error(`there is no ${service} on ${node}`);
    return place;
  };
  const portOf = (node: string) => placeOf('csms-server', node).port;

  try {
    await startAll();
  } catch (error) {
    await removeAll();
    throw error;
  }
  const key = await readAdminKey(dataDir);
  return {
    dataDir,
    logLines,
    nodes: engines.nodes,
    port: portOf(firstNode),
    // In turns, so that what one node is told is asked of another.
    get httpUrl() {
      return `http://127.0.0.1:${portOf(nextForApi())}`;
    },
    get wsUrl() {
      return `ws://127.0.0.1:${portOf(nextForChargePoint())}/ocpp`;
    },
    get api() {
      return createApi({ url: `http://127.0.0.1:${portOf(nextForApi())}`, key });
    },
    apiOf: (node) => createApi({ url: `http://127.0.0.1:${portOf(node)}`, key }),
    wsUrlOf: (node) => `ws://127.0.0.1:${portOf(node)}/ocpp`,
    all: () => [...running.values()],
    daemon(service, node = firstNode) {
      const daemon = running.get(keyOf(service, node));
      if (daemon === undefined) throw new Error(`there is no ${service} on ${node}`);
      return daemon;
    },
    startAgain: (service, node = firstNode) => startOne(placeOf(service, node)),
    async restart() {
      await endAll();
      await startAll();
    },
    async crash(meanwhile) {
      await Promise.all([...running.values()].map((daemon) => daemon.kill()));
      running.clear();
      await meanwhile?.();
      await startAll();
    },
    stop: removeAll,
  };
}

interface NodeSettingsOptions {
  place: Place;
  places: readonly Place[];
  dataDir: string;
  engines: Engines;
  overrides: DeepPartial<Settings>;
}

/** What tests want otherwise than users, as `startCsms` has it for one process. */
function nodeSettings({ place: { node }, places, dataDir, engines, overrides }: NodeSettingsOptions): object {
  const portOf = (service: DaemonService) => places.find((one) => one.service === service && one.node === node)?.port;
  const base: DeepPartial<Settings> = {
    node: { name: node },
    data: { dir: dataDir },
    http: { host: '127.0.0.1', port: portOf('csms-server') ?? 0, requestsPerMinute: 1_000_000 },
    log: { dir: '', level: 'info', pretty: 'never' },
    auth: { failuresPerMinutePerAddress: 100_000, reconnectsPerMinute: 10_000 },
    daemons: {
      messageManagerPort: portOf('message-manager') ?? 0,
      sessionPort: portOf('session') ?? 0,
      deviceManagerPort: portOf('device-manager') ?? 0,
    },
  };
  const settings: Record<string, object> = {};
  for (const part of [base, engines.settings, overrides]) {
    for (const [section, values] of Object.entries(part)) settings[section] = { ...settings[section], ...values };
  }
  return settings;
}

interface SpawnDaemonOptions {
  file: string;
  cwd: string;
  env: Readonly<Record<string, string>>;
  logLines: string[];
}

function spawnDaemon({ service, node, port }: Place, { file, cwd, env, logLines }: SpawnDaemonOptions): Daemon {
  const main = fileURLToPath(new URL(`../../services/${service}/src/main.ts`, import.meta.url));
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', ...systemFlags, main, '--config', file],
    {
      cwd,
      env: { ...cleanEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      logLines.push(...chunk.toString().split('\n').filter(Boolean));
    });
  }
  const exited = once(child, 'exit');
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  return {
    service,
    node,
    process: child,
    port,
    output: () => output,
    isRunning,
    signal: (signal) => void child.kill(signal),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async terminate() {
      if (isRunning()) child.kill('SIGTERM');
      await exited;
      return child.exitCode;
    },
  };
}

async function becomesReady(daemon: Daemon): Promise<void> {
  await until(
    `${daemon.service} on ${daemon.node} is ready`,
    async () => {
      if (!daemon.isRunning()) return true;
      const answer = await fetch(`http://127.0.0.1:${daemon.port}/health/ready`, { signal: AbortSignal.timeout(2000) });
      return answer.status === 200;
    },
    { timeoutMs: readyWithinMs },
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${daemon.output().slice(-3000)}`);
  });
  if (!daemon.isRunning()) {
    throw new Error(`${daemon.service} on ${daemon.node} ended:\n${daemon.output().slice(-3000)}`);
  }
}

async function endInTime(daemon: Daemon): Promise<void> {
  if (!daemon.isRunning()) return;
  // One that was stopped on purpose would not hear of it.
  daemon.signal('SIGCONT');
  const timer = setTimeout(() => daemon.signal('SIGKILL'), endsWithinMs);
  await daemon.terminate();
  clearTimeout(timer);
}
