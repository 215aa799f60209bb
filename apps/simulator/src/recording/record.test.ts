import { expect, test } from 'vitest';
import { readRecording } from './read-recording.ts';
import { NotRecorded, type Recorded, type RecordOptions, record } from './record.ts';
import { recordText } from './record-report.ts';
import { writeRecording } from './write-recording.ts';

async function* linesOf(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

const recordLines = (lines: readonly string[], options: Partial<RecordOptions> = {}): Promise<Recorded> =>
  record(linesOf(lines), { now: new Date('2026-03-04T05:06:07.000Z'), ...options });

const boot = { chargePointVendor: 'V', chargePointModel: 'M' };
const booted = { status: 'Accepted', currentTime: '2026-01-02T10:00:01.000Z', interval: 300 };
const f = JSON.stringify;

/** A boot that is answered, and a ClearCache that is answered. */
const bootAndClear = [
  { at: 0, from: 'charge-point', action: 'BootNotification', payload: boot, answer: { result: booted } },
  { at: 4, from: 'csms', action: 'ClearCache', payload: {}, answer: { result: { status: 'Accepted' } } },
];

const exported = (more: object, body: object) =>
  f({
    serverNode: 'n',
    client: 'CP001',
    messageTime: '2026-01-02T10:00:00.000Z',
    id: 'm1',
    origin: 'client',
    connection: 1,
    protocol: 'ocpp1.6',
    ...more,
    body: { direction: 2, msgId: 'a', messageType: 'BootNotification', messageBody: boot, ...body },
  });

const edge = (messageBody: unknown) => ({ direction: 3, messageTime: '2026-01-02T10:00:00.010Z', messageBody });
const bootLine = exported({ answer: edge(booted) }, {});
const answerLine = exported(
  { id: 'm3', answerTo: 'm2', messageTime: '2026-01-02T10:00:04.100Z' },
  { direction: 3, msgId: 'b', messageType: 'ClearCache', messageBody: { status: 'Accepted' } },
);
const clearLine = exported(
  {
    id: 'm2',
    origin: 'server',
    messageTime: '2026-01-02T10:00:04.000Z',
    answer: { ...edge({ status: 'Accepted' }), id: 'm3' },
  },
  { msgId: 'b', messageType: 'ClearCache', messageBody: {} },
);

const logs = {
  'our export': [bootLine, clearLine, answerLine],
  'our export, the newest first': [answerLine, clearLine, bootLine],
  'our export, an answer of the same millisecond before its CALL': [
    bootLine,
    answerLine.replace('04.100Z', '04.000Z'),
    clearLine,
  ],
  'arrows, seen from the charge point': [
    `2026-01-02 10:00:00,000 INFO [main] [CP001] -> [2,"a","BootNotification",${f(boot)}]`,
    `2026-01-02 10:00:00,010 INFO [main] [CP001] <- [3,"a",${f(booted)}]`,
    '2026-01-02 10:00:04,000 INFO [main] [CP001] <- [2,"b","ClearCache",{}]',
    '2026-01-02 10:00:04,100 INFO [main] [CP001] -> [3,"b",{"status":"Accepted"}]',
  ],
  'words, seen from a gateway, with text behind the frame': [
    `[2026-01-02T10:00:00.000Z] recv from CP cp=CP001: [2,"a","BootNotification",${f(boot)}] (104 bytes)`,
    `[2026-01-02T10:00:00.010Z] sent to CP cp=CP001: [ 3, "a", ${f(booted)} ] (80 bytes)`,
    '[2026-01-02T10:00:04.000Z] sent to CP cp=CP001: [2,"b","ClearCache",{}] (23 bytes)',
    '[2026-01-02T10:00:04.100Z] recv from CP cp=CP001: [3,"b",{"status":"Accepted"}] (30 bytes)',
  ],
  'JSON lines with the frame as text or as it is': [
    f({ ts: '2026-01-02T10:00:00.000Z', chargePointId: 'CP001', msg: f([2, 'a', 'BootNotification', boot]) }),
    f({ ts: '2026-01-02T10:00:00.010Z', chargePointId: 'CP001', msg: f([3, 'a', booted]) }),
    f({ ts: '2026-01-02T10:00:04.000Z', chargePointId: 'CP001', frame: [2, 'b', 'ClearCache', {}] }),
    f({ ts: '2026-01-02T10:00:04.100Z', chargePointId: 'CP001', frame: [3, 'b', { status: 'Accepted' }] }),
  ],
  'Unix times and the address of the connection': [
    `1767348000.000 ws://csms.example/ocpp/CP001 [2,"a","BootNotification",${f(boot)}]`,
    `1767348000.010 ws://csms.example/ocpp/CP001 [3,"a",${f(booted)}]`,
    '1767348004.000 ws://csms.example/ocpp/CP001 [2,"b","ClearCache",{}]',
    '1767348004.100 ws://csms.example/ocpp/CP001 [3,"b",{"status":"Accepted"}]',
  ],
};

test.each(Object.entries(logs))('%s becomes a recording', async (_style, lines) => {
  const { recording, leftOut, otherLines, guessed } = await recordLines(lines);
  expect(recording).toEqual({
    networkId: 'CP001',
    protocol: 'ocpp1.6',
    startedAt: '2026-01-02T10:00:00.000Z',
    steps: bootAndClear,
  });
  expect({ leftOut, otherLines, guessed }).toEqual({ leftOut: [], otherLines: [], guessed: [] });
  expect(readRecording(writeRecording(recording))).toEqual(recording);
});

test('every line that can not be recorded is told', async () => {
  const recorded = await recordLines([
    'gateway 3.1 starts',
    '',
    `10:00:00 [2,"a","BootNotification",${f(boot)}]`,
    '10:00:01 [2,"b","Heartbeat",{}',
    '10:00:02 [2,"c","Heartbeat",{oops}]',
    `10:00:03 [3,"z",${f(booted)}]`,
    '10:00:04 [2,"d","Heartbeat","no object"]',
    exported({ dropped: 'the charge point is away', origin: 'server' }, { messageType: 'ClearCache' }),
    exported({ raw: '{{{' }, { direction: 0, messageType: '' }),
  ]);
  expect(recorded.leftOut).toEqual([
    { line: 4, why: 'begins an OCPP message that does not end there' },
    { line: 5, why: 'can not be read: the message is not valid JSON' },
    { line: 6, why: 'answers no CALL of the log' },
    { line: 7, why: 'is a Heartbeat whose payload is no object' },
    { line: 8, why: 'was not sent: the charge point is away' },
    { line: 9, why: 'is a frame that the CSMS could not read' },
  ]);
  const text = recordText(recorded);
  expect(text).toContain('CALLs of the charge point: 1, of the CSMS: 0.');
  expect(text).toContain('Left out, answers no CALL of the log: 1 line (6)');
  expect(text).toContain('Without an OCPP message: 1 line (1)');
});

test('secrets do not get into a recording', async () => {
  const { recording } = await recordLines([
    '[2,"a","ChangeConfiguration",{"key":"AuthorizationKey","value":"hunter2hunter2"}]',
    '[3,"a",{"status":"Accepted"}]',
    '[2,"b","GetConfiguration",{}]',
    '[3,"b",{"configurationKey":[{"key":"AuthorizationKey","readonly":false,"value":"hunter2hunter2"}]}]',
    '[2,"c","GetDiagnostics",{"location":"ftp://user:hunter2hunter2@files.example/"}]',
  ]);
  expect(recording.steps).toHaveLength(3);
  expect(writeRecording(recording)).not.toContain('hunter2');
});

test('2.x is recognized, and nothing is needed but the frames', async () => {
  const payload = { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } };
  const { recording } = await recordLines([
    f([2, 'a', 'BootNotification', payload]),
    f([3, 'a', { status: 'Accepted', currentTime: '2026-01-02T10:00:01Z', interval: 300 }]),
    f([2, 'b', 'StatusNotification', { timestamp: '2026-01-02T10:00:02Z' }]),
    f([4, 'b', 'FormatViolation', 'evseId is missing', {}]),
  ]);
  expect(recording).toMatchObject({
    networkId: 'CP-RECORDED',
    protocol: 'ocpp2.0.1',
    startedAt: '2026-01-02T10:00:02.000Z',
  });
  expect(recording.steps.map(({ at }) => at)).toEqual([0, 0]);
  expect(recording.steps[1]?.answer).toEqual({ error: { code: 'FormatViolation', description: 'evseId is missing' } });
});

