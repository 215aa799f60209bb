import type { Argument, Command, Option } from 'commander';
import type { Context } from '../context.ts';
import { printable } from '../output/printable.ts';
import { createProgram } from '../program.ts';
import type { Asked, Candidate } from './candidate.ts';
import { completing, filesWanted } from './scripts.ts';

/** Prints the candidates for the last of the words, which may be empty or a beginning. */
export async function complete(words: readonly string[], context: Context): Promise<void> {
  const current = words.at(-1) ?? '';
  const program = await createProgram({ ...context, args: words });
  const place = placeOf(program, words.slice(0, -1));
  for (const { text, words: about } of await candidatesAt(place, current, context)) {
    // The shells read lines, and a tab ends the candidate.
    const line = about === undefined ? printable(text) : `${printable(text)}\t${printable(about)}`;
    if (text === filesWanted || text.startsWith(current)) await context.terminal.out(`${line}\n`);
  }
}

interface Place {
  command: Command;
  /** The arguments that are there already, options left out. */
  given: readonly string[];
  /** What is typed is the value of this option. */
  awaiting: Option | undefined;
  /** Behind `--` there are no options. */
  isBehindDashes: boolean;
}

function placeOf(program: Command, words: readonly string[]): Place {
  let command = program;
  let given: string[] = [];
  let awaiting: Option | undefined;
  let isBehindDashes = false;
  for (const word of words) {
    if (awaiting !== undefined) awaiting = undefined;
    else if (isBehindDashes) given.push(word);
    else if (word === '--') isBehindDashes = true;
    else if (word.startsWith('-')) awaiting = optionWithValue(command, word);
    else {
      const child = given.length === 0 ? command.commands.find((one) => one.name() === word) : undefined;
      if (child === undefined) given.push(word);
      else {
        command = child;
        given = [];
      }
    }
  }
  return { command, given, awaiting, isBehindDashes };
}

/** The option, when its value is the next word. */
function optionWithValue(command: Command, word: string): Option | undefined {
  const option = command.options.find(({ long, short }) => word === long || word === short);
  return option?.required || option?.optional ? option : undefined;
}

async function candidatesAt(
  { command, given, awaiting, isBehindDashes }: Place,
  current: string,
  context: Context,
): Promise<readonly Candidate[]> {
  if (awaiting !== undefined) return valuesOf(awaiting);
  if (current.startsWith('-') && !isBehindDashes) return optionsOf(command);
  if (given.length === 0 && command.commands.length > 0) return commandsOf(command);
  const { registeredArguments: known } = command;
  const argument = known[given.length] ?? (known.at(-1)?.variadic ? known.at(-1) : undefined);
  return argument === undefined ? [] : argumentsOf(argument, { command, given, current, context });
}

const valuesOf = ({ argChoices, flags }: Option): Candidate[] =>
  argChoices?.map((text) => ({ text })) ?? (flags.includes('<file>') ? [{ text: filesWanted }] : []);

function optionsOf(command: Command): Candidate[] {
  const own = command.createHelp().visibleOptions(command);
  return own.map(({ long, short, description }) => ({ text: long ?? short ?? '', words: description }));
}

function commandsOf(command: Command): Candidate[] {
  const visible = command.createHelp().visibleCommands(command);
  return visible
    .filter((child) => child.name() !== completing)
    .map((child) => ({ text: child.name(), words: child.summary() || child.description() }));
}

async function argumentsOf(argument: Argument, asked: Asked): Promise<readonly Candidate[]> {
  if (argument.argChoices) return argument.argChoices.map((text) => ({ text }));
  if (argument.name() === 'file') return [{ text: filesWanted }];
  const { liveCandidates } = await import('./live-candidates.ts');
  return liveCandidates(argument.name(), asked);
}
