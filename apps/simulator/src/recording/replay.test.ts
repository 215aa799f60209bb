import { once } from 'node:events';
import type { JsonObject, OcppVersion } from '@ocpp-csms/ocpp';
import { expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Side, Step } from './recording.ts';
import { type ReplayOptions, replay } from './replay.ts';
import { replayText } from './replay-report.ts';

type Frame = [type: number, msgId: string, ...rest: unknown[]];

interface FakeCsms {
  url: string;
  /** What it was sent. */
  frames: Frame[];
  connections: number;
}

/** Does what a test wants: `answer` gets each frame of the charge point. */
async function csms(answer: (frame: Frame, send: (frame: unknown[]) => void, socket: WebSocket) => void) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const fake: FakeCsms = { url: `ws://127.0.0.1:${address.port}/ocpp`, frames: [], connections: 0 };
  server.on('connection', (socket) => {
    fake.connections++;
    socket.on('message', (data) => {
      const frame: Frame = JSON.parse(data.toString());
      fake.frames.push(frame);
      answer(frame, (sent) => socket.send(JSON.stringify(sent)), socket);
    });
  });
  return fake;
}

function step(action: string, payload: JsonObject, result?: JsonObject, more: Partial<Step> = {}): Step {
  const from: Side = 'charge-point';
  return { at: 0, from, action, payload, ...(result === undefined ? {} : { answer: { result } }), ...more };
}

const startedAt = '2026-01-02T10:00:00.000Z';

function play(url: string, steps: Step[], more: Partial<ReplayOptions> = {}, protocol: OcppVersion = 'ocpp1.6') {
  return replay({
    recording: { networkId: 'CP001', protocol, startedAt, steps },
    url,
    id: 'CP-REPLAY',
    speed: 'max',
    keepTimes: true,
    signal: new AbortController().signal,
    say: () => undefined,
    ...more,
  });
}

const accepted = { idTagInfo: { status: 'Accepted' } };
const start = { connectorId: 1, idTag: 'T', meterStart: 0, timestamp: startedAt };
const payloadOf = (frame: Frame | undefined) => frame?.[3];

test('1.6: the transaction has the id that this CSMS gave', async () => {
  const fake = await csms(([, id, action], send) => {
    send([3, id, action === 'StartTransaction' ? { transactionId: 500, ...accepted } : {}]);
  });
  const meterValue = [{ timestamp: startedAt, sampledValue: [{ value: '1' }] }];
  const stop = { transactionId: 7, meterStop: 1, timestamp: startedAt };
  const steps = [
    step('StartTransaction', start, { transactionId: 7, ...accepted }),
    step('MeterValues', { connectorId: 1, transactionId: 7, meterValue }, {}),
    step('StopTransaction', stop, {}),
    step('StopTransaction', { ...stop, transactionId: 8 }, {}),
  ];
  expect(await play(fake.url, steps)).toMatchObject({ ending: 'played', sent: 4, compared: 4, differences: [] });
  expect(fake.frames.slice(1).map((frame) => (payloadOf(frame) as JsonObject).transactionId)).toEqual([500, 500, 8]);
});

test('differences are told with step, path and both values; silence is one', async () => {
  const fake = await csms(([, id, action], send) => {
    if (action === 'Authorize') send([3, id, { idTagInfo: { status: 'Blocked' } }]);
    if (action === 'DataTransfer') send([4, id, 'InternalError', 'oops', {}]);
  });
  const steps = [
    step('Authorize', { idTag: 'T' }, accepted),
    step('DataTransfer', { vendorId: 'v' }, { status: 'Accepted' }, { at: 2 }),
    step('Heartbeat', {}, { currentTime: startedAt }, { at: 3 }),
  ];
  const result = await play(fake.url, steps, { answerTimeoutMs: 50 });
  expect(result.differences).toEqual([
    { step: 1, at: 0, action: 'Authorize', path: '/idTagInfo/status', recorded: 'Accepted', now: 'Blocked' },
    { step: 2, at: 2, action: 'DataTransfer', path: '', recorded: 'CALLRESULT', now: 'CALLERROR InternalError' },
    { step: 3, at: 3, action: 'Heartbeat', path: '', recorded: 'CALLRESULT', now: 'no answer within 0.05 s' },
  ]);
  expect(replayText(result, { networkId: 'CP001', protocol: 'ocpp1.6', startedAt, steps })).toContain(
    'step 1, 0 s, Authorize: /idTagInfo/status recorded "Accepted", now "Blocked"',
  );
});

