import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestPlace, postgresMissing, type TestPlace } from '@ocpp-csms/storage/test-support';
import { connectChargePoint, freePort } from '@ocpp-csms/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { boot, charge, meterValues, stopTransaction } from './src/charge-1.6.ts';
import { boot as boot2, startCharging } from './src/charge-2.ts';
import { cleanEnvironment } from './src/clean-environment.ts';
import type { RunningCsms } from './src/running-csms.ts';
import { command, connect, newToken, type Page, password, register, transactionsOf } from './src/scenes.ts';
import { spawnCsms } from './src/spawn-csms.ts';

const main = fileURLToPath(new URL('../apps/transfer/src/main.ts', import.meta.url));
type Env = Readonly<Record<string, string>>;

interface Ended {
  code: number;
  output: string;
  notes: string;
}

/** As `npm run export --` and `npm run import --` run it. */
async function transfer(args: readonly string[], env: Env, input?: string): Promise<Ended> {
  const child: ChildProcess = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    env: { ...cleanEnvironment(), ...env },
    cwd: tmpdir(),
  });
  onTestFinishedOrSuite(() => void child.kill('SIGKILL'));
  let output = '';
  let notes = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (notes += chunk.toString()));
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input ?? '');
  const [code] = await once(child, 'close');
  return { code, output, notes };
}

const toEnd: (() => void)[] = [];
const onTestFinishedOrSuite = (work: () => void) => void toEnd.push(work);

interface Row {
  service: string;
  table?: string;
  row?: Record<string, unknown>;
  message?: { id: string; body: { messageType: string } };
}

const rowsOf = (text: string): Row[] =>
  text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line));

const withoutHeader = (text: string): string[] => text.trim().split('\n').slice(1).sort();

/** A parked message, as an export has it. */
function parkedFile(header: string): string {
  const row = {
    group_name: 'session',
    id: '0199-parked',
    topic: 'MessagesIn',
    client: 'CP-PARKED',
    parked_at: '2026-01-02T03:04:05.000Z',
    attempts: 3,
    reason: 'it was \0 bad',
    content: JSON.stringify({ id: '0199-parked', client: 'CP-PARKED' }),
  };
  const end = { end: { lines: 1, counts: { bus: { parked: 1 } } } };
  return [header, JSON.stringify({ service: 'bus', table: 'parked', row }), JSON.stringify(end), ''].join('\n');
}

const missing = await postgresMissing();

