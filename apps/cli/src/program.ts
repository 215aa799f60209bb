import { version } from '@ocpp-csms/runtime/version';
import { Command } from 'commander';
import type { Context } from './context.ts';
import { exitCodeWords } from './exit-codes.ts';

interface Entry {
  name: string;
  /** For the help of the program, which loads no command. */
  summary: string;
  group: 'Run:' | 'Operate:' | 'Look after:';
  load(context: Context): Promise<Command>;
}

/** Each is loaded when it is used: some bring the whole system along. */
const entries: readonly Entry[] = [
  {
    name: 'start',
    summary: 'starts the system, all services in one process',
    group: 'Run:',
    load: async (context) => (await import('./commands/start.ts')).start(context),
  },
  {
    name: 'service',
    summary: 'starts one service as a process of its own',
    group: 'Run:',
    load: async (context) => (await import('./commands/service.ts')).service(context),
  },
  {
    name: 'simulate',
    summary: 'simulated charge points, recordings and their replay',
    group: 'Run:',
    load: async (context) => (await import('./commands/simulate.ts')).simulate(context),
  },
  {
    name: 'charge-points',
    summary: 'lists, registers and adopts charge points',
    group: 'Operate:',
    load: async (context) => (await import('./commands/charge-points.ts')).chargePoints(context),
  },
  {
    name: 'connectors',
    summary: 'connectors and their status',
    group: 'Operate:',
    load: async (context) => (await import('./commands/connectors.ts')).connectors(context),
  },
  {
    name: 'command',
    summary: 'commands charge points and shows what they say',
    group: 'Operate:',
    load: async (context) => (await import('./commands/command.ts')).command(context),
  },
  {
    name: 'messages',
    summary: 'what was said, and what is said now',
    group: 'Operate:',
    load: async (context) => (await import('./commands/messages.ts')).messages(context),
  },
  {
    name: 'transactions',
    summary: 'who charged what',
    group: 'Operate:',
    load: async (context) => (await import('./commands/transactions.ts')).transactions(context),
  },
  {
    name: 'id-tokens',
    summary: 'cards and other tokens, and who may charge',
    group: 'Operate:',
    load: async (context) => (await import('./commands/id-tokens.ts')).idTokens(context),
  },
  {
    name: 'config',
    summary: 'checks and shows the settings',
    group: 'Look after:',
    load: async (context) => (await import('./commands/config.ts')).config(context),
  },
  {
    name: 'doctor',
    summary: 'finds out what is wrong here, and what to do',
    group: 'Look after:',
    load: async (context) => (await import('./commands/doctor.ts')).doctor(context),
  },
  {
    name: 'export',
    summary: 'writes everything that is kept into a file',
    group: 'Look after:',
    load: async (context) => (await import('./commands/transfer.ts')).exportEverything(context),
  },
  {
    name: 'import',
    summary: 'brings such a file into another database',
    group: 'Look after:',
    load: async (context) => (await import('./commands/transfer.ts')).importEverything(context),
  },
  {
    name: 'completion',
    summary: 'completes what is typed, in bash, zsh and fish',
    group: 'Look after:',
    load: async (context) => (await import('./commands/completion.ts')).completion(context),
  },
];

const examples = (calledAs: string) => `
Examples:
  ${calledAs} doctor
  ${calledAs} start
  ${calledAs} charge-points adopt CP001
  ${calledAs} command CP001 Reset type=Soft
  ${calledAs} messages tail --client CP001

Each command has a help with examples of its own: ${calledAs} charge-points add --help

The API is looked for at --url, else CSMS_URL, else on this machine at the port of the settings. The key comes from
--key-file, else CSMS_API_KEY, else from admin.key in the data folder of the settings. Times are local (TZ), in JSON UTC.

${exitCodeWords}`;

/** The program with the command that was asked for, and the names of the others; or with all of them. */
export async function createProgram(context: Context, { everything = false } = {}): Promise<Command> {
  const program = new Command('ocpp-csms')
    .description('Operates ocpp-csms, a charging station management system for OCPP 1.6J, 2.0.1 and 2.1.')
    .usage('<command> [options]')
    .version(version)
    .addHelpText('after', examples(context.calledAs))
    .enablePositionalOptions()
    .addHelpCommand(
      new Command('help')
        .argument('[command]')
        .summary('shows this, or the help of a command')
        .helpGroup('Look after:'),
    );
  if (context.calledAs !== 'ocpp-csms') program.name(context.calledAs);
  for (const { name, summary, group, load } of entries) {
    const isWanted = everything || context.args[0] === name || (context.args[0] === 'help' && context.args[1] === name);
    const command = isWanted ? await load(context) : new Command(name);
    program.addCommand(command.summary(summary).helpGroup(group));
  }
  return program;
}
