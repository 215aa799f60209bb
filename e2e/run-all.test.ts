import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, until } from '@ocpp-csms/testing';
import { expect, onTestFinished, test } from 'vitest';
import { cleanEnvironment } from './src/clean-environment.ts';

const script = fileURLToPath(new URL('../scripts/run_all.sh', import.meta.url));

interface Running {
  process: ChildProcess;
  output(): string;
  exited: Promise<unknown[]>;
}

/** Two of the four, which is quicker; they do not wait for the others. */
async function runAll(leftOut: string): Promise<Running & { urls: string[] }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ocpp-csms-run-all-'));
  const ports = [await freePort(), await freePort()];
  const child = spawn('bash', [script], {
    env: {
      ...cleanEnvironment(),
      PATH: `${join(process.execPath, '..')}:${process.env.PATH}`,
      ans: leftOut,
      CSMS_DATA_DIR: dataDir,
      CSMS_LOG_DIR: '',
      CSMS_BUS_DRIVER: 'zeromq',
      CSMS_DAEMONS_MESSAGE_MANAGER_PORT: String(ports[0]),
      CSMS_DAEMONS_SESSION_PORT: String(ports[1]),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exited;
    await rm(dataDir, { recursive: true, force: true });
  });
  return {
    process: child,
    output: () => output,
    exited,
    urls: ports.map((port) => `http://127.0.0.1:${port}/health/live`),
  };
}

test.skipIf(process.platform === 'win32')(
  'scripts/run_all.sh starts services, and ends them in good order',
  async () => {
    const all = await runAll('csms-server device-manager');
    for (const url of all.urls)
      await until(`${url} answers`, async () => (await fetch(url)).ok, { timeoutMs: 30_000 }).catch(
        (error: unknown) => {
          throw new Error(`${String(error)}\n${all.output()}`);
        },
      );
    expect(all.output()).toContain('csms-server is left out (ans)');
    all.process.kill('SIGTERM');
    expect(await all.exited).toEqual([0, null]);
    await expect(fetch(all.urls[0]!)).rejects.toThrow();
  },
);

test.skipIf(process.platform === 'win32')('when one ends, all end, with its exit code', async () => {
  const all = await runAll('csms-server device-manager message-manager session');
  expect(await all.exited).toEqual([0, null]);
  expect(all.output()).toContain('nothing to do');
  const broken = await runAll('csms-server device-manager message-manager');
  await until('session runs', async () => (await fetch(broken.urls[1]!)).ok, { timeoutMs: 30_000 });
  process.kill(await pidOfChild(broken.process), 'SIGKILL');
  expect(await broken.exited).toEqual([137, null]);
  expect(broken.output()).toContain('A service ended (exit code 137)');
});

async function pidOfChild({ pid }: ChildProcess): Promise<number> {
  const listing = spawn('pgrep', ['-P', String(pid), '-f', 'session'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  listing.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(listing, 'close');
  return Number.parseInt(text, 10);
}