describe.skipIf(missing !== undefined)(
  `everything moves from SQLite to PostgreSQL${missing ? ` (${missing})` : ''}`,
  () => {
    let dataDir: string;
    let sqlite: Env;
    let file: string;
    let text: string;
    let charger: string;
    let charger2: string;
    let token: string;
    let openTransaction: number;
    let closedTransaction: number;

    beforeAll(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'ocpp-csms-transfer-'));
      sqlite = { CSMS_DATA_DIR: dataDir };
      file = join(dataDir, 'everything.jsonl');
      const csms = await spawnCsms({ dataDir, port: await freePort() });
      await fill(csms);
      const meanwhile = await transfer(['export'], sqlite);
      expect(meanwhile).toMatchObject({ code: 0, notes: expect.stringContaining('SERVICES ARE RUNNING') });
      expect(await transfer(['import', file], sqlite)).toMatchObject({ code: 2 });
      await writeFile(file, meanwhile.output);
      const refused = await transfer(['import', file], sqlite);
      expect(refused).toMatchObject({ code: 2, notes: expect.stringContaining('Services are running on the target') });
      await csms.terminate();
      const header = {
        ...JSON.parse(meanwhile.output.split('\n')[0] ?? ''),
        parts: ['parked'],
        migrations: { bus: ['0001-parking'] },
      };
      expect(await transfer(['import', '--into-existing'], sqlite, parkedFile(JSON.stringify(header)))).toMatchObject({
        code: 0,
      });
      const exported = await transfer(['export', '--out', file], sqlite);
      expect(exported).toMatchObject({ code: 0, output: '' });
      text = await readFile(file, 'utf8');
    });
    afterAll(async () => {
      for (const end of toEnd) end();
      await rm(dataDir, { recursive: true, force: true });
    });

    async function fill(csms: RunningCsms): Promise<void> {
      charger = (await register(csms)).networkId;
      charger2 = (await register(csms)).networkId;
      token = await newToken(csms, { allowConcurrent: true });
      await csms.api.post('/device-manager/templates', { name: 'all', settings: [] }).catch(() => undefined);
      const at = { url: csms.wsUrl, password };
      const first = await connectChargePoint({ ...at, networkId: charger, protocol: 'ocpp1.6' });
      await boot(first);
      closedTransaction = await charge(first, token);
      await meterValues(first, closedTransaction, 2000);
      await stopTransaction(first, closedTransaction);
      openTransaction = await charge(first, token);
      await command(csms, { networkId: charger }, 'ClearCache');
      const second = await connectChargePoint({ ...at, networkId: charger2, protocol: 'ocpp2.0.1' });
      await boot2(second);
      const transaction = await startCharging(second, token);
      await transaction.send('Ended', 'StopAuthorized', { info: { stoppedReason: 'Local' } });
      await Promise.all([first.drop(), second.drop()]);
    }

    let place: TestPlace;
    let postgresql: Env;
    beforeEach(async () => {
      place = await createTestPlace('postgresql');
      onTestFinished(() => place.remove());
      postgresql = {
        CSMS_DATA_DIR: dataDir,
        CSMS_STORAGE_DRIVER: 'postgresql',
        CSMS_POSTGRESQL_URL: place.settings.postgresql.url,
        CSMS_POSTGRESQL_MAX_CONNECTIONS: '4',
      };
    });

    test('the file has all parts, is for the owner alone, and holds no password', async () => {
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const tables = new Set(rowsOf(text).map(({ service, table = 'message' }) => `${service} ${table}`));
      for (const name of [
        'session installation',
        'session sequence',
        'session charging_transaction',
        'session evidence',
      ])
        expect(tables).toContain(name);
      for (const name of ['session meter_value', 'session id_token', 'device-manager command', 'device-manager boot'])
        expect(tables).toContain(name);
      for (const name of ['bus parked', 'message-manager message']) expect(tables).toContain(name);
      expect(text).not.toContain('correct-horse-16');
    });

    test('what was moved is the same, charging goes on, and no transaction id is given twice', async () => {
      expect(await transfer(['import', file], postgresql)).toMatchObject({ code: 0 });
      const refused = await transfer(['import', file], postgresql);
      expect(refused).toMatchObject({ code: 2, notes: expect.stringContaining('The target is not empty') });
      const kept = await transfer(['import', '--into-existing', '-'], postgresql, text);
      expect(kept).toMatchObject({ code: 0, notes: expect.stringContaining('were there already') });
      const again = await transfer(['export'], postgresql);
      expect(withoutHeader(again.output)).toEqual(withoutHeader(text));

      const csms = await spawnCsms({ dataDir, port: await freePort(), env: postgresql });
      onTestFinished(() => csms.kill());
      const first = await connect(csms, { networkId: charger });
      await boot(first);
      await stopTransaction(first, openTransaction, { meterStop: 9000 });
      const next = await charge(first, token);
      expect([openTransaction, closedTransaction]).not.toContain(next);
      const entries = await transactionsOf(csms, { networkId: charger });
      expect(entries.map(({ transactionId, active }) => [Number(transactionId), active])).toEqual(
        expect.arrayContaining([
          [closedTransaction, false],
          [openTransaction, false],
          [next, true],
        ]),
      );
      expect(entries).toHaveLength(3);
      const parked = await csms.api.get<Page<{ id: string; reason: string }>>('/message-manager/parked-messages');
      expect(parked.items).toMatchObject([{ id: '0199-parked', reason: 'it was \0 bad' }]);
      const boots = await csms.api.get<Page<{ answer?: unknown }>>(
        `/message-manager/messages?client=${charger}&messageType=BootNotification`,
      );
      expect(boots.items).toHaveLength(2);
      await first.drop();
    });
  },
);

test('wrong usage is 2, help is 0 and has examples', async () => {
  expect(await transfer(['export', '--only', 'nothing'], {})).toMatchObject({ code: 2 });
  expect(await transfer(['import', 'not-there.jsonl'], {})).toMatchObject({ code: 2 });
  const help = await transfer(['import', '--help'], {});
  expect(help).toMatchObject({ code: 0, output: expect.stringContaining('npm run import -- everything.jsonl') });
  const empty = await mkdtemp(join(tmpdir(), 'ocpp-csms-empty-'));
  onTestFinished(() => rm(empty, { recursive: true, force: true }));
  expect(await transfer(['export'], { CSMS_DATA_DIR: empty })).toMatchObject({ code: 2 });
});
