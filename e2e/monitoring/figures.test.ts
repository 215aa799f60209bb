import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectChargePoint, noAnswer, type TestChargePoint, until } from '@ocpp-csms/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { boot, startTransaction } from '../src/charge-1.6.ts';
import { newToken, password, register, unique } from '../src/registry.ts';
import { shareCsms } from '../src/share-csms.ts';

const root = join(import.meta.dirname, '..', '..');
const csms = shareCsms({
  settings: { csmsServer: { callTimeoutSeconds: 1 }, deviceManager: { commandTimeoutSeconds: 3 } },
});

async function page(): Promise<string[]> {
  const response = await fetch(`${csms.httpUrl}/metrics`, { headers: { Authorization: `Bearer ${await adminKey()}` } });
  expect(response.status).toBe(200);
  return (await response.text()).split('\n');
}

/** The lines that are figures, with their labels in the order of the page. */
const figures = async () => (await page()).filter((line) => line !== '' && !line.startsWith('#'));

const adminKey = async () => (await readFile(join(csms.dataDir, 'admin.key'), 'utf8')).trim();

async function figureOf(name: string): Promise<number> {
  const line = (await figures()).find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1) ?? 0);
}

let chargePoint: TestChargePoint<'ocpp1.6'>;

/** Something of everything that is counted. */
beforeAll(async () => {
  const { networkId } = await register(csms);
  chargePoint = await connectChargePoint({ url: csms.wsUrl, networkId, password, protocol: 'ocpp1.6' });
  await boot(chargePoint);
  await chargePoint.call('Heartbeat', {});
  await startTransaction(chargePoint, await newToken(csms));
  await chargePoint.callText(
    'odd',
    'StatusNotification',
    '{"connectorId":"1","errorCode":"NoError","status":"Available"}',
  );
  await chargePoint.callText('madeup', 'MadeUp', '{}').catch(() => undefined);
  const command = (action: string, payload: object) =>
    csms.api.request('POST', `/device-manager/charge-points/${networkId}/commands/${action}`, payload);
  expect((await command('TriggerMessage', { requestedMessage: 'Heartbeat' })).status).toBe(200);
  chargePoint.onCall('ClearCache', () => noAnswer);
  expect((await command('ClearCache', {})).status).toBe(504);

  const stranger = { url: csms.wsUrl, networkId: unique('STRANGER'), protocol: 'ocpp1.6' } as const;
  await expect(connectChargePoint(stranger)).rejects.toMatchObject({ status: 404 });
});

afterAll(async () => void (await chargePoint.drop()));

test('what charge points said and were given, by action and outcome', async () => {
  expect(await figureOf('csms_connections{version="ocpp1.6"}')).toBe(1);
  const received = (action: string, outcome: string) =>
    figureOf(`csms_calls_received_total{version="ocpp1.6",action="${action}",outcome="${outcome}"}`);
  expect(await received('Heartbeat', 'answered')).toBeGreaterThanOrEqual(1);
  expect(await received('StartTransaction', 'answered')).toBe(1);
  expect(await received('other', 'refused')).toBe(1);
  expect(await figureOf('csms_call_answer_seconds_count{kind="decision"}')).toBeGreaterThanOrEqual(1);
  expect(await figureOf('csms_call_answer_seconds_count{kind="edge"}')).toBeGreaterThanOrEqual(3);
});

test('what charge points were sent, and how commands ended', async () => {
  const sent = (action: string, outcome: string) =>
    figureOf(`csms_calls_sent_total{version="ocpp1.6",action="${action}",outcome="${outcome}"}`);
  expect(await sent('TriggerMessage', 'answered')).toBe(1);
  expect(await sent('ClearCache', 'timed-out')).toBe(1);
  expect(await figureOf('csms_commands_total{action="TriggerMessage",status="answered"}')).toBe(1);
  await until('the command that timed out is counted', async () =>
    (await figures()).some((line) =>
      /^csms_commands_total\{action="ClearCache",status="(timed-out|unknown)"\} 1$/.test(line),
    ),
  );
});

test('deviations by rule and model, and refused handshakes by reason', async () => {
  expect(
    (await figures()).some((line) => /^csms_deviations_total\{rule="[a-z-]+",model="[^"]+"\} [1-9]/.test(line)),
  ).toBe(true);
  expect(await figureOf('csms_refused_handshakes_total{reason="unknown-charge-point"}')).toBe(1);
});

test('what goes over the bus: how long, and how many are committed together', async () => {
  expect(await figureOf('csms_bus_publish_seconds_count{topic="MessagesIn"}')).toBeGreaterThan(3);
  expect(await figureOf('csms_bus_batch_messages_count{topic="MessagesIn",group="message-manager"}')).toBeGreaterThan(
    0,
  );
  expect(await figureOf('csms_parked_messages')).toBe(0);
  expect(await figureOf('csms_bus_connected')).toBe(1);
});

test('a line of the log about a message has its charge point and its message id', async () => {
  chargePoint.sendRaw('[3,"nobody-asked",{}]');
  const line = await until('it is logged', () => csms.logLines.find((one) => one.includes('nobody-asked')));
  expect(JSON.parse(line)).toMatchObject({
    level: 'warn',
    service: 'e2e',
    part: 'csms-server',
    networkId: chargePoint.networkId,
    msgId: 'nobody-asked',
  });
});

test('the level of one part is changed while the system runs', async () => {
  const isDebug = (line: string) => line.includes('"level":"debug"') && line.includes('"part":"http"');
  await csms.api.request('PUT', '/log-levels', { http: 'warn' });
  expect(await csms.api.get('/log-levels')).toMatchObject({ http: 'warn', 'csms-server': 'debug', all: 'debug' });
  const before = csms.logLines.filter(isDebug).length;
  await csms.api.get('/session/id-tokens');
  expect(csms.logLines.filter(isDebug)).toHaveLength(before);
  await csms.api.request('PUT', '/log-levels', { all: 'debug' });
  await csms.api.get('/session/id-tokens');
  expect(csms.logLines.filter(isDebug).length).toBeGreaterThan(before);
  expect(await csms.api.request('PUT', '/log-levels', { nonsense: 'debug' })).toMatchObject({ status: 400 });
});

describe('what is made of the figures', () => {
  /** Names of metrics in a text; a histogram goes by its own name. */
  const namesIn = (text: string) =>
    new Set(
      [...text.matchAll(/\b((?:csms|nodejs|process)_[a-z_]+)/g)].map(([, name = '']) =>
        name.replace(/_(bucket|sum|count)$/, ''),
      ),
    );
  const shown = async () => namesIn((await page()).filter((line) => line.startsWith('# TYPE')).join('\n'));

  test('every figure of the dashboard and of the alert rules exists', async () => {
    const folder = join(root, 'deploy/monitoring');
    const known = await shown();
    for (const file of await readdir(folder)) {
      const unknown = [...namesIn(await readFile(join(folder, file), 'utf8'))].filter((name) => !known.has(name));
      expect(unknown, file).toEqual([]);
    }
  });

  test('docs/operations/monitoring.md explains each of our figures, and none that is not there', async () => {
    const own = (names: Set<string>) => [...names].filter((name) => name.startsWith('csms_')).toSorted();
    const explained = namesIn(await readFile(join(root, 'docs/operations/monitoring.md'), 'utf8'));
    expect(own(explained)).toEqual(own(await shown()));
  });
});
