import type { RunningCsms } from '../src/running-csms.ts';
import type { Shape } from '../src/shapes.ts';

/** A fault that is injected on purpose, and what must be true afterwards. */
export interface Fault {
  readonly name: string;
  /** What is done to the CSMS, in one sentence. */
  readonly does: string;
  /** The criterion, in numbers where there are any. */
  readonly holdsWhen: string;
  /** Where it can be injected. */
  readonly shapes: readonly Shape[];
  /** It changes settings or kills processes, and spoils the system for whoever else uses it. */
  readonly wantsItsOwn: boolean;
  run(run: Run): Promise<Outcome>;
}

export interface Run {
  readonly shape: Shape;
  /** A system that runs already, for faults that spare it. */
  readonly running?: RunningCsms;
  /** The long form takes some twenty minutes and is what the report shows; the short one is part of `npm test`. */
  readonly isLong: boolean;
  /** Progress, for whoever watches. */
  say(words: string): void;
}

export interface Outcome {
  /** In words, one for each thing that is not as it must be. Empty: the CSMS held. */
  problems: string[];
  /** What was measured, with units. */
  figures: string[];
  /** What took the place of something that this machine does not permit. */
  standIn?: string;
}

/** This machine lacks what the fault needs: skipped, with this reason. */
export class NotPossibleHere extends Error {
  override readonly name = 'NotPossibleHere';
}
