import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { connectChargePoint, freePort } from '@ocpp-csms/testing';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { authorize, boot } from '../src/charge-1.6.ts';
import { unique } from '../src/scenes.ts';
import { type StartedProgram, type Unpacked, unpack } from './unpacked.ts';

const release = inject('release');
let unpacked: Unpacked;

beforeAll(async () => {
  unpacked = await unpack(release);
});
afterAll(() => unpacked.remove());

function start(...[command, args, env]: Parameters<Unpacked['start']>): StartedProgram {
  const program = unpacked.start(command, args, env);
  onTestFinished(async () => {
    await program.terminate();
  });
  return program;
}

async function connect(port: number) {
  const url = `ws://127.0.0.1:${port}/ocpp`;
  const chargePoint = await connectChargePoint({ url, networkId: unique('PKG'), protocol: 'ocpp1.6' });
  onTestFinished(async () => {
    await chargePoint.drop();
  });
  return chargePoint;
}

test('unpacked on a machine with Node.js alone, everything in one process starts, serves and stops', async () => {
  const port = await freePort();
  const csms = start('node', ['scripts/start.mjs', '--try'], { CSMS_HTTP_PORT: String(port) });
  await csms.ready(port);
  const chargePoint = await connect(port);
  await boot(chargePoint);
  expect(await authorize(chargePoint, unique('TAG'))).toBe('Accepted');

  const document = await fetch(`http://127.0.0.1:${port}/openapi.json`);
  expect(await document.json()).toMatchObject({ info: { version: release.version } });
  const reference = await fetch(`http://127.0.0.1:${port}/docs/reference.js`);
  expect(reference.status).toBe(200);
  expect(csms.output()).toContain(`ocpp-csms ${release.version} is running`);
  expect(existsSync(join(unpacked.folder, 'data', 'admin.key'))).toBe(true);
  expect(await csms.terminate()).toBe(0);
  expect((await chargePoint.closed).code).toBe(1001);
});

test('its run script starts the four services as daemons, and ends them in good order', async () => {
  const names = ['HTTP', 'DAEMONS_MESSAGE_MANAGER', 'DAEMONS_SESSION', 'DAEMONS_DEVICE_MANAGER'];
  const ports = await Promise.all(names.map(() => freePort()));
  const services = ['csms-server', 'message-manager', 'session', 'device-manager'];
  const peers = await Promise.all(
    services.map(async (service) => ({ service, node: 'here', address: `tcp://127.0.0.1:${await freePort()}` })),
  );
  const daemons = start('scripts/run_all.sh', [], {
    ...Object.fromEntries(names.map((name, index) => [`CSMS_${name}_PORT`, String(ports[index])])),
    CSMS_DATA_DIR: join(unpacked.folder, 'data-daemons'),
    CSMS_NODE_NAME: 'here',
    CSMS_ZEROMQ_PEERS: JSON.stringify(peers),
    CSMS_CSMS_SERVER_ADOPT_UNKNOWN: 'true',
    CSMS_SESSION_ACCEPT_ALL_TOKENS: 'true',
  });
  for (const port of ports) await daemons.ready(port);
  const chargePoint = await connect(ports[0] ?? 0);
  await boot(chargePoint);
  expect(await authorize(chargePoint, unique('TAG'))).toBe('Accepted');
  expect(await daemons.terminate()).toBe(0);
  expect((await chargePoint.closed).code).toBe(1001);
});

test.each([
  ['scripts/start.mjs', '--version'],
  ['scripts/service.mjs', 'session', '--version'],
])('node %s %s tells the version of the release', async (...args) => {
  const program = start('node', args);
  await new Promise((resolve) => program.process.once('close', resolve));
  expect(program.output().trim()).toBe(release.version);
});

test('what else it comes with runs: the simulator, export and import', async () => {
  const programs = ['apps/simulator/src/main.js', 'apps/transfer/src/main.js'];
  for (const file of programs) {
    const program = start('node', ['scripts/run.mjs', file, '--help']);
    await new Promise((resolve) => program.process.once('close', resolve));
    expect(program.process.exitCode, program.output()).toBe(0);
    expect(program.output()).toContain('Usage:');
  }
});

test('what is native is there for other systems as well', () => {
  const native = filesBelow(join(unpacked.folder, 'node_modules')).filter((file) => file.endsWith('.node'));
  for (const system of ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64'])
    expect(
      native.some((file) => file.includes(`better-sqlite3/prebuilds/${system}`)),
      system,
    ).toBe(true);
  for (const system of ['linux/x64', 'linux/arm64', 'darwin/arm64', 'win32/x64'])
    expect(
      native.some((file) => file.includes(`zeromq/build/${system}`)),
      system,
    ).toBe(true);
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file));
}
