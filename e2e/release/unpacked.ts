import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '@ocpp-csms/testing';
import type { Release } from './make-release.ts';

/** A machine with nothing but a shell, tar and Node.js, and the archive unpacked on it. */
export interface Unpacked {
  folder: string;
  /** Runs a program of it; the environment is `env` and nothing of ours. */
  start(command: string, args: readonly string[], env?: Readonly<Record<string, string>>): StartedProgram;
  remove(): Promise<void>;
}

export interface StartedProgram {
  process: ChildProcess;
  output(): string;
  /** Resolves when it answers that it is ready; rejects with its output when it ends before. */
  ready(port: number, path?: string): Promise<void>;
  /** Resolves with the exit code. */
  ended(): Promise<number | null>;
  /** SIGTERM; resolves with the exit code. */
  terminate(): Promise<number | null>;
}

const readyWithinMs = 40_000;

export async function unpack({ archive, version }: Release): Promise<Unpacked> {
  const place = await mkdtemp(join(tmpdir(), 'ocpp-csms-package-'));
  const [bin, home] = [join(place, 'bin'), join(place, 'home')];
  for (const folder of [bin, home]) await mkdir(folder);
  await symlink(process.execPath, join(bin, 'node'));
  await promisify(execFile)('tar', ['xf', archive, '-C', place]);
  const folder = join(place, `ocpp_csms-${version}`);
  const bare = { PATH: `${bin}:/usr/bin:/bin`, HOME: home };
  return {
    folder,
    start: (command, args, env = {}) => startProgram(command, args, { cwd: folder, env: { ...bare, ...env } }),
    remove: () => rm(place, { recursive: true, force: true }),
  };
}

/** `asInTerminal`: what ends it ends what it has started as well, as Ctrl-C does. */
export function startProgram(
  command: string,
  args: readonly string[],
  { asInTerminal = false, ...place }: { cwd: string; env: NodeJS.ProcessEnv; asInTerminal?: boolean },
): StartedProgram {
  const child = spawn(command, args, { ...place, detached: asInTerminal, stdio: ['ignore', 'pipe', 'pipe'] });
  const pid = child.pid ?? 0;
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  const exited = once(child, 'exit');
  const ended = async () => {
    await exited;
    return child.exitCode;
  };
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  return {
    process: child,
    output: () => output,
    async ready(port, path = '/health/ready') {
      await until(
        `${path} on port ${port} is ready`,
        async () => {
          if (hasEnded()) return true;
          const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(2000) });
          return answer.status === 200;
        },
        { timeoutMs: readyWithinMs },
      ).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${output.slice(-3000)}`);
      });
      if (hasEnded()) throw new Error(`it ended:\n${output.slice(-3000)}`);
    },
    ended,
    terminate() {
      if (!hasEnded()) process.kill(asInTerminal ? -pid : pid, 'SIGTERM');
      return ended();
    },
  };
}