test('who sent a DataTransfer is known from how the others are marked', async () => {
  const { recording, guessed } = await recordLines([
    '>> [2,"a","Heartbeat",{}]',
    '<< [2,"b","DataTransfer",{"vendorId":"v"}]',
    '>> [2,"b","DataTransfer",{"vendorId":"w"}]',
    '>> [3,"b",{"status":"Accepted"}]',
    '<< [3,"b",{"status":"Rejected"}]',
  ]);
  expect(recording.steps.slice(1)).toMatchObject([
    { from: 'csms', payload: { vendorId: 'v' }, answer: { result: { status: 'Accepted' } } },
    { from: 'charge-point', payload: { vendorId: 'w' }, answer: { result: { status: 'Rejected' } } },
  ]);
  expect(guessed).toEqual([]);
  expect(await recordLines(['[2,"b","DataTransfer",{"vendorId":"v"}]'])).toMatchObject({ guessed: [1] });
});

test('what a charge point really sent is recorded, not what was made of it', async () => {
  const meterValue = [{ timestamp: '2026-01-02T10:00:00Z', sampledValue: [{ value: 12 }] }];
  const raw = f([2, 'a', 'MeterValues', { connectorId: '1', meterValue }]);
  const { recording } = await recordLines([exported({ raw, answer: edge({}) }, { messageType: 'MeterValues' })]);
  expect(recording.steps[0]).toMatchObject({ payload: { connectorId: '1', meterValue }, answer: { result: {} } });
});