test('CALLs of the CSMS get the recorded answers, else neutral ones', async () => {
  const asked = [
    [2, 'x', 'ChangeAvailability', { connectorId: 2, type: 'Operative' }],
    [2, 'y', 'ClearCache', {}],
    [2, 'z', 'Reset', { type: 'Soft' }],
  ];
  const fake = await csms(([type, id], send) => {
    const next = asked.shift();
    if (next !== undefined) send(next);
    else if (type !== 2) send([3, heartbeatId(), { currentTime: startedAt }]);
    if (type === 2) fake.frames.splice(0, 0, [0, id]);
  });
  const heartbeatId = () => fake.frames[0]?.[1] ?? '';
  const change = (connectorId: number, status: string) =>
    step('ChangeAvailability', { connectorId, type: 'Operative' }, { status }, { from: 'csms' });
  const reset = step('Reset', { type: 'Soft' }, undefined, {
    from: 'csms',
    answer: { error: { code: 'NotSupported', description: 'no' } },
  });
  const steps = [
    change(1, 'Rejected'),
    change(2, 'Scheduled'),
    reset,
    step('Heartbeat', {}, { currentTime: startedAt }),
  ];
  const result = await play(fake.url, steps);
  expect(result).toMatchObject({ ending: 'played', differences: [] });
  expect(fake.frames.filter(([type]) => type > 2)).toEqual([
    [3, 'x', { status: 'Scheduled' }],
    [3, 'y', { status: 'Rejected' }],
    [4, 'z', 'NotSupported', 'no', {}],
  ]);
  expect(result.notes).toEqual([
    'CALLs of the CSMS recorded, but not sent now: ChangeAvailability.',
    'CALLs of the CSMS that were not recorded: ClearCache.',
  ]);
});

test('the recorded end is now; distances stay, whatever the speed', async () => {
  const fake = await csms(([, id], send) => send([3, id, {}]));
  const status = (timestamp: string, at: number) =>
    step('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available', timestamp }, {}, { at });
  const steps = [status('2026-01-02T10:00:00.25Z', 0), status('2026-01-02T11:00:00Z', 3600)];
  await play(fake.url, steps, { keepTimes: false });
  const [first, last] = fake.frames.map((frame) => String((payloadOf(frame) as JsonObject).timestamp));
  expect(Date.parse(String(last)) - Date.parse(String(first))).toBe(3_599_750);
  expect(Math.abs(Date.parse(String(last)) - Date.now())).toBeLessThan(60_000);
  expect(first).toMatch(/\.25Z$/);
});

test('connections are made again where they were, and after one that ended', async () => {
  const fake = await csms(([, id, , payload], send, socket) => {
    if ((payload as JsonObject).vendorId === 'cut') socket.terminate();
    else send([3, id, { status: 'Accepted' }]);
  });
  const data = (vendorId: string, more: Partial<Step> = {}) =>
    step('DataTransfer', { vendorId }, { status: 'Accepted' }, more);
  const steps = [data('a'), data('b', { reconnects: true }), data('cut'), data('d')];
  const { differences, sent } = await play(fake.url, steps);
  expect(fake.connections).toBe(3);
  expect(sent).toBe(4);
  expect(differences).toMatchObject([{ step: 3, now: 'the connection ended' }]);
});

test('a SEND of 2.1 waits for no answer', async () => {
  const fake = await csms(([, id], send) => send([3, id, { currentTime: startedAt }]));
  const stream = { id: 1, pending: 0, basetime: startedAt, data: [] };
  const steps = [step('NotifyPeriodicEventStream', stream), step('Heartbeat', {}, { currentTime: startedAt })];
  await play(fake.url, steps, {}, 'ocpp2.1');
  expect(fake.frames[0]).toMatchObject([6, expect.any(String), 'NotifyPeriodicEventStream', stream]);
});

test('it ends early when it is told to, or nobody is there', async () => {
  const stop = new AbortController();
  const fake = await csms(() => stop.abort());
  const steps = [step('Heartbeat', {}, { currentTime: startedAt }), step('Heartbeat', {}, {}, { at: 3600 })];
  expect(await play(fake.url, steps, { signal: stop.signal, speed: 1 })).toMatchObject({
    ending: 'stopped',
    differences: [],
    notes: ['Messages of the charge point that were not sent: 2.'],
  });
  expect(await play('ws://127.0.0.1:9/ocpp', steps)).toMatchObject({ ending: 'unreachable', sent: 0 });
});
