import { version } from '@ocpp-csms/runtime/version';
import { Command } from 'commander';

export interface StartFlags {
  config?: string;
  try?: boolean;
  demo?: boolean;
}

/** What can be said at a start. `calledAs`: what is typed to get here, for the examples. */
export function startCommand(calledAs: string, name = calledAs): Command {
  return new Command(name)
    .description('Starts the charging station management system: all four services in this process.')
    .version(version)
    .option('-c, --config <file>', 'settings; otherwise ./conf.yaml, else ./cfg/conf.yaml, else the defaults')
    .option(
      '--try',
      'for a first look on a bench: adopts every charge point, accepts every token, from the local network only',
    )
    .option('--demo', 'with a simulated fleet, data of its own, and from this machine only: to see what it is like')
    .addHelpText('after', examples(calledAs));
}

const examples = (calledAs: string) => `
Examples:
  ${calledAs}
  ${calledAs} --config /etc/ocpp-csms/conf.yaml
  CSMS_HTTP_PORT=9000 CSMS_DATA_DIR=/srv/csms ${calledAs}

Each setting also by environment variable, as above. All settings with their defaults: conf.example.yaml

Exit codes: 0 stopped in good order (SIGTERM, Ctrl-C); 1 it could not start, or failed; 2 wrong usage.`;
