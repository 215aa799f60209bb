import type { Options } from './options.ts';
import type { Target } from './report.ts';

/** What one part of the bench found. */
export interface Findings {
  /** For people; the targets are put below it. */
  markdown: string;
  /** For machines. */
  figures: unknown;
  targets?: readonly Target[];
}

export interface Tools {
  options: Options;
  /** Says what is under way. */
  progress(text: string): void;
}

export type Part = (tools: Tools) => Promise<Findings>;
