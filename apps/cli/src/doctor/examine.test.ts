import { chmod, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DeepPartial, defaultSettings, type Settings } from '@ocpp-csms/config';
import { openDatabase } from '@ocpp-csms/storage';
import { createTestPlace, postgresMissing } from '@ocpp-csms/storage/test-support';
import { freePort, noNatsServer, noRedisServer, startNatsServer, startRedisServer } from '@ocpp-csms/testing';
import { expect, onTestFinished, test } from 'vitest';
import type { Finding } from './check.ts';
import { examine } from './examine.ts';

const noPostgres = await postgresMissing();

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ocpp-csms-doctor-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

interface Place {
  settings?: DeepPartial<Settings>;
  env?: NodeJS.ProcessEnv;
  now?: () => number;
}

/** What is found in a place where nothing else is wrong. */
async function findingsIn({ settings: given = {}, env = {}, now = Date.now }: Place = {}) {
  const settings = defaultSettings();
  const good: DeepPartial<Settings> = {
    data: { dir: await temporaryFolder() },
    log: { dir: '' },
    http: { host: '127.0.0.1', port: await freePort() },
  };
  for (const part of [good, given]) {
    for (const [section, values] of Object.entries(part)) Object.assign(settings[section as keyof Settings], values);
  }
  const findings: Finding[] = [];
  for await (const finding of examine({ settings, env, now, timeoutMs: 2000 })) findings.push(finding);
  return {
    failures: findings.filter(({ status }) => status === 'failed').map(({ name }) => name),
    of: (name: string) => findings.find((finding) => finding.name === name),
  };
}

test('nothing is wrong before the first start', async () => {
  const { failures, of } = await findingsIn();
  expect(failures).toEqual([]);
  expect(of('database')).toMatchObject({ status: 'ok', words: expect.stringContaining('nothing in it yet') });
  expect(of('admin key')?.words).toContain('is made at the first start');
  expect(of('running ocpp-csms')?.status).toBe('skipped');
});

test('a port that another program has, and who that is', async () => {
  const other = createServer((_, response) => response.end('something else')).listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const { failures, of } = await findingsIn({ settings: { http: { port } } });
  expect(failures).toEqual([`port ${port}`]);
  if (process.platform === 'linux') expect(of(`port ${port}`)?.words).toContain(`(process ${process.pid})`);
  // Which of the four are to run here, it cannot know.
  const daemons = await findingsIn({
    settings: {
      bus: { driver: 'zeromq' },
      daemons: { sessionPort: port, messageManagerPort: 0, deviceManagerPort: 0 },
    },
  });
  expect(daemons.of(`port ${port}`)?.status).toBe('warning');
});

test('folders that cannot be written', async () => {
  const file = join(await temporaryFolder(), 'a-file');
  await writeFile(file, '');
  const { failures, of } = await findingsIn({ settings: { data: { dir: join(file, 'data') }, log: { dir: file } } });
  expect(failures).toEqual(['data folder', 'log folder']);
  expect(of('data folder')?.todo).toContain('CSMS_DATA_DIR');
});

test.runIf(process.platform === 'linux')('a file system that takes nothing, and one that keeps nothing', async () => {
  expect((await findingsIn({ settings: { data: { dir: '/proc/ocpp-csms' } } })).failures).toContain('data folder');
  const { of } = await findingsIn({ settings: { data: { dir: `/dev/shm/ocpp-csms-${process.pid}` } } });
  expect(of('data folder')).toMatchObject({ status: 'warning', words: expect.stringContaining('in memory') });
});

test('an admin key that everybody can read, or that is none', async () => {
  const dir = await temporaryFolder();
  const file = join(dir, 'admin.key');
  await writeFile(file, 'k'.repeat(30));
  await chmod(file, 0o644);
  const { of } = await findingsIn({ settings: { data: { dir } } });
  expect(of('admin key')).toMatchObject({ status: 'warning', todo: `Run: chmod 600 ${file}` });
  await writeFile(file, 'short');
  expect((await findingsIn({ settings: { data: { dir } } })).failures).toEqual(['admin key']);
});

test('a clock that is behind what was written already', async () => {
  const dir = await temporaryFolder();
  const file = join(dir, 'session.bak');
  await writeFile(file, '');
  const inTwoDays = new Date(Date.now() + 2 * 86_400_000);
  await utimes(file, inTwoDays, inTwoDays);
  const { failures, of } = await findingsIn({ settings: { data: { dir } } });
  expect(failures).toEqual(['clock']);
  expect(of('clock')?.words).toContain('was written 2 d after that');
});

