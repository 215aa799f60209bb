import { createIdSource } from '@ocpp-csms/bus';
import { CallError, until } from '@ocpp-csms/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { answerTo, startCsms, type TestCsms, type TestCsmsOptions } from './test-support/start-csms.ts';

let csms: TestCsms;
async function start(options?: TestCsmsOptions) {
  csms = await startCsms(options);
  await csms.register();
  return csms;
}
afterEach(() => csms.stop());

const boot = { chargePointVendor: 'V', chargePointModel: 'M' };
const startTransaction = { connectorId: 1, idTag: 'TAG', meterStart: 0, timestamp: '2026-01-02T03:04:05Z' };
const statusNotification = { connectorId: 1, errorCode: 'NoError', status: 'Available' } as const;
const idTagInfo = { status: 'Accepted' } as const;

async function errorOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CallError)) throw error ?? new Error('it was answered');
  return error.code;
}

describe('edge answers', () => {
  test('TC_001_CSMS: boot, status and heartbeat are answered, and stored with their answers first', async () => {
    await start();
    const chargePoint = await csms.connect();
    expect(await chargePoint.call('BootNotification', boot)).toMatchObject({ status: 'Accepted', interval: 300 });
    expect(csms.heard.at(-1)).toMatchObject({
      body: { direction: 2, messageType: 'BootNotification', messageBody: boot },
      answer: { direction: 3, messageBody: { status: 'Accepted' } },
      origin: 'client',
      client: 'CP001',
      protocol: 'ocpp1.6',
      seq: 1,
    });
    expect(
      await chargePoint.call('StatusNotification', { connectorId: 0, errorCode: 'NoError', status: 'Available' }),
    ).toEqual({});
    expect(csms.heard.at(-1)).toMatchObject({ seq: 2, answer: { messageBody: {} } });
    expect(csms.heard.at(-1)).not.toHaveProperty('raw');
    await chargePoint.call('Heartbeat', {});
    expect(chargePoint.violations).toEqual([]);
    expect(csms.sent).toEqual([]);
  });

  test('field fault 36: currentTime has milliseconds and a Z', async () => {
    await start();
    const chargePoint = await csms.connect();
    const { currentTime } = await chargePoint.call('Heartbeat', {});
    expect(currentTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test('2.0.1: reports and events need no decision', async () => {
    await start();
    const chargePoint = await csms.connect({ protocol: 'ocpp2.0.1' as never });
    const report = { requestId: 1, generatedAt: '2026-01-02T03:04:05Z', seqNo: 0 };
    expect(await chargePoint.callAs('1', 'NotifyReport', report)).toEqual({});
    expect(
      await chargePoint.callAs('2', 'GetCertificateStatus', {
        ocspRequestData: {
          hashAlgorithm: 'SHA256',
          issuerNameHash: 'a',
          issuerKeyHash: 'b',
          serialNumber: 'c',
          responderURL: 'http://169.254.169.254/',
        },
      }),
    ).toEqual({ status: 'Failed' });
  });

  test('field fault 24: unknown members are set aside, with the text kept', async () => {
    await start();
    const chargePoint = await csms.connect();
    await chargePoint.callAs('1', 'BootNotification', { ...boot, colour: 'green' });
    expect(csms.heard.at(-1)).toMatchObject({ body: { messageBody: boot }, deviations: [{ rule: 'unknown-member' }] });
    expect(csms.heard.at(-1)?.raw).toContain('"colour":"green"');
  });

  test('strict mode of a charge point refuses what the schema refuses, and no handler decides on it', async () => {
    await start();
    await csms.register({ strict: true });
    const chargePoint = await csms.connect();
    expect(
      await errorOf(chargePoint.callAs('1', 'StartTransaction', { ...startTransaction, connectorId: 'one' })),
    ).toBe('TypeConstraintViolation');
    expect(csms.heard.at(-1)).toMatchObject({ answer: { direction: 4 } });
  });

  test('secrets are in no message that is stored', async () => {
    await start();
    const chargePoint = await csms.connect({ protocol: 'ocpp2.0.1' as never });
    const reportData = [
      {
        component: { name: 'SecurityCtrlr' },
        variable: { name: 'BasicAuthPassword' },
        variableAttribute: [{ value: 'swordfish' }],
        odd: 1,
      },
    ];
    await chargePoint.callAs('1', 'NotifyReport', {
      requestId: 1,
      generatedAt: '2026-01-02T03:04:05Z',
      seqNo: 0,
      reportData,
    });
    expect(csms.heard).toHaveLength(1);
    expect(csms.heard[0]?.deviations).toBeDefined();
    expect(JSON.stringify(csms.heard)).not.toContain('swordfish');
  });
});

test('A01.FR.09: a frame that could not be read, a wrong case or an error text do not give a secret away', async () => {
  await start();
  const chargePoint = await csms.connect();
  const frames = [
    '[3,"1",{"configurationKey":[{"value":"swordfish","key":"AuthorizationKey"},]}]',
    '[2,"2","getConfiguration",{"configurationKey":[{"Key":"AuthorizationKey","Value":"swordfish"}]},1]',
    '[4,"3","InternalError","can not fetch ftp://user:swordfish@host/x"]',
    '[2,"4","NotifyEvent",{"Variable":{"Name":"BasicAuthPassword"},"ActualValue":"swordfish"},1]',
  ];
  for (const text of frames) chargePoint.sendRaw(text);
  await until('all are stored', () => csms.heard.length === frames.length);
  expect(JSON.stringify([csms.heard, csms.sent, csms.logLines])).not.toContain('swordfish');
});

describe('poison frames', () => {
  test('field fault 17: broken JSON is answered with its id, kept with its text, and the socket stays open', async () => {
    await start();
    const chargePoint = await csms.connect();
    chargePoint.sendRaw('[2,"77","MeterValues",{"connectorId":1,"transactionId":,"meterValue":[]}]');
    expect(await chargePoint.nextFrame()).toEqual([4, '77', 'FormationViolation', expect.any(String), {}]);
    expect(csms.heard.at(-1)).toMatchObject({
      body: { direction: 0, msgId: '77' },
      answer: { direction: 4, messageBody: { errorCode: 'FormationViolation' } },
    });
    expect(csms.heard.at(-1)?.raw).toContain('"transactionId":,');
    expect(await chargePoint.call('Heartbeat', {})).toHaveProperty('currentTime');
  });

  test.each([
    '[1,"1","Heartbeat",{}]',
    '[0,"1"]',
    '[3]',
    'null',
    '{}',
    '"x"',
    '[4,"x"]',
    '[5,"1","x","",{}]',
    `${'['.repeat(5000)}${']'.repeat(5000)}`,
  ])('field fault 18: %.30s is kept, and harms nobody', async (text) => {
    await start();
    const chargePoint = await csms.connect();
    chargePoint.sendRaw(text);
    expect(await chargePoint.call('Heartbeat', {})).toHaveProperty('currentTime');
    expect(csms.heard).toHaveLength(2);
    expect(chargePoint.transcript.filter(({ from }) => from === 'csms')).toHaveLength(1);
  });

  test('an empty frame as keep-alive is ignored without a trace', async () => {
    await start();
    const chargePoint = await csms.connect();
    chargePoint.sendRaw('');
    chargePoint.sendRaw(' \n');
    await chargePoint.call('Heartbeat', {});
    expect(csms.heard).toHaveLength(1);
  });

  test('field fault 26: an unknown action is NotImplemented, one of ours NotSupported', async () => {
    await start();
    const chargePoint = await csms.connect();
    expect(await errorOf(chargePoint.callAs('1', 'MakeCoffee', {}))).toBe('NotImplemented');
    expect(await errorOf(chargePoint.callAs('2', 'UpdateFirmware', {}))).toBe('NotSupported');
    expect(await errorOf(chargePoint.callAs('3', 'constructor', {}))).toBe('NotImplemented');
    expect(csms.heard.map(({ answer }) => answer?.direction)).toEqual([4, 4, 4]);
  });

  test('field fault 27: an answer to nothing is kept and never answered', async () => {
    await start();
    const chargePoint = await csms.connect();
    chargePoint.sendRaw('[3,"nothing",{"status":"Accepted"}]');
    chargePoint.sendRaw('[4,"nothing","GenericError","",{}]');
    await chargePoint.call('Heartbeat', {});
    expect(csms.heard.map(({ body }) => body.direction)).toEqual([3, 4, 2]);
    expect(csms.heard[0]?.deviations).toMatchObject([{ rule: 'unsolicited' }]);
    expect(chargePoint.transcript.filter(({ from }) => from === 'csms')).toHaveLength(1);
  });

  test('2.1: a SEND is stored and not answered, a CALLRESULTERROR is understood', async () => {
    await start();
    const chargePoint = await csms.connect({ protocol: 'ocpp2.1' as never });
    chargePoint.sendRaw(
      JSON.stringify([
        6,
        '1',
        'NotifyPeriodicEventStream',
        { id: 1, pending: 0, basetime: '2026-01-02T03:04:05Z', data: [{ t: 0, v: '1' }] },
      ]),
    );
    chargePoint.sendRaw('[5,"2","FormatViolation","",{}]');
    await chargePoint.callAs('3', 'Heartbeat', {});
    expect(csms.heard.map(({ body }) => [body.direction, body.messageType])).toEqual([
      [6, 'NotifyPeriodicEventStream'],
      [5, ''],
      [2, 'Heartbeat'],
    ]);
    expect(chargePoint.transcript.filter(({ from }) => from === 'csms')).toHaveLength(1);
  });

  test('a frame marked as binary is read when it is text', async () => {
    await start();
    const chargePoint = await csms.connect();
    chargePoint.sendRaw(Buffer.from('[2,"9","Heartbeat",{}]'));
    expect((await chargePoint.nextFrame()).slice(0, 2)).toEqual([3, '9']);
    chargePoint.sendRaw(Buffer.from([0xff, 0xfe, 0x00]));
    expect((await chargePoint.closed).code).toBe(1003);
  });
});

describe('repeats', () => {
  test('field fault 33: a repeated StartTransaction is decided once and answered twice with the same text', async () => {
    await start();
    let decisions = 0;
    csms.decide = () => ({ transactionId: ++decisions, idTagInfo });
    const chargePoint = await csms.connect();
    const first = await chargePoint.callAs('7', 'StartTransaction', startTransaction);
    expect(await chargePoint.callAs('7', 'StartTransaction', startTransaction)).toEqual(first);
    expect(decisions).toBe(1);
    await until('the log has both answers', () => csms.sent.length === 2);
    expect(csms.sent[1]?.deviations).toMatchObject([{ rule: 'repeat' }]);
  });

  test('a repeat while the first is being decided: one decision, one answer for each frame', async () => {
    await start();
    let decisions = 0;
    csms.decide = () => void decisions++;
    const chargePoint = await csms.connect();
    const frame = JSON.stringify([2, '7', 'StartTransaction', startTransaction]);
    chargePoint.sendRaw(frame);
    chargePoint.sendRaw(frame);
    const call = await until('it arrived', () => csms.heard[0]);
    await csms.bus.send('node-1', answerTo(call, { transactionId: 5, idTagInfo }));
    expect(await chargePoint.nextFrame()).toEqual([3, '7', { transactionId: 5, idTagInfo }]);
    expect(await chargePoint.nextFrame()).toEqual([3, '7', { transactionId: 5, idTagInfo }]);
    expect(decisions).toBe(1);
  });

  test('firmware with a single message id: the same id with other content is a new message', async () => {
    await start();
    let decisions = 0;
    csms.decide = () => ({ transactionId: ++decisions, idTagInfo });
    const chargePoint = await csms.connect();
    expect(await chargePoint.callAs('1', 'StartTransaction', startTransaction)).toMatchObject({ transactionId: 1 });
    expect(await chargePoint.callAs('1', 'StartTransaction', { ...startTransaction, meterStart: 9 })).toMatchObject({
      transactionId: 2,
    });
  });

  test('firmware with a single message id: Available, Charging, Available are three messages', async () => {
    await start();
    const chargePoint = await csms.connect();
    for (const status of ['Available', 'Charging', 'Available'])
      await chargePoint.callAs('1', 'StatusNotification', { ...statusNotification, status });
    expect(csms.heard.map(({ body }) => (body.messageBody as { status: string }).status)).toEqual([
      'Available',
      'Charging',
      'Available',
    ]);
  });

  test('firmware with a single message id: a token that was accepted minutes ago is authorized anew', async () => {
    await start();
    const statuses = ['Accepted', 'Blocked'];
    csms.decide = () => ({ idTagInfo: { status: statuses.shift() } });
    const chargePoint = await csms.connect();
    expect(await chargePoint.callAs('1', 'Authorize', { idTag: 'T' })).toEqual({ idTagInfo: { status: 'Accepted' } });
    expect(await chargePoint.callAs('1', 'Authorize', { idTag: 'T' })).toEqual({ idTagInfo: { status: 'Blocked' } });
  });

  test('firmware with a single message id: once accepted, a SecurityError is not repeated from memory', async () => {
    await start();
    await csms.register({ registration: 'Pending' });
    const chargePoint = await csms.connect();
    expect(await errorOf(chargePoint.callAs('1', 'StatusNotification', statusNotification))).toBe('SecurityError');
    await csms.register({ registration: 'Accepted' });
    expect(await chargePoint.callAs('1', 'StatusNotification', statusNotification)).toEqual({});
  });

  test('firmware with a single message id: a Heartbeat never gets an old time', async () => {
    await start();
    const chargePoint = await csms.connect();
    const first = await chargePoint.callAs('1', 'Heartbeat', {});
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await chargePoint.callAs('1', 'Heartbeat', {})).not.toEqual(first);
    expect(csms.heard).toHaveLength(2);
  });
});

describe('decisions', () => {
  test('the answer of the owner goes out once the message is stored, and is told', async () => {
    await start();
    csms.decide = () => ({ transactionId: 5, idTagInfo });
    const chargePoint = await csms.connect();
    expect(await chargePoint.call('StartTransaction', startTransaction)).toEqual({ transactionId: 5, idTagInfo });
    const sent = await until('the answer is told', () => csms.sent[0]);
    expect(sent).toMatchObject({
      body: { direction: 3, messageType: 'StartTransaction', messageBody: { transactionId: 5 } },
      answerTo: csms.heard[0]?.id,
      origin: 'server',
      seq: 2,
    });
  });

  test('an error of the owner is a CALLERROR in the spelling of the version', async () => {
    await start();
    const chargePoint = await csms.connect();
    const answer = errorOf(chargePoint.call('DataTransfer', { vendorId: 'x' }));
    const call = await until('it arrived', () => csms.heard[0]);
    await csms.bus.send(
      'node-1',
      answerTo(call, { errorCode: 'OccurrenceConstraintViolation', errorDescription: 'x' }, 4),
    );
    expect(await answer).toBe('OccurenceConstraintViolation');
  });

  test('a Heartbeat is not withheld while a CALL before it is undecided; all are stored at once', async () => {
    await start();
    const chargePoint = await csms.connect();
    chargePoint.sendRaw(JSON.stringify([2, 'a', 'StartTransaction', startTransaction]));
    chargePoint.sendRaw(JSON.stringify([2, 'b', 'Heartbeat', {}]));
    chargePoint.sendRaw(JSON.stringify([2, 'c', 'DataTransfer', { vendorId: 'x' }]));
    chargePoint.sendRaw(JSON.stringify([2, 'd', 'StatusNotification', statusNotification]));
    expect((await chargePoint.nextFrame())[1]).toBe('b');
    expect((await chargePoint.nextFrame())[1]).toBe('d');
    await until('all are stored', () => csms.heard.length === 4);
    await csms.bus.send('node-1', answerTo(csms.heard[0]!, { transactionId: 5, idTagInfo }));
    expect((await chargePoint.nextFrame())[1]).toBe('a');
  });

  test('a second answer, and one for another connection, are refused in words', async () => {
    await start();
    const chargePoint = await csms.connect();
    const waiting = chargePoint.call('StartTransaction', startTransaction);
    const call = await until('it arrived', () => csms.heard[0]);
    await expect(
      csms.bus.send('node-1', answerTo({ ...call, connection: 1 }, { transactionId: 4, idTagInfo })),
    ).rejects.toThrow(/connected anew/);
    await csms.bus.send('node-1', answerTo(call, { transactionId: 5, idTagInfo }));
    await waiting;
    await expect(csms.bus.send('node-1', answerTo(call, { transactionId: 6, idTagInfo }))).rejects.toThrow(/waits/);
    expect(await waiting).toMatchObject({ transactionId: 5 });
  });

  test.each([
    ['StartTransaction', startTransaction],
    ['Authorize', { idTag: 'TAG' }],
  ] as const)(
    '%s that nobody decides gets no invented answer: the socket is closed with 1013',
    async (action, payload) => {
      await start({ csmsServer: { decisionTimeoutSeconds: 1 } });
      const chargePoint = await csms.connect();
      const answer = chargePoint.callAs('1', action, payload).catch(String);
      expect((await chargePoint.closed).code).toBe(1013);
      expect(await answer).toMatch(/1013/);
    },
  );

  test('…and not again and again: the next one is left without an answer', async () => {
    await start({ csmsServer: { decisionTimeoutSeconds: 1 } });
    const first = await csms.connect();
    first.sendRaw(JSON.stringify([2, '1', 'Authorize', { idTag: 'TAG' }]));
    await first.closed;
    const second = await csms.connect();
    second.sendRaw(JSON.stringify([2, '1', 'Authorize', { idTag: 'TAG' }]));
    await new Promise((resolve) => setTimeout(resolve, 1600));
    expect(await second.call('Heartbeat', {})).toHaveProperty('currentTime');
  });

  test('field fault 49: what nobody decides is answered neutrally, within the time', async () => {
    await start({ csmsServer: { decisionTimeoutSeconds: 1 } });
    const chargePoint = await csms.connect();
    const stop = { transactionId: -1, meterStop: 5, timestamp: '2026-01-02T03:04:05Z' };
    expect(await chargePoint.call('StopTransaction', stop)).toEqual({});
    expect(await chargePoint.call('DataTransfer', { vendorId: 'x' })).toEqual({ status: 'UnknownVendorId' });
    await until('both are told', () => csms.sent.length === 2);
    expect(csms.sent[0]).toMatchObject({
      answerTo: csms.heard[0]?.id,
      body: { direction: 3, messageType: 'StopTransaction' },
    });
  });

  test('field fault 49: a handler that throws parks the message, and it is answered all the same', async () => {
    await start({ csmsServer: { decisionTimeoutSeconds: 1 } });
    csms.decide = () => {
      throw new Error('a bug');
    };
    const chargePoint = await csms.connect();
    expect(await chargePoint.call('DataTransfer', { vendorId: 'x' })).toEqual({ status: 'UnknownVendorId' });
    expect(await csms.bus.parked.count()).toBe(1);
  });

  test('one message that the bus refuses gets no answer, and holds up nothing: not its repeat, not our CALLs', async () => {
    await start();
    const chargePoint = await csms.connect();
    csms.storing.refuses = 1;
    chargePoint.sendRaw(JSON.stringify([2, '1', 'BootNotification', boot]));
    await until('it was refused', () => csms.storing.refuses === 0);
    await csms.send({ action: 'ClearCache', payload: {} });
    await chargePoint.nextCall('ClearCache');
    expect(await chargePoint.callAs('1', 'BootNotification', boot)).toMatchObject({ status: 'Accepted' });
  });

  test('an answer that is not valid OCPP is not sent', async () => {
    await start();
    const chargePoint = await csms.connect();
    const answer = chargePoint.call('DataTransfer', { vendorId: 'x' });
    const call = await until('it arrived', () => csms.heard[0]);
    await expect(csms.bus.send('node-1', answerTo(call, { status: 'Perhaps' }))).rejects.toThrow(/not valid/);
    expect(await answer).toEqual({ status: 'UnknownVendorId' });
    expect(chargePoint.violations).toEqual([]);
  });

  test('an answer that comes when the charge point has connected anew goes nowhere', async () => {
    await start();
    const first = await csms.connect();
    first.sendRaw(JSON.stringify([2, '1', 'StartTransaction', startTransaction]));
    const call = await until('it arrived', () => csms.heard[0]);
    const second = await csms.connect();
    await expect(csms.bus.send('node-1', answerTo(call, { transactionId: 5, idTagInfo }))).rejects.toThrow(/anew/);
    await second.call('Heartbeat', {});
    expect(second.transcript.filter(({ text }) => text.includes('transactionId'))).toEqual([]);
  });
});

describe('registration', () => {
  test.each(['Pending', 'Rejected'] as const)(
    'TC_B_30: while %s, other CALLs get SecurityError and are kept; the boot says so',
    async (registration) => {
      await start();
      await csms.register({ registration });
      const chargePoint = await csms.connect();
      expect(await chargePoint.call('BootNotification', boot)).toMatchObject({ status: registration, interval: 60 });
      expect(
        await errorOf(
          chargePoint.call('StatusNotification', { connectorId: 0, errorCode: 'NoError', status: 'Available' }),
        ),
      ).toBe('SecurityError');
      expect(await errorOf(chargePoint.call('StartTransaction', startTransaction))).toBe('SecurityError');
      expect(csms.heard).toHaveLength(3);
      expect(csms.heard[2]).toMatchObject({ answer: { direction: 4, messageBody: { errorCode: 'SecurityError' } } });
    },
  );

  test('TC_B_02: accepted by an operator while connected: at once', async () => {
    await start();
    await csms.register({ registration: 'Pending' });
    const chargePoint = await csms.connect();
    await chargePoint.callAs('1', 'BootNotification', boot);
    await csms.register({ registration: 'Accepted' });
    expect(await chargePoint.callAs('1', 'BootNotification', boot)).toMatchObject({
      status: 'Accepted',
      interval: 300,
    });
    expect(await chargePoint.call('Heartbeat', {})).toHaveProperty('currentTime');
  });

  test('field fault 31: an accepted charge point that connects anew without a boot goes on', async () => {
    await start();
    const chargePoint = await csms.connect();
    expect(
      await chargePoint.call('StatusNotification', { connectorId: 0, errorCode: 'NoError', status: 'Available' }),
    ).toEqual({});
  });

  test('B02.FR.09: while pending, what we triggered is taken', async () => {
    await start();
    await csms.register({ registration: 'Pending' });
    const chargePoint = await csms.connect();
    await chargePoint.call('BootNotification', boot);
    await csms.send({ action: 'TriggerMessage', payload: { requestedMessage: 'StatusNotification' } });
    await chargePoint.nextCall('TriggerMessage');
    expect(
      await chargePoint.call('StatusNotification', { connectorId: 0, errorCode: 'NoError', status: 'Available' }),
    ).toEqual({});
    expect(await errorOf(chargePoint.call('StartTransaction', startTransaction))).toBe('SecurityError');
  });

  test('B02.FR.05, B03.FR.03: no remote start while pending, nothing while rejected', async () => {
    await start();
    await csms.register({ registration: 'Pending' });
    const chargePoint = await csms.connect();
    await chargePoint.call('BootNotification', boot);
    await expect(csms.send({ action: 'RemoteStartTransaction', payload: { idTag: 'TAG' } })).rejects.toThrow(/pending/);
    await csms.send({ action: 'GetConfiguration', payload: {} });
    await csms.register({ registration: 'Rejected' });
    await until('the change is known', () =>
      csms.send({ action: 'GetConfiguration', payload: {} }).then(
        () => false,
        () => true,
      ),
    );
    await expect(csms.send({ action: 'GetConfiguration', payload: {} })).rejects.toThrow(/rejected/);
  });

  test.each([
    ['deleted', async () => csms.cache.auth.delete('CP001')],
    ['disabled', async () => void (await csms.register({ enabled: false }))],
  ])('%s while connected: closed with 1008', async (_name, change) => {
    await start();
    const chargePoint = await csms.connect();
    await change();
    expect((await chargePoint.closed).code).toBe(1008);
  });
});

test('field fault 49: a fault of ours in one message closes that connection, so that the CALL is kept and asked again', async () => {
  const ids = createIdSource();
  let isBroken = false;
  const newId = () => {
    if (!isBroken) return ids();
    isBroken = false;
    throw new Error('a fault of ours');
  };
  await start({ newId });
  const chargePoint = await csms.connect();
  isBroken = true;
  chargePoint.sendRaw(JSON.stringify([2, 'm1', 'StopTransaction', { transactionId: 1 }]));
  expect((await chargePoint.closed).code).toBe(1011);
  expect(csms.logLines.some(({ level, msg }) => level === 'error' && msg.includes('could not be processed'))).toBe(
    true,
  );
  const again = await csms.connect();
  expect(await again.call('Heartbeat', {})).toHaveProperty('currentTime');
});
