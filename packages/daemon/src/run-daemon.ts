import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { loadSettings, type Settings } from '@ocpp-csms/config';
import { createHttp, type Http } from '@ocpp-csms/http';
import { createLeveledLog, exitWith, giveBackMemory, installShutdown, StartupError, version } from '@ocpp-csms/runtime';
import { Command } from 'commander';
import { nameNodeOnCloudRun, warnOnCloudRun } from './cloud-run.ts';
import { consoleFolder } from './console-folder.ts';
import { installGateway, readDocuments } from './gateway.ts';
import { type Infrastructure, openInfrastructure } from './infrastructure.ts';
import { portOf, type ServiceName, upstreamsOf } from './services.ts';

/** What a service is made from when it is a process of its own. */
export interface DaemonParts extends Infrastructure {
  /** Its routes are registered here. */
  http: Http;
}

export interface RunningService {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** What is wrong, in words; `undefined`: nothing. */
  readiness(): Promise<string | undefined>;
}

const stopMs = 20_000;

/** The whole of a service's `main.ts`: settings, log, bus, cache, REST, start, and an orderly end on SIGTERM. */
export async function runDaemon(
  service: ServiceName,
  create: (parts: DaemonParts) => Promise<RunningService>,
): Promise<void> {
  const { config } = readArguments(service);
  try {
    await run(service, create, config);
  } catch (error) {
    exitWith(error);
  }
}

function readArguments(service: ServiceName): { config?: string } {
  return new Command(`npm run service -- ${service}`)
    .description(`Starts ${service} as a process of its own. The others are reached over the bus of the settings.`)
    .version(version)
    .option('-c, --config <file>', 'settings; otherwise ./conf.yaml, else ./cfg/conf.yaml, else the defaults')
    .addHelpText(
      'after',
      '\nEach setting also by environment variable, e.g. CSMS_BUS_DRIVER=nats CSMS_NODE_NAME=node-2.\nAll settings with their defaults: conf.example.yaml',
    )
    .parse()
    .opts();
}

async function run(
  service: ServiceName,
  create: (parts: DaemonParts) => Promise<RunningService>,
  file: string | undefined,
): Promise<void> {
  const { settings, source } = loadSettings({
    ...(file === undefined ? {} : { file }),
    env: process.env,
    cwd: process.cwd(),
  });
  refuseOneProcess(service, settings);
  const port = portOf(service, settings);
  const { log, levels } = createLeveledLog({ service, settings: settings.log });
  log.info({ version, settings: source, bus: settings.bus.driver }, `Starting ${service} with ${source}`);
  nameNodeOnCloudRun(settings, process.env, randomUUID);
  warnOnCloudRun({ settings, env: process.env, log });
  const infrastructure = await openInfrastructure({ service, settings, log });
  const isGateway = service === 'csms-server' && settings.daemons.gateway;
  const upstreams = upstreamsOf(settings);
  const http = await createHttp({
    settings: { ...settings, http: { ...settings.http, port } },
    log,
    version,
    keys: infrastructure.keys,
    metrics: infrastructure.metrics,
    levels,
    changesFile: join(settings.data.dir, 'changes', `${service}.jsonl`),
    ...(service === 'csms-server' && settings.http.console ? { consoleFolder } : {}),
    clock: infrastructure.clock,
    ...(isGateway ? { otherDocuments: () => readDocuments(upstreams) } : {}),
  });
  const running = await create({ ...infrastructure, http });
  if (isGateway) await installGateway(http.app, upstreams, settings.http.host);
  http.addReadiness('bus', async () => {
    const { connected, reason = 'the connection is lost' } = infrastructure.bus.health();
    if (!connected) throw new Error(reason);
  });
  http.addReadiness(service, async () => {
    const wrong = await running.readiness();
    if (wrong !== undefined) throw new Error(wrong);
  });
  installShutdown({
    log,
    timeoutMs: settings.csmsServer.drainSeconds * 1000 + stopMs,
    async stop() {
      // csms-server drains over its sockets, which are those of the listener.
      if (service === 'csms-server') await running.stop();
      await http.close();
      if (service !== 'csms-server') await running.stop();
      await infrastructure.close();
    },
  });
  await running.start();
  giveBackMemory();
  const listening = await http.listen();
  log.info({ port: listening.port, host: listening.host }, `${service} is running`);
}

function refuseOneProcess(service: ServiceName, { bus }: Settings): void {
  if (bus.driver !== 'memory') return;
  throw new StartupError(
    `${service} cannot run alone with bus.driver memory, which works within one process.`,
    'Set bus.driver to zeromq (no server needed) or to a broker, e.g. CSMS_BUS_DRIVER=zeromq; or start everything in one process with npm start.',
  );
}
