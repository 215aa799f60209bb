import type { Command } from 'commander';
import { reachingIt } from './connection/connect.ts';
import type { Context } from './context.ts';
import { exitCodeWords } from './exit-codes.ts';
import { createProgram } from './program.ts';

/** Between these, docs/cli.md has what each command says of itself. */
const marks = { begin: '<!-- generated from here: npm run csms:reference -->\n', end: '<!-- to here -->\n' };
const width = 110;

/** The page with the help of all commands as it is now. */
export async function withReference(page: string, context: Context): Promise<string> {
  const begin = page.indexOf(marks.begin);
  const end = page.indexOf(marks.end);
  if (begin < 0 || end < begin) throw new Error(`the page has no ${marks.begin.trim()} … ${marks.end.trim()}`);
  return page.slice(0, begin + marks.begin.length) + (await reference(context)) + page.slice(end);
}

async function reference(context: Context): Promise<string> {
  const program = await createProgram(context, { everything: true });
  const sections = program.commands.flatMap((command) => {
    const other = elsewhere[command.name()];
    if (other !== undefined) return [`\n### ${command.name()}\n\n${other}\n`];
    return leavesOf(command, [command.name()]).map(sectionOf);
  });
  return `${sections.join('')}\n`;
}

const sectionOf = ({ path, command }: Leaf): string =>
  `\n### ${path.join(' ')}\n\n\`\`\`\n${helpOf(command)}\n\`\`\`\n`;

interface Leaf {
  path: readonly string[];
  command: Command;
}

/** They have pages of their own, and helps that are longer than all others. */
const elsewhere: Readonly<Record<string, string>> = {
  simulate:
    'Simulated charge points: [simulator.md](simulator.md). Its `record` and `replay`: [recordings.md](recordings.md).',
};

/** A group is its commands. */
export function leavesOf(command: Command, path: readonly string[]): Leaf[] {
  const below = command.commands.flatMap((child) => leavesOf(child, [...path, child.name()]));
  const isGroup = below.length > 0 && command.options.length === 0;
  return isGroup ? below : [{ path, command }, ...below];
}

/** Without what is the same for all of them, which the page says once. */
function helpOf(command: Command): string {
  const parts: string[] = [];
  command.configureOutput({ writeOut: (part) => void parts.push(part), getOutHelpWidth: () => width });
  command.outputHelp();
  const reaching = new RegExp(`\n${reachingIt}\n(?:  .*\n)+`);
  return parts.join('').replace(reaching, '').replace(`\n${exitCodeWords}`, '').trim();
}
