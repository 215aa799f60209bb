import { type ExitCode, exitCodes } from './exit-codes.ts';

export interface FailureOptions extends ErrorOptions {
  /** What to do, as a sentence. */
  advice?: string;
  /** More for programs, with --json. */
  details?: Readonly<Record<string, unknown>>;
}

/** Why it was not done, for the person at the keyboard: shown without a stack. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: ExitCode;
  readonly advice: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  constructor(exitCode: ExitCode, message: string, { advice, details = {}, ...options }: FailureOptions = {}) {
    super(message, options);
    this.exitCode = exitCode;
    this.advice = advice;
    this.details = details;
  }
}

export const wrongUsage = (message: string, advice?: string): Failure =>
  new Failure(exitCodes.usage, message, advice === undefined ? {} : { advice });
