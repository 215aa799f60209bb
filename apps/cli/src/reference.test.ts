import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { createTerminal } from './output/terminal.ts';
import { createProgram } from './program.ts';
import { leavesOf, withReference } from './reference.ts';

const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
const context: Context = {
  calledAs: 'ocpp-csms',
  args: [],
  terminal: createTerminal(process.stdout, process.stderr),
  stdin: process.stdin,
  env: {},
  cwd: '/',
  now: () => new Date(),
};

test('docs/cli.md has what the commands say of themselves (npm run csms:reference)', async () => {
  expect(page).toBe(await withReference(page, context));
});

test('docs/cli.md has every exit code', () => {
  const documented = [...page.matchAll(/^\| (\d+) \| /gm)].map(([, code]) => Number(code));
  expect(documented).toEqual([...Object.values(exitCodes), 130]);
});

test('the help of each command has examples', async () => {
  const program = await createProgram(context, { everything: true });
  const leaves = program.commands.flatMap((command) => leavesOf(command, [command.name()]));
  expect(leaves.length).toBeGreaterThan(25);
  for (const { path, command } of leaves) {
    const parts: string[] = [];
    command.configureOutput({ writeOut: (part) => void parts.push(part) });
    command.outputHelp();
    expect(parts.join('')).toMatch(new RegExp(`Examples:\\n(?: .*\\n)*?.*ocpp-csms ${path.join(' ')}`));
  }
});
