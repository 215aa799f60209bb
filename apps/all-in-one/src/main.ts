import { type DeepPartial, loadSettings, type Settings } from '@ocpp-csms/config';
import { createLog, exitWith, installShutdown, version } from '@ocpp-csms/runtime';
import { Command } from 'commander';
import { createAllInOne } from './all-in-one.ts';
import { banner } from './banner.ts';
import { startDemoFleet } from './demo-fleet.ts';

const tryModeSettings = {
  http: { localNetworkOnly: true },
  csmsServer: { adoptUnknown: true },
  session: { acceptAllTokens: true },
};

const demoSettings = { ...tryModeSettings, http: { host: '127.0.0.1' } };

interface Options {
  config?: string;
  try?: boolean;
  demo?: boolean;
}

/** Simulated transactions must never be in the ledger of real ones. */
const demoDataSuffix = '-demo';
/** For its charges to end. */
const demoFleetStopMs = 8000;

const program = new Command('npm start --')
  .description('Starts the charging station management system: all four services in this process.')
  .version(version)
  .option('-c, --config <file>', 'settings; otherwise ./conf.yaml, else ./cfg/conf.yaml, else the defaults')
  .option(
    '--try',
    'for a first look on a bench: adopts every charge point, accepts every token, from the local network only',
  )
  .option('--demo', 'with a simulated fleet, data of its own, and from this machine only: to see what it is like')
  .addHelpText(
    'after',
    '\nEach setting also by environment variable, e.g. CSMS_HTTP_PORT=9000 CSMS_DATA_DIR=/srv/csms.\nAll settings with their defaults: conf.example.yaml',
  )
  .parse();

try {
  await run(program.opts<Options>());
} catch (error) {
  exitWith(error);
}

async function run(options: Options): Promise<void> {
  const startedAt = performance.now();
  const { settings, source } = loadSettings({
    ...(options.config === undefined ? {} : { file: options.config }),
    env: process.env,
    cwd: process.cwd(),
    overrides: overridesFor(options),
  });
  if (options.demo) settings.data.dir += demoDataSuffix;
  const log = createLog({ service: 'ocpp-csms', settings: settings.log });
  log.info({ version, settings: source }, `Starting with ${source}`);
  const system = await createAllInOne({ settings, log });
  const { port } = await system.start();
  const url = `ws://127.0.0.1:${port}${settings.csmsServer.path}`;
  const fleet = options.demo ? startDemoFleet({ url, log }) : undefined;
  const stop = async () => {
    await fleet?.stop(demoFleetStopMs);
    await system.stop();
  };
  installShutdown({ log, stop, timeoutMs: (settings.csmsServer.drainSeconds + 20) * 1000 + demoFleetStopMs });
  const { createdAdminKey, adminKeyFile } = system;
  const facts = { settings, version, port, createdAdminKey, adminKeyFile };
  const chargePoints = await system.chargePointCount();
  const mode = options.demo ? 'demo' : options.try ? 'try' : 'normal';
  const startedInMs = performance.now() - startedAt;
  process.stdout.write(`${banner({ ...facts, chargePoints, mode, startedInMs })}\n`);
}

function overridesFor({ demo, try: tryMode }: Options): DeepPartial<Settings> {
  if (demo) return demoSettings;
  return tryMode ? tryModeSettings : {};
}
