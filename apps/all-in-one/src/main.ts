import { loadSettings } from '@ocpp-csms/config';
import { createLog, exitWith, installShutdown } from '@ocpp-csms/runtime';
import { Command } from 'commander';
import { createAllInOne } from './all-in-one.ts';
import { banner } from './banner.ts';
import { version } from './version.ts';

const tryModeSettings = {
  http: { localNetworkOnly: true },
  csmsServer: { adoptUnknown: true },
  session: { acceptAllTokens: true },
};

interface Options {
  config?: string;
  try?: boolean;
}

const program = new Command('npm start --')
  .description('Starts the charging station management system: all four services in this process.')
  .version(version)
  .option('-c, --config <file>', 'settings; otherwise ./conf.yaml, else ./cfg/conf.yaml, else the defaults')
  .option(
    '--try',
    'for a first look on a bench: adopts every charge point, accepts every token, from the local network only',
  )
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
    ...(options.try ? { overrides: tryModeSettings } : {}),
  });
  const log = createLog({ service: 'ocpp-csms', settings: settings.log });
  log.info({ version, settings: source }, `Starting with ${source}`);
  const system = await createAllInOne({ settings, log });
  const { port } = await system.start();
  installShutdown({ log, stop: () => system.stop(), timeoutMs: (settings.csmsServer.drainSeconds + 20) * 1000 });
  const { createdAdminKey, adminKeyFile } = system;
  const chargePoints = await system.chargePointCount();
  process.stdout.write(
    `${banner({ settings, version, port, createdAdminKey, adminKeyFile, chargePoints, tryMode: options.try === true, startedInMs: performance.now() - startedAt })}\n`,
  );
}