test('a database that another version wrote, and one that is damaged', async () => {
  const dir = await temporaryFolder();
  const migrations = [{ name: '9999-of-next-year', up: async () => {} }];
  await (await openDatabase({ name: 'session', directory: dir, migrations })).close();
  const { failures, of } = await findingsIn({ settings: { data: { dir } } });
  expect(failures).toEqual(['database']);
  expect(of('database')?.words).toContain('written by another version of ocpp-csms (it has 9999-of-next-year)');
  await writeFile(join(dir, 'session.sqlite'), 'no database at all, but long enough to be looked at'.repeat(50));
  expect((await findingsIn({ settings: { data: { dir } } })).of('database')?.todo).toContain('is damaged');
});

test('a database of an older version is migrated at the start: that is said before', async () => {
  const dir = await temporaryFolder();
  await (await openDatabase({ name: 'session', directory: dir, migrations: [] })).close();
  const { of } = await findingsIn({ settings: { data: { dir } } });
  expect(of('database')).toMatchObject({ status: 'warning', words: expect.stringContaining('session is of an older') });
});

const missing = noNatsServer ?? noRedisServer ?? noPostgres;
test.skipIf(missing !== undefined)(`servers that are there${missing ? ` (${missing})` : ''}`, async () => {
  const [nats, redis, place] = await Promise.all([
    startNatsServer(),
    startRedisServer(),
    createTestPlace('postgresql'),
  ]);
  onTestFinished(async () => {
    await Promise.all([nats.remove(), redis.remove(), place.remove()]);
  });
  const settings: DeepPartial<Settings> = {
    bus: { driver: 'nats' },
    nats: { servers: nats.url },
    cache: { driver: 'redis' },
    redis: { url: redis.url },
    storage: { driver: 'postgresql' },
    postgresql: { url: place.settings.postgresql.url, maxConnections: 2 },
    daemons: { messageManagerPort: 0, sessionPort: 0, deviceManagerPort: 0 },
  };
  const { failures, of } = await findingsIn({ settings });
  expect(failures).toEqual([]);
  expect(of('broker')?.words).toContain('with JetStream');
  expect(of('cache')?.words).toContain('without auth records');
  expect(of('database')?.words).toMatch(/^PostgreSQL .* nothing in it yet$/);
  const anHourBehind = await findingsIn({ settings, now: () => Date.now() - 3_600_000 });
  expect(anHourBehind.of('clock')).toMatchObject({
    status: 'warning',
    words: expect.stringMatching(/PostgreSQL is 1 h ahead/),
  });
});

test('key files that are not there, or that everybody can read', async () => {
  const nats = (credentialsFile: string) => ({ bus: { driver: 'nats' as const }, nats: { credentialsFile } });
  const { of } = await findingsIn({ settings: nats('/nowhere/csms.creds') });
  expect(of('nats.credentialsFile')).toMatchObject({ status: 'failed', words: 'there is no file /nowhere/csms.creds' });
  const file = join(await temporaryFolder(), 'csms.creds');
  await writeFile(file, 'seed');
  await chmod(file, 0o644);
  expect((await findingsIn({ settings: nats(file) })).of('nats.credentialsFile')?.todo).toBe(`Run: chmod o= ${file}`);
});

test('an instance that is not ready says why', async () => {
  const checks = [
    { name: 'session', ok: true, detail: 'ok' },
    { name: 'bus', ok: false, detail: 'NATS is away' },
  ];
  const instance = createServer((_, response) =>
    response.writeHead(503).end(JSON.stringify({ status: 'not-ready', checks })),
  );
  instance.listen(0, '127.0.0.1');
  onTestFinished(() => void instance.close());
  await new Promise((resolve) => instance.once('listening', resolve));
  const { port } = instance.address() as AddressInfo;
  const dir = await temporaryFolder();
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'admin.key'), 'k'.repeat(30), { mode: 0o600 });
  const { failures, of } = await findingsIn({ settings: { data: { dir }, http: { port } } });
  expect(failures).toEqual(['running ocpp-csms']);
  expect(of('running ocpp-csms')?.todo).toBe('bus: NATS is away');
  expect(of(`port ${port}`)?.status).toBe('ok');
});
