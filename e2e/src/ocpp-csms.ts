import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@ocpp-csms/testing';
import { onTestFinished } from 'vitest';
import { cleanEnvironment } from './clean-environment.ts';
import type { RunningCsms } from './running-csms.ts';

export const program = fileURLToPath(new URL('../../apps/cli/src/ocpp-csms.js', import.meta.url));

export interface Ended {
  code: number | null;
  /** Standard output. */
  out: string;
  /** Standard error. */
  notes: string;
}

export interface RunOptions {
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  input?: string;
}

export interface RunningProgram {
  readonly process: ChildProcess;
  out(): string;
  notes(): string;
  /** Resolves when the standard output has this. */
  saw(text: string | RegExp): Promise<void>;
  readonly ended: Promise<Ended>;
}

/** The real program, as somebody types it. It ends with the test. */
export function startProgram(
  args: readonly string[],
  { env = {}, cwd = tmpdir(), input = '' }: RunOptions = {},
): RunningProgram {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
    env: { ...cleanEnvironment(), NO_COLOR: '1', ...env },
    cwd,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let out = '';
  let notes = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (notes += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return {
    process: child,
    out: () => out,
    notes: () => notes,
    saw: async (text) => {
      const has = () => (typeof text === 'string' ? out.includes(text) : text.test(out));
      await until(`${args.join(' ')} shows ${text}`, has, { timeoutMs: 30_000 }).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${out}${notes}`);
      });
    },
    ended: once(child, 'close').then(([code]) => ({ code, out, notes })),
  };
}

/** What the program says about a running system, with its admin key. */
export function createProgram(csms: RunningCsms) {
  // Where everything is said, no settings are looked for, which is quicker; other tests look for them.
  const where = () => ({
    CSMS_URL: csms.httpUrl,
    CSMS_API_KEY: readFileSync(join(csms.dataDir, 'admin.key'), 'utf8').trim(),
  });
  const start = (args: readonly string[], options: RunOptions = {}) =>
    startProgram(args, { ...options, env: { ...where(), ...options.env } });
  return {
    start,
    run: (args: readonly string[], options?: RunOptions): Promise<Ended> => start(args, options).ended,
    /** With `--json`; fails unless the exit code is 0. */
    async json<Answer>(args: readonly string[], options?: RunOptions): Promise<Answer> {
      const { code, out, notes } = await start([...args, '--json'], options).ended;
      if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${notes}`);
      return JSON.parse(out);
    },
  };
}
