import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { systemFlags } from '@ocpp-csms/all-in-one/node-flags';
import { createApi, until } from '@ocpp-csms/testing';
import { readAdminKey } from './admin-key.ts';
import { cleanEnvironment } from './clean-environment.ts';
import type { RunningCsms } from './running-csms.ts';

export interface SpawnedCsms extends RunningCsms {
  readonly process: ChildProcess;
  /** What it printed so far. */
  output(): string;
  /** SIGKILL: no chance to finish anything. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  terminate(): Promise<number | null>;
}

export interface SpawnOptions {
  dataDir: string;
  /** Another one than `freePort()` when charge points have to find it again. */
  port: number;
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
}

const main = fileURLToPath(import.meta.resolve('@ocpp-csms/all-in-one').replace(/index\.ts$/, 'main.ts'));

/** The real process. Resolves when it is ready; rejects with its output when it ends before. */
export async function spawnCsms({ dataDir, port, args = [], env = {} }: SpawnOptions): Promise<SpawnedCsms> {
  const child = spawnMain({ args, env: { ...settingsOf(dataDir, port), ...env }, cwd: dataDir });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit');
  const httpUrl = `http://127.0.0.1:${port}`;
  await until(
    'the process is ready',
    async () => {
      if (child.exitCode !== null || child.signalCode !== null) return true;
      return (await fetch(`${httpUrl}/health/ready`, { signal: AbortSignal.timeout(2000) })).status === 200;
    },
    { timeoutMs: 20_000 },
  ).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw new Error(`${String(error)}\n${output}`);
  });
  if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${output}`);
  const key = await readAdminKey(dataDir);

  return {
    process: child,
    httpUrl,
    wsUrl: `ws://127.0.0.1:${port}/ocpp`,
    port,
    dataDir,
    api: createApi({ url: httpUrl, key }),
    get logLines() {
      return output.split('\n').filter((line) => line !== '');
    },
    output: () => output,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async terminate() {
      child.kill('SIGTERM');
      const [code] = await exited;
      return code;
    },
  };
}

function settingsOf(dataDir: string, port: number): Record<string, string> {
  return {
    CSMS_DATA_DIR: dataDir,
    CSMS_HTTP_PORT: String(port),
    CSMS_HTTP_HOST: '127.0.0.1',
    CSMS_HTTP_REQUESTS_PER_MINUTE: '1000000',
    CSMS_LOG_DIR: '',
    CSMS_AUTH_RECONNECTS_PER_MINUTE: '10000',
    CSMS_AUTH_FAILURES_PER_MINUTE_PER_ADDRESS: '100000',
  };
}

/** Runs `apps/all-in-one/src/main.ts` on this Node.js, as `npm start` does. */
export function spawnMain({
  args,
  env,
  cwd,
}: {
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string;
}): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...systemFlags, main, ...args], {
    cwd,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
