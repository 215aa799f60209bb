import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type DeepPartial, loadSettings, type Settings } from '@ocpp-csms/config';
import { nameNodeOnCloudRun, warnOnCloudRun } from '@ocpp-csms/daemon';
import { createLeveledLog, exitWith, giveBackMemory, installShutdown, version } from '@ocpp-csms/runtime';
import { createAllInOne } from './all-in-one.ts';
import { banner } from './banner.ts';
import { type StartFlags, startCommand } from './command.ts';
import { answerStarter, createDemoBeside, demoDataSuffix } from './demo-beside.ts';
import { startDemoFleet } from './demo-fleet.ts';

const wrongUsage = 2;

const tryModeSettings = {
  http: { localNetworkOnly: true },
  csmsServer: { adoptUnknown: true },
  session: { acceptAllTokens: true },
};

/** Nothing of it reaches what real charge points are in: neither the folder nor the servers. */
const demoSettings: DeepPartial<Settings> = {
  ...tryModeSettings,
  http: { host: '127.0.0.1', publicUrl: '' },
  storage: { driver: 'sqlite' },
  messageManager: { store: 'database' },
  bus: { driver: 'memory' },
  cache: { driver: 'memory' },
};

/** For its charges to end. */
const demoFleetStopMs = 8000;
/** For a demo beside this system, with its fleet. */
const demoBesideStopMs = 15_000;

/** What the client `ocpp-csms` was called as, when it became this. */
const client = process.env.OCPP_CSMS_CALLED_AS;
const command = startCommand(client === undefined ? 'npm start --' : `${client} start`).exitOverride((error) =>
  process.exit(error.exitCode === 0 ? 0 : wrongUsage),
);

try {
  await run(command.parse().opts<StartFlags>());
} catch (error) {
  exitWith(error);
}

async function run(options: StartFlags): Promise<void> {
  const startedAt = performance.now();
  const { settings, source } = loadSettings({
    ...(options.config === undefined ? {} : { file: options.config }),
    env: process.env,
    cwd: process.cwd(),
    overrides: overridesFor(options),
  });
  if (options.demo) settings.data.dir += demoDataSuffix;
  const { log, levels } = createLeveledLog({ service: 'ocpp-csms', settings: settings.log });
  log.info({ version, settings: source }, `Starting with ${source}`);
  nameNodeOnCloudRun(settings, process.env, randomUUID);
  warnOnCloudRun({ settings, env: process.env, log });
  const { config } = options;
  const program = fileURLToPath(import.meta.url);
  const demo = options.demo ? undefined : createDemoBeside({ program, config, dataDir: settings.data.dir, log });
  const system = await createAllInOne({ settings, log, levels, ...(demo === undefined ? {} : { demo }) });
  const { port } = await system.start();
  giveBackMemory();
  const url = `ws://127.0.0.1:${port}${settings.csmsServer.path}`;
  const fleet = options.demo ? startDemoFleet({ url, log }) : undefined;
  const stop = async () => {
    await fleet?.stop(demoFleetStopMs);
    await Promise.all([system.stop(), demo?.stop(demoBesideStopMs)]);
  };
  const timeoutMs = (settings.csmsServer.drainSeconds + 20) * 1000 + demoFleetStopMs;
  installShutdown({ log, stop, timeoutMs, withStarter: options.demo === true });
  if (options.demo) answerStarter(port, system.http);
  const { createdAdminKey, adminKeyFile } = system;
  const loginCode = isLinkOfUse(settings, createdAdminKey !== undefined) ? system.http.issueLoginCode() : undefined;
  const simulate = client === undefined ? 'npm run simulate --' : `${client} simulate`;
  const facts = { settings, version, port, createdAdminKey, adminKeyFile, loginCode, simulate };
  const chargePoints = await system.chargePointCount();
  const mode = options.demo ? 'demo' : options.try ? 'try' : 'normal';
  const startedInMs = performance.now() - startedAt;
  process.stdout.write(`${banner({ ...facts, chargePoints, mode, startedInMs })}\n`);
}

/** Where somebody reads along, or has never had a key; and a browser on this machine reaches us. */
function isLinkOfUse({ http }: Settings, isFirstStart: boolean): boolean {
  const isReached = ['0.0.0.0', '::', '127.0.0.1', '::1', 'localhost'].includes(http.host);
  return isReached && http.console && (isFirstStart || process.stdout.isTTY === true);
}

function overridesFor({ demo, try: tryMode }: StartFlags): DeepPartial<Settings> {
  if (demo) return demoSettings;
  return tryMode ? tryModeSettings : {};
}
