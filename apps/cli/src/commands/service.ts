import { fileURLToPath } from 'node:url';
import { Argument, Command } from 'commander';
import type { Context } from '../context.ts';
import { becomeSystem } from './become-system.ts';
import { examples } from './examples.ts';

/** Each named in full: where they are is found out when a release is built as well. */
const mains = {
  'csms-server': () => import.meta.resolve('@ocpp-csms/csms-server/main'),
  'message-manager': () => import.meta.resolve('@ocpp-csms/message-manager/main'),
  session: () => import.meta.resolve('@ocpp-csms/session/main'),
  'device-manager': () => import.meta.resolve('@ocpp-csms/device-manager/main'),
};
const nameAndService = 2;

export function service(context: Context): Command {
  const { calledAs } = context;
  return new Command('service')
    .description(
      'Starts one of the four services as a process of its own. It reaches the others over the bus of the settings.',
    )
    .addArgument(new Argument('<name>', 'which one').choices(Object.keys(mains)))
    .option('-c, --config <file>', 'settings; otherwise ./conf.yaml, else ./cfg/conf.yaml, else the defaults')
    .addHelpText(
      'after',
      examples(calledAs, [
        ['service csms-server --config /etc/ocpp-csms/conf.yaml', ''],
        ['service session', 'with the settings that it finds here'],
      ]),
    )
    .action((name: keyof typeof mains) => becomeSystem(fileURLToPath(mains[name]()), context, nameAndService));
}
