import type { Command } from 'commander';
import type { Context } from '../context.ts';

/** What may stand at the cursor, and a word on it. */
export interface Candidate {
  text: string;
  words?: string;
}

/** For what candidates are wanted. */
export interface Asked {
  command: Command;
  given: readonly string[];
  current: string;
  context: Context;
}
