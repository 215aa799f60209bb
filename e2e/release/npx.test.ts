import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { freePort } from '@ocpp-csms/testing';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { cleanEnvironment } from '../src/clean-environment.ts';
import { startProgram } from './unpacked.ts';

const release = inject('release');
const registry = 'https://registry.npmjs.org/ws';
const isReached = await fetch(registry, { method: 'HEAD', signal: AbortSignal.timeout(5000) }).then(
  ({ ok }) => ok,
  () => false,
);
if (!isReached) process.stderr.write('\nNOT TESTED: npx (the registry of npm is not reached)\n\n');

describe.skipIf(!isReached)('npx, with the package of npm, in an empty folder', () => {
  let place: string;
  let folder: string;
  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'ocpp-csms-npx-'));
    folder = join(place, 'empty');
    await mkdir(folder);
  });
  afterAll(() => rm(place, { recursive: true, force: true }));

  const npx = (args: readonly string[], env: Record<string, string> = {}) => {
    const program = startProgram('npx', ['--yes', '--package', release.npmPackage, 'ocpp-csms', ...args], {
      cwd: folder,
      asInTerminal: true,
      env: {
        ...cleanEnvironment(),
        PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
        npm_config_cache: join(place, 'cache'),
        ...env,
      },
    });
    onTestFinished(async () => void (await program.terminate()));
    return program;
  };

  test('tells its version', async () => {
    const program = npx(['--version']);
    expect(await program.ended()).toBe(0);
    expect(program.output()).toContain(release.version);
    expect(program.output()).not.toContain('EBADENGINE');
  });

  test('starts the system there, with console and data, and stops it', async () => {
    const port = await freePort();
    const program = npx(['start'], { CSMS_HTTP_PORT: String(port) });
    await program.ready(port);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('<!doctype html>');
    expect(await readdir(folder)).toEqual(['data', 'logs']);
    await program.terminate();
    await expect.poll(() => program.output(), { timeout: 10_000 }).toContain('"msg":"stopped"');
  });
});
