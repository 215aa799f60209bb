import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { simulate } from '@ocpp-csms/simulator';
import { until } from '@ocpp-csms/testing';
import { expect, onTestFinished, test } from 'vitest';
import type { RunningCsms } from './src/running-csms.ts';
import { command, messagesOf, newToken, onlyTransaction, register, transactionsOf } from './src/scenes.ts';
import { shareCsms } from './src/share-csms.ts';

/** Where the day was recorded, and one that has never heard of it. */
const before = shareCsms();
const after = shareCsms();

const main = fileURLToPath(import.meta.resolve('@ocpp-csms/simulator').replace(/index\.ts$/, 'main.ts'));

/** As `npm run simulate --` runs it. */
async function run(...args: string[]): Promise<{ code: number; output: string; notes: string }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args]);
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  let notes = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (notes += chunk.toString()));
  const [code] = await once(child, 'close');
  return { code, output, notes };
}

interface Report {
  ending: string;
  sent: number;
  messages: number;
  compared: number;
  differences: { action: string; path: string; recorded?: unknown; now?: unknown }[];
  notes: string[];
  conformance: { findings: unknown[] };
}

const reportIn = (output: string): Report => JSON.parse(output.trim().split('\n').at(-1) ?? '');

type Version = 'ocpp1.6' | 'ocpp2.0.1';

/** A charge, and two commands of an operator. */
async function chargeOnce(version: Version, token: string): Promise<string> {
  const { networkId } = await register(before, { securityProfile: 0, password: undefined });
  const events: string[] = [];
  const simulation = simulate({
    url: before.wsUrl,
    id: networkId,
    version,
    token,
    once: false,
    interval: 300,
    duration: 3600,
    speed: 600,
    // What is not as the specification says is played as it was sent.
    quirks: version === 'ocpp1.6' ? ['numeric-values'] : [],
    nextVisit: () => ({ afterSeconds: 1e6, staySeconds: 0, token, soc: 0, capacityKwh: 1, maxPowerW: 1 }),
    say: (event) => events.push(event),
  });
  onTestFinished(() => simulation.stop());
  simulation.start();
  await until('it is accepted', () => simulation.state.isAccepted);
  simulation.plugIn({ afterSeconds: 0, staySeconds: 1200, token, soc: 30, capacityKwh: 60, maxPowerW: 11_000 });
  await until('it has charged', () => events.includes('stopped'));
  await command(before, { networkId }, 'ClearCache');
  await command(before, { networkId }, 'DataTransfer', { vendorId: 'acme' });
  await simulation.stop();
  await until('all is in the log', async () =>
    (await messagesOf(before, { networkId })).some(
      ({ body, answer }) => body.messageType === 'DataTransfer' && answer !== undefined,
    ),
  );
  return networkId;
}

async function exportOf(csms: RunningCsms, networkId: string): Promise<string> {
  const { body } = await csms.api.request('GET', `/message-manager/messages/export?client=${networkId}`);
  return String(body);
}

/** A folder with the export of the day, and its recording. */
async function recordDay(networkId: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ocpp-csms-recording-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const log = join(folder, 'messages.jsonl');
  const day = join(folder, 'day.yaml');
  await writeFile(log, await exportOf(before, networkId));
  const recorded = await run('record', '--from', log, '--out', day);
  expect(recorded).toMatchObject({ code: 0, output: '' });
  expect(recorded.notes).toContain(`${networkId}, `);
  expect(recorded.notes).not.toContain('Left out');
  return day;
}

const versions: Version[] = ['ocpp1.6', 'ocpp2.0.1'];

test.each(versions)(
  '%s: a day that is recorded and played before another CSMS gets the same answers',
  async (version) => {
    const token = await newToken(before);
    const day = await recordDay(await chargeOnce(version, token));
    const text = await readFile(day, 'utf8');
    expect(text).toContain(`protocol: ${version}\n`);
    if (version === 'ocpp1.6') expect(text).toMatch(/sampledValue:\n +- value: \d/);

    await after.api.post('/session/id-tokens', { idToken: token, status: 'Accepted' });
    const { networkId } = await register(after);
    const asNetworkId = ['--url', after.wsUrl, '--id', networkId, '--password', 'correct-horse-16', '--json'];
    const same = await run('replay', day, ...asNetworkId, '--speed', '20');
    const report = reportIn(same.output);
    expect(report).toMatchObject({ ending: 'played', differences: [], conformance: { findings: [] } });
    expect(report.compared).toBe(report.messages);
    expect(report.notes.join('\n')).toMatch(/recorded, but not sent now: .*ClearCache, DataTransfer/);
    expect(same.code).toBe(0);
    const [recorded] = await transactionsOf(before, { networkId: await networkIdIn(day) });
    expect(await onlyTransaction(after, { networkId })).toMatchObject({
      active: false,
      disputed: false,
      energyWh: recorded?.energyWh,
    });
  },
);

async function networkIdIn(day: string): Promise<string> {
  return /^networkId: (.+)$/m.exec(await readFile(day, 'utf8'))?.[1] ?? '';
}

const statusPath = { 'ocpp1.6': '/idTagInfo/status', 'ocpp2.0.1': '/idTokenInfo/status' };

test.each(versions)('%s: a token that is blocked now is a difference', async (version) => {
  const token = await newToken(before);
  const day = await recordDay(await chargeOnce(version, token));
  await after.api.post('/session/id-tokens', { idToken: token, status: 'Blocked' });
  const { networkId } = await register(after, { securityProfile: 0, password: undefined });
  const { code, output } = await run(
    'replay',
    day,
    '--url',
    after.wsUrl,
    '--id',
    networkId,
    '--speed',
    'max',
    '--json',
  );
  expect(code).toBe(1);
  const { differences, ending } = reportIn(output);
  expect(ending).toBe('played');
  expect(differences).toContainEqual(
    expect.objectContaining({ action: 'Authorize', path: statusPath[version], recorded: 'Accepted', now: 'Blocked' }),
  );
  expect(new Set(differences.map(({ path }) => path))).toEqual(new Set([statusPath[version]]));
});

test('a charge point that the CSMS does not know is refused, with advice', async () => {
  const day = await recordDay(await chargeOnce('ocpp1.6', await newToken(before)));
  const { code, output } = await run('replay', day, '--url', after.wsUrl, '--id', 'CP-NOBODY');
  expect(code).toBe(3);
  expect(output).toContain('/device-manager/refused-connections/CP-NOBODY/adopt');
  expect(await run('replay', day, '--url', 'ws://127.0.0.1:9/ocpp')).toMatchObject({ code: 5 });
});
