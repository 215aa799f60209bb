import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../until.ts';
import { freePort } from './free-port.ts';

export interface NatsServer {
  readonly port: number;
  /** nats://127.0.0.1:port */
  readonly url: string;
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

/** Why there is no nats-server to start here; undefined: there is one. */
export const noNatsServer: string | undefined = (() => {
  try {
    execFileSync('nats-server', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'there is no nats-server in the path (Debian: apt install nats-server)';
  }
})();

/** A NATS server with JetStream of the test's own, on a free port, with its files in a temporary folder. `settings` as on its command line. */
export async function startNatsServer({ settings = [] }: { settings?: readonly string[] } = {}): Promise<NatsServer> {
  const port = await freePort();
  let directory = await mkdtemp(join(tmpdir(), 'nats-'));
  let child: ChildProcess | undefined;

  async function start({ empty = false } = {}): Promise<void> {
    if (empty) {
      await rm(directory, { recursive: true, force: true });
      directory = await mkdtemp(join(tmpdir(), 'nats-'));
    }
    const place = ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', directory];
    child = spawn('nats-server', [...place, ...settings], { stdio: 'ignore' });
    await until('nats-server greets', () => greets(port));
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
    url: `nats://127.0.0.1:${port}`,
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

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(500, () => socket.destroy());
    socket.on('data', (data) => {
      resolve(data.toString('latin1').startsWith('INFO'));
      socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(false));
  });
}
