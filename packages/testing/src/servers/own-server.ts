import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../until.ts';
import { freePort } from './free-port.ts';

/** A server of the test's own, on a free port, with its files in a temporary folder. */
export interface OwnServer {
  readonly port: number;
  /** Ends it, politely or as a power cut would. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Starts it again on the same port: with what it kept on its disk, or `empty`. */
  start(options?: { empty?: boolean }): Promise<void>;
  /** Stands still, with its connections open. */
  pause(): void;
  resume(): void;
  /** Ends it and deletes its files. */
  remove(): Promise<void>;
}

export interface OwnServerOptions {
  /** Its name in the path. */
  program: string;
  argumentsFor(place: { port: number; directory: string }): readonly string[];
  /** It is up when, having been told `ask`, it begins with `answer`. */
  greeting: { ask?: string; answer: string };
}

/** Why there is no such program to start here; undefined: there is one. Its Debian package has its name. */
export function programMissing(program: string): string | undefined {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `there is no ${program} in the path (Debian: apt install ${program})`;
  }
}

export async function startOwnServer({ program, argumentsFor, greeting }: OwnServerOptions): Promise<OwnServer> {
  const port = await freePort();
  const newDirectory = () => mkdtemp(join(tmpdir(), `${program}-`));
  let directory = await newDirectory();
  let child: ChildProcess | undefined;

  async function start({ empty = false } = {}): Promise<void> {
    if (empty) {
      await rm(directory, { recursive: true, force: true });
      directory = await newDirectory();
    }
    child = spawn(program, [...argumentsFor({ port, directory })], { stdio: 'ignore' });
    await until(`${program} answers`, () => greets(port, greeting));
  }

  async function stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): Promise<void> {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill('SIGCONT');
    ending.kill(signal);
    await ended;
  }

  await start();
  return {
    port,
    start,
    stop,
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    async remove() {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function greets(port: number, { ask = '', answer }: OwnServerOptions['greeting']): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(ask));
    socket.setTimeout(500, () => socket.destroy());
    socket.on('data', (data) => {
      resolve(data.toString('latin1').startsWith(answer));
      socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(false));
  });
}
