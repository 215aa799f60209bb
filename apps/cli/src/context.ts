import type { Terminal } from './output/terminal.ts';

/** What a command knows of the world. */
export interface Context {
  /** What is typed before the name of a command, for examples and hints. */
  calledAs: string;
  /** As they were typed, the name of the command the first. */
  args: readonly string[];
  terminal: Terminal;
  stdin: NodeJS.ReadStream;
  env: NodeJS.ProcessEnv;
  /** What relative file names start from. */
  cwd: string;
  now(): Date;
}
