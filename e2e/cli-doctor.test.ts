import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@ocpp-csms/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { cleanEnvironment } from './src/clean-environment.ts';
import { program, type RunOptions, startProgram } from './src/ocpp-csms.ts';
import { register, unique } from './src/scenes.ts';
import { shareCsms } from './src/share-csms.ts';

const csms = shareCsms();

interface Finding {
  name: string;
  status: 'ok' | 'warning' | 'failed' | 'skipped';
  words: string;
  todo?: string;
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ocpp-csms-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A place where nothing is wrong. */
async function goodPlace() {
  return {
    CSMS_DATA_DIR: await temporaryFolder(),
    CSMS_LOG_DIR: '',
    CSMS_HTTP_HOST: '127.0.0.1',
    CSMS_HTTP_PORT: String(await freePort()),
  };
}

/** By name, what it found. */
async function examine(env: Readonly<Record<string, string>>, timeoutSeconds = 15) {
  const { code, out, notes } = await startProgram(['doctor', '--json', '--timeout', String(timeoutSeconds)], { env })
    .ended;
  if (out === '') throw new Error(notes);
  const { ok, findings }: { ok: boolean; findings: Finding[] } = JSON.parse(out);
  expect(code).toBe(ok ? 0 : 1);
  const failures = findings.filter(({ status }) => status === 'failed').map(({ name }) => name);
  const of = (name: string) => findings.find((finding) => finding.name === name);
  return { ok, findings, failures, of };
}

// What each check finds by itself: apps/cli/src/doctor/examine.test.ts
describe('doctor', () => {
  test('a system that runs: its port is no problem, and it says how it is', async () => {
    const env = { ...(await goodPlace()), CSMS_DATA_DIR: csms.dataDir, CSMS_HTTP_PORT: String(csms.port) };
    const { code, out } = await startProgram(['doctor'], { env }).ended;
    expect(code).toBe(0);
    expect(out).toMatch(/^✓ settings/);
    expect(out).toMatch(new RegExp(`^✓ port ${csms.port} .* which is running$`, 'm'));
    expect(out).toMatch(/^✓ running ocpp-csms .*device-manager/m);
    expect(out).toMatch(/^✓ database .*of this version$/m);
    expect(out).toMatch(/All is well\.\n$|to look at \(!\)\.\n$/);
  });

  test('everything that is wrong is told at once, with what to do, and without secrets', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const good = await goodPlace();
    const file = join(good.CSMS_DATA_DIR, 'a-file');
    await writeFile(file, '');
    const away = await freePort();
    const { ok, failures, of } = await examine(
      {
        ...good,
        CSMS_HTTP_PORT: String(port),
        CSMS_DATA_DIR: join(file, 'data'),
        CSMS_BUS_DRIVER: 'nats',
        CSMS_NATS_SERVERS: `nats://user:s3cret@127.0.0.1:${away}`,
        CSMS_CACHE_DRIVER: 'redis',
        CSMS_REDIS_URL: `redis://:s3cret@127.0.0.1:${away}`,
        CSMS_STORAGE_DRIVER: 'postgresql',
        CSMS_POSTGRESQL_URL: `postgresql://csms:s3cret@127.0.0.1:${away}/csms`,
      },
      // A NATS that is away is tried again until the time is over.
      2,
    );
    expect(ok).toBe(false);
    expect(failures).toEqual(['data folder', `port ${port}`, 'database', 'broker', 'cache']);
    expect(of(`port ${port}`)?.todo).toContain('http.port');
    for (const name of ['database', 'broker', 'cache']) {
      expect(of(name)?.todo).toContain(`127.0.0.1:${away}`);
      expect(JSON.stringify(of(name))).not.toContain('s3cret');
    }
  });

  test('an admin key that is lost while the system runs', async () => {
    const { of } = await examine({ ...(await goodPlace()), CSMS_HTTP_PORT: String(csms.port) });
    expect(of('admin key')).toMatchObject({ status: 'failed', words: expect.stringContaining('is missing') });
  });

  test('settings that are wrong: all of them, and nothing is guessed from them', async () => {
    const { failures, findings } = await examine({ CSMS_HTTP_PRT: '1', CSMS_LOG_LEVEL: 'loud' });
    expect(failures).toEqual(['settings', 'settings']);
    expect(findings).toHaveLength(3);
  });
});

describe('config', () => {
  test('check tells all that is wrong, with where it is from', async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'conf.yaml'), 'http: { prot: 80 }\nlog: { level: loud }\n');
    const wrong = await startProgram(['config', 'check'], { cwd, env: { CSMS_BUS_DRIVER: 'pigeon' } }).ended;
    expect(wrong.code).toBe(1);
    expect(wrong.out).toContain('http.prot: there is no such setting. Did you mean port?');
    expect(wrong.out).toContain('log.level: must be one of');
    expect(wrong.out).toContain('from CSMS_BUS_DRIVER');
    const asJson = await startProgram(['config', 'check', '--json'], { cwd }).ended;
    expect(JSON.parse(asJson.out)).toMatchObject({ ok: false, problems: [expect.any(String), expect.any(String)] });
  });

  test('check --show has what is in force, without secrets', async () => {
    const env = { CSMS_HTTP_PORT: '9000', CSMS_POSTGRESQL_URL: 'postgresql://csms:s3cret@db/csms' };
    const { code, out } = await startProgram(['config', 'check', '--show'], { env, cwd: await temporaryFolder() })
      .ended;
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}port: 9000 +# CSMS_HTTP_PORT$/m);
    expect(out).not.toContain('s3cret');
  });

  test('example is conf.example.yaml', async () => {
    const file = await readFile(new URL('../conf.example.yaml', import.meta.url), 'utf8');
    expect((await startProgram(['config', 'example']).ended).out).toBe(file);
  });
});

