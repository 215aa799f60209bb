import { calledAs } from './called-as.ts';
import { createTerminal } from './output/terminal.ts';
import { run } from './run.ts';

const terminal = createTerminal(process.stdout, process.stderr);

// Whoever read along has gone (`| head`): nothing more is wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

// A key among the arguments is for us; from here on, the list of processes shows the name alone.
if (process.argv.some((argument) => argument.startsWith('--key'))) process.title = 'ocpp-csms';

await run({
  calledAs: calledAs(process.env),
  args: process.argv.slice(2),
  terminal,
  stdin: process.stdin,
  env: process.env,
  cwd: process.cwd(),
  now: () => new Date(),
});
