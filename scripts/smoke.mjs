// Starts the system as a user does (npm start), on any platform: it gets ready, serves its API and guide, and ends.
// Runs on any Node.js from 18 on, without node_modules: built-ins alone.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './bootstrap.mjs';

/** On a machine that has nothing yet, Node.js and the dependencies are fetched first. */
const readyWithinMs = 8 * 60_000;
const endWithinMs = 60_000;
const windows = process.platform === 'win32';

const dataDir = mkdtempSync(join(tmpdir(), 'ocpp-csms-smoke-'));
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const child = spawn('npm', ['start'], {
  cwd: root,
  env: { ...process.env, CSMS_HTTP_PORT: String(port), CSMS_DATA_DIR: dataDir, CSMS_LOG_DIR: '' },
  stdio: ['ignore', 'inherit', 'inherit'],
  // npm is a batch file there.
  shell: windows,
  // A process group of its own, which gets a Ctrl-C as from a terminal.
  detached: !windows,
});
const exited = once(child, 'exit');
try {
  await until('it is ready', readyWithinMs, async () => {
    if (child.exitCode !== null) return true;
    return (await fetch(`${url}/health/ready`)).ok;
  });
  if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`);
  const key = readFileSync(join(dataDir, 'admin.key'), 'utf8').trim();
  const ask = async (path, options = {}) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const response = await fetch(url + path, { headers, ...options });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.text();
  };
  await ask('/device-manager/charge-points', { method: 'POST', body: JSON.stringify({ networkId: 'SMOKE-1' }) });
  if (!(await ask('/device-manager/charge-points')).includes('SMOKE-1')) throw new Error('it is not in the list');
  if (!(await ask('/docs/guide/get-started')).includes('Get started')) throw new Error('there is no guide');
  await end();
  console.log('\nsmoke: it started, kept a charge point, served the guide, and ended');
} catch (error) {
  console.error(`\nsmoke: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
  killTree();
} finally {
  await Promise.race([exited, wait(5000)]);
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
}

/** A Ctrl-C goes to all that npm started. On Windows no program can send another one a Ctrl-C: there they are ended. */
async function end() {
  if (windows) killTree();
  else process.kill(-child.pid, 'SIGINT');
  if ((await Promise.race([exited, wait(endWithinMs)])) === undefined)
    throw new Error(`npm start did not end within ${endWithinMs / 1000} s`);
  const isGone = () =>
    fetch(url).then(
      () => false,
      () => true,
    );
  await until('nobody answers any more', endWithinMs, isGone);
}

function killTree() {
  if (windows) spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f']);
  else process.kill(-child.pid, 'SIGKILL');
}

async function until(what, timeoutMs, isSo) {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if (await isSo().catch(() => false)) return;
    await wait(250);
  }
  throw new Error(`not within ${timeoutMs / 1000} s: ${what}`);
}

function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address.port));
    });
  });
}
