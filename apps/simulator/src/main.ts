import type { JsonObject, OcppVersion } from '@ocpp-csms/ocpp';
import { Command, InvalidArgumentError, Option } from 'commander';
import { simulate } from './charge-point.ts';
import { exitCodes } from './simulation.ts';

interface Options {
  url: string;
  id: string;
  version: OcppVersion;
  password?: string;
  token: string;
  count: number;
  interval: number;
  duration: number;
  once?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  npm run simulate -- --id CP001                            boots, charges for 30 s, then obeys commands
  npm run simulate -- --id CP001 --once                     one charge, then exit
  npm run simulate -- --id CP001 --version ocpp2.0.1        speaks OCPP 2.0.1
  npm run simulate -- --id CP001 --password secret-of-CP001 HTTP Basic
  npm run simulate -- --id FLEET --count 10 --interval 2    FLEET-1 … FLEET-10

Exit codes: 0 done; 1 no CSMS answers; 2 wrong usage; 3 connection refused; 4 token refused (1, 3, 4 only with --once).`;

const program = new Command('npm run simulate --')
  .description('A simulated charge point: boots, charges, and does what the CSMS tells it.')
  .option('--url <url>', 'WebSocket URL of the CSMS, without the identity', 'ws://127.0.0.1:8080/ocpp')
  .option('--id <id>', 'identity of the charge point (networkId)', 'CP001')
  .addOption(
    new Option('--version <version>', 'OCPP version').choices(['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1']).default('ocpp1.6'),
  )
  .option('--password <password>', 'for HTTP Basic')
  .option('--token <tag>', 'id token that it charges with', 'TAG001')
  .option('--count <number>', 'how many charge points: <id>-1, <id>-2, …', positive, 1)
  .option('--interval <seconds>', 'between meter values', positive, 5)
  .option('--duration <seconds>', 'how long a charge takes', positive, 30)
  .option('--once', 'one charge, then exit; exit as well when refused')
  .option('--json', 'one JSON object for each event')
  .addHelpText('after', examples)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : exitCodes.usage));

await run(program.parse().opts<Options>());

async function run({ count, json = false, once = false, url, id, ...options }: Options): Promise<void> {
  const ids = count === 1 ? [id] : Array.from({ length: count }, (_, index) => `${id}-${index + 1}`);
  const base = { ...options, once, url: url.replace(/\/+$/, '') };
  const simulations = ids.map((one) => simulate({ ...base, id: one, say: sayFor(one, json) }));
  for (const simulation of simulations) simulation.start();
  process.once('SIGINT', () => {
    process.once('SIGINT', () => process.exit(130));
    for (const simulation of simulations) void simulation.stop();
  });
  const codes = await Promise.all(simulations.map(({ finished }) => finished));
  process.exitCode = Math.max(...codes);
}

function sayFor(id: string, json: boolean) {
  return (event: string, message: string, details: JsonObject = {}) => {
    const time = new Date().toISOString();
    console.log(
      json ? JSON.stringify({ time, id, event, message, ...details }) : `${time.slice(11, 19)} ${id}  ${message}`,
    );
  };
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('must be a number above 0');
  return value;
}