test('a charge point is chosen where a log has several', async () => {
  const lines = [
    '[CP1] [2,"a","Heartbeat",{}]',
    '[CP2] [2,"b","Heartbeat",{}]',
    '[3,"a",{"currentTime":"2026-01-02T10:00:01Z"}]',
    '[3,"q",{}]',
  ];
  await expect(recordLines(lines)).rejects.toThrow(/--client: CP1, CP2/);
  await expect(recordLines(lines, { client: 'CP3' })).rejects.toThrow(/no CP3, but: CP1, CP2/);
  const { recording, leftOut } = await recordLines(lines, { client: 'CP1' });
  expect(recording).toMatchObject({ networkId: 'CP1', steps: [{ action: 'Heartbeat', answer: { result: {} } }] });
  expect(leftOut).toEqual([{ line: 4, why: 'does not say which charge point it is of' }]);
});

test('a log without OCPP is refused', async () => {
  await expect(recordLines(['hello', '[2,"a","Heartbeat",'])).rejects.toThrow(NotRecorded);
});

test('times of day go on over midnight, and never run backwards', async () => {
  const { recording } = await recordLines(
    ['23:59:58.500', '23:59:57.000', '00:00:01.000'].map((time, n) => `${time} [2,"${n}","Heartbeat",{}]`),
  );
  expect(recording.startedAt).toBe('2026-03-04T23:59:58.500Z');
  expect(recording.steps.map(({ at }) => at)).toEqual([0, 0, 2.5]);
});

test('a new connection is recorded', async () => {
  const line = (connection: number) => exported({ connection, id: `m${connection}` }, { messageType: 'Heartbeat' });
  const { recording } = await recordLines([line(1), line(2)]);
  expect(recording.steps.map(({ reconnects }) => reconnects)).toEqual([undefined, true]);
});