test('start becomes the system, and a SIGTERM ends it in good order', async () => {
  const env = await goodPlace();
  const started = startProgram(['start'], { env });
  await started.saw('is running');
  expect(started.out()).toContain('ocpp-csms simulate --id CP001');
  const list = await startProgram(['charge-points', 'list'], { env }).ended;
  expect(list).toMatchObject({ code: 0, notes: expect.stringContaining('There are none') });
  started.process.kill('SIGTERM');
  expect((await started.ended).code).toBe(0);
  const file = join(env.CSMS_DATA_DIR, 'export.jsonl');
  expect(await startProgram(['export', '--out', file], { env }).ended).toMatchObject({ code: 0 });
  expect(await readFile(file, 'utf8')).toContain('device-manager');
});

test('service and simulate say what is wrong with what they are asked', async () => {
  const env = await goodPlace();
  const alone = await startProgram(['service', 'session'], { env }).ended;
  expect(alone).toMatchObject({ code: 1, notes: expect.stringContaining('bus.driver memory') });
  expect(await startProgram(['service', 'sessoin'], { env }).ended).toMatchObject({ code: 2 });
  const once = ['simulate', '--once', '--url', `ws://127.0.0.1:${env.CSMS_HTTP_PORT}/ocpp`];
  expect(await startProgram(once, { env }).ended).toMatchObject({ code: 5 });
  expect(await startProgram(['simulate', '--version', '3'], { env }).ended).toMatchObject({ code: 2 });
});

const hasShell = (shell: string): Promise<boolean> =>
  promisify(execFile)(shell, ['-c', 'true']).then(
    () => true,
    () => false,
  );
const shells = { bash: await hasShell('bash'), zsh: await hasShell('zsh'), fish: await hasShell('fish') };

describe('completion', () => {
  /** A folder in the path where `ocpp-csms` is this program. */
  async function withProgram(): Promise<RunOptions> {
    const folder = await temporaryFolder();
    const shim = join(folder, 'ocpp-csms');
    await writeFile(
      shim,
      `#!/bin/sh\nexec "${process.execPath}" --disable-warning=ExperimentalWarning "${program}" "$@"\n`,
    );
    await chmod(shim, 0o755);
    await mkdir(join(folder, 'home'));
    const key = (await readFile(join(csms.dataDir, 'admin.key'), 'utf8')).trim();
    const where = { CSMS_URL: csms.httpUrl, CSMS_API_KEY: key, HOME: join(folder, 'home') };
    return { cwd: folder, env: { ...where, PATH: `${folder}:${process.env.PATH}` } };
  }

  async function inShell(shell: string, script: string, { cwd, env }: RunOptions): Promise<string[]> {
    const child = spawn(shell, ['-c', script], {
      cwd,
      env: { ...cleanEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await once(child, 'close');
    return out.split('\n').filter((line) => line !== '');
  }

  /** As bash calls it at a Tab behind these words, which it has cut at = itself. */
  const tab = (line: string, words: readonly string[]) =>
    `source <(ocpp-csms completion bash); COMP_LINE='${line}' COMP_POINT=${line.length} COMP_CWORD=${words.length - 1}; ` +
    `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); _ocpp_csms 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`;

  test.skipIf(!shells.bash)('in bash', async () => {
    const { networkId } = await register(csms, { networkId: unique('TAB') });
    const place = await withProgram();
    const complete = (line: string, words: readonly string[]) => inShell('bash', tab(line, words), place);
    expect(await complete('ocpp-csms charge-p', ['ocpp-csms', 'charge-p'])).toEqual(['charge-points']);
    expect(await complete('ocpp-csms messages ', ['ocpp-csms', 'messages', ''])).toEqual(['list', 'tail']);
    expect(await complete('ocpp-csms messages tail --dev', ['ocpp-csms', 'messages', 'tail', '--dev'])).toEqual([
      '--deviations',
    ]);
    const show = ['ocpp-csms', 'charge-points', 'show'];
    expect(await complete(`${show.join(' ')} TAB-`, [...show, 'TAB-'])).toEqual([networkId]);
    const command = ['ocpp-csms', 'command', networkId];
    expect(await complete(`${command.join(' ')} TriggerM`, [...command, 'TriggerM'])).toEqual(['TriggerMessage']);
  });

  test.skipIf(!shells.fish)('in fish', async () => {
    const place = await withProgram();
    const source = 'source (ocpp-csms completion fish | psub)';
    const lines = await inShell('fish', `${source}; complete -C 'ocpp-csms messages '`, place);
    expect(lines.map((line) => line.split('\t')[0])).toEqual(['list', 'tail']);
  });

  test.skipIf(!shells.zsh)('the script for zsh is one', async () => {
    const place = await withProgram();
    expect(await inShell('zsh', 'ocpp-csms completion zsh | zsh -n && echo good', place)).toEqual(['good']);
  });
});
