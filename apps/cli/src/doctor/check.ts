import type { Settings } from '@ocpp-csms/config';
import type { RunningInstance } from './running-instance.ts';

/** `skipped`: there is nothing to look at, here or with these settings. */
export type Status = 'ok' | 'warning' | 'failed' | 'skipped';

export interface Finding {
  /** What was looked at: `port 8080`. */
  name: string;
  status: Status;
  /** What was found. */
  words: string;
  /** What to do about it. */
  todo?: string;
}

export interface DoctorContext {
  settings: Settings;
  /** The data folder. */
  directory: string;
  env: NodeJS.ProcessEnv;
  /** Milliseconds since 1970. */
  now(): number;
  /** For each step that waits for something outside. */
  timeoutMs: number;
  /** What answers at this port on this machine, if it is one of us. Asked once for each port. */
  runningAt(port: number): Promise<RunningInstance | undefined>;
}

/** One thing that is looked at. Rejects with what kept it from being looked at. Changes nothing. */
export interface Check {
  name: string;
  run(context: DoctorContext): Promise<Finding | readonly Finding[]>;
}

export const ok = (name: string, words: string): Finding => ({ name, status: 'ok', words });
export const skipped = (name: string, words: string): Finding => ({ name, status: 'skipped', words });
export const warning = (name: string, words: string, todo: string): Finding => ({
  name,
  status: 'warning',
  words,
  todo,
});
export const failed = (name: string, words: string, todo: string): Finding => ({ name, status: 'failed', words, todo });
