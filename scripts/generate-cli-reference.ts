import { readFileSync, writeFileSync } from 'node:fs';
import { createTerminal } from '../apps/cli/src/output/terminal.ts';
import { withReference } from '../apps/cli/src/reference.ts';

/** Writes what each command of ocpp-csms says of itself into `docs/cli.md`. */
const file = new URL('../docs/cli.md', import.meta.url);

const page = await withReference(readFileSync(file, 'utf8'), {
  calledAs: 'ocpp-csms',
  args: [],
  terminal: createTerminal(process.stdout, process.stderr),
  stdin: process.stdin,
  env: {},
  cwd: '/',
  now: () => new Date(),
});
writeFileSync(file, page);
