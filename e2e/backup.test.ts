import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { restoreBackup, takeBackup } from '@ocpp-csms/backup';
import { loadSettings, type Settings } from '@ocpp-csms/config';
import { connectChargePoint, freePort, type TestChargePoint } from '@ocpp-csms/testing';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { boot, charge, stopTransaction } from './src/charge-1.6.ts';
import { runProgram } from './src/run-program.ts';
import { connect, newToken, password, register, transactionsOf } from './src/scenes.ts';
import { type SpawnedCsms, spawnCsms } from './src/spawn-csms.ts';

const run = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  runProgram('apps/backup/src/main.ts', args, env);

let folder: string;
let dataDir: string;
let backup: string;
let csms: SpawnedCsms;
let networkId: string;
let token: string;
let busy: TestChargePoint<'ocpp1.6'>;
/** Ids that charge points were given before the backup, and after it. */
let early: number;
let late: number[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ocpp-csms-backup-'));
  dataDir = join(folder, 'data');
  backup = join(folder, 'backups', 'monday');
  await mkdir(dataDir);
  csms = await spawnCsms({ dataDir, port: await freePort() });
  networkId = (await register(csms)).networkId;
  token = await newToken(csms, { allowConcurrent: true });
  busy = await connectChargePoint({ url: csms.wsUrl, password, networkId, protocol: 'ocpp1.6' });
  await boot(busy);
  early = await charge(busy, token);

  // Charging goes on while it is taken: every answer is at once, and none is lost.
  let running = true;
  const traffic = (async () => {
    while (running) await stopTransaction(busy, await charge(busy, token));
  })();
  const taken = await run(['backup', backup], { CSMS_DATA_DIR: dataDir });
  running = false;
  await traffic;
  expect(taken).toMatchObject({ code: 0, notes: expect.stringContaining('The backup is complete') });
  late = [await charge(busy, token)];
});

afterAll(async () => {
  await busy?.drop();
  await csms?.kill();
  await rm(folder, { recursive: true, force: true });
});

test('a backup of a running system is a folder for the owner alone, with every database and the admin key', async () => {
  const names = (await readdir(backup)).sort();
  expect(names).toEqual(
    [
      'admin.key',
      'backup.json',
      'bus.sqlite',
      'device-manager.sqlite',
      'message-manager.sqlite',
      'session.sqlite',
    ].filter((name) => name !== 'bus.sqlite' || names.includes(name)),
  );
  expect((await stat(backup)).mode & 0o777).toBe(0o700);
  for (const name of names) expect((await stat(join(backup, name))).mode & 0o777, name).toBe(0o600);
});

test('what was restored goes on: passwords, open transactions, the log; no id is given twice', async () => {
  const target = join(folder, 'restored');
  const restored = await run(['restore', backup], { CSMS_DATA_DIR: target });
  expect(restored).toMatchObject({ code: 0, notes: expect.stringContaining('Restored to') });
  expect((await readdir(target)).filter((name) => name.startsWith('.'))).toEqual([]);
  const second = await spawnCsms({ dataDir: target, port: await freePort() });
  onTestFinished(() => second.kill());
  const before = await transactionsOf(second, { networkId });
  expect(before.map(({ transactionId }) => Number(transactionId))).toContain(early);
  // Whatever the ledger of the backup names is in its log.
  const started = await second.api.get<{ items: unknown[] }>(
    `/message-manager/messages?client=${networkId}&messageType=StartTransaction&limit=1000`,
  );
  expect(started.items.length).toBeGreaterThanOrEqual(before.length);
  const chargePoint = await connect(second, { networkId });
  await boot(chargePoint);
  await stopTransaction(chargePoint, early, { meterStop: 9000 });
  const next = await charge(chargePoint, token);
  const given = [early, ...late, ...before.map(({ transactionId }) => Number(transactionId))];
  expect(given).not.toContain(next);
  const after = await transactionsOf(second, { networkId });
  expect(after.find(({ transactionId }) => Number(transactionId) === early)).toMatchObject({ active: false });
});

const settingsFor = (dir: string): Settings =>
  loadSettings({ env: { CSMS_DATA_DIR: dir }, cwd: tmpdir(), overrides: {} }).settings;
const restoreTo = (target: string, source = backup) =>
  restoreBackup({ settings: settingsFor(target), source, program: '0.1.0', tell: () => undefined });

test('a backup replaces nothing, and a restore only goes where nothing is', async () => {
  const again = takeBackup({
    settings: settingsFor(dataDir),
    target: backup,
    program: '0.1.0',
    now: new Date(),
    tell: () => undefined,
  });
  await expect(again).rejects.toThrow('is not empty');
  await expect(restoreTo(dataDir)).rejects.toThrow('Services are running on the target');
  const stopped = join(folder, 'stopped');
  await restoreTo(stopped);
  await expect(restoreTo(stopped)).rejects.toThrow(/has data: session\.sqlite/);
});

test('what is no whole backup of ours is refused, and nothing is left behind', async () => {
  const target = join(folder, 'refused');
  const refused = async (source: string, words: string) => {
    await expect(restoreTo(target, source)).rejects.toMatchObject({
      name: 'Refused',
      message: expect.stringContaining(words),
    });
    expect(await readdir(target).catch(() => [])).toEqual([]);
  };
  await refused(folder, 'is not a backup');
  const cut = join(folder, 'cut');
  await cp(backup, cut, { recursive: true });
  await appendFile(join(cut, 'session.sqlite'), 'x');
  await refused(cut, 'session.sqlite in the backup is not what was written');
  await rm(join(cut, 'session.sqlite'));
  await refused(cut, 'has no file session.sqlite');

  const manifest = JSON.parse(await readFile(join(backup, 'backup.json'), 'utf8'));
  const write = (files: unknown) =>
    writeFile(join(cut, 'backup.json'), JSON.stringify({ ...manifest, program: '9.0.0', files }));
  const [first] = manifest.files;
  await write([{ ...first, migrations: [...first.migrations, '0099-later'] }]);
  await refused(cut, 'taken by version 9.0.0, which is newer than this one');
  await write([{ name: '../admin.key', bytes: 1, sha256: '' }]);
  await refused(cut, 'has no file ../admin.key');
});

test('with PostgreSQL, without data and with wrong usage it says what to do', async () => {
  const target = join(folder, 'never');
  const settings = settingsFor(join(folder, 'nothing-there'));
  const options = { target, program: '0.1.0', now: new Date(), tell: () => undefined };
  await expect(takeBackup({ ...options, settings })).rejects.toThrow('There is nothing to back up');
  const postgresql: Settings = { ...settings, storage: { ...settings.storage, driver: 'postgresql' } };
  await expect(takeBackup({ ...options, settings: postgresql })).rejects.toMatchObject({
    advice: expect.stringContaining('pg_dump'),
  });
  const restored = restoreBackup({ settings: postgresql, source: backup, program: '0.1.0', tell: () => undefined });
  await expect(restored).rejects.toMatchObject({ advice: expect.stringContaining('npm run import') });
  expect(await run(['backup'], {})).toMatchObject({ code: 2 });
  expect(await run(['restore', '--help'], {})).toMatchObject({ code: 0, output: expect.stringContaining('Examples:') });
});
