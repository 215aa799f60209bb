import type { Envelope } from '@ocpp-csms/bus';
import { noAnswer, until } from '@ocpp-csms/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { startCsms, type TestCsms, type TestCsmsOptions } from './test-support/start-csms.ts';

let csms: TestCsms;
async function start(options?: TestCsmsOptions) {
  csms = await startCsms(options);
  await csms.register();
  return csms;
}
afterEach(() => csms.stop());

async function ready() {
  const chargePoint = await csms.connect();
  await chargePoint.call('Heartbeat', {});
  csms.heard.length = 0;
  return chargePoint;
}

const answers = () => csms.heard.filter(({ body }) => body.direction === 3 || body.direction === 4);
const events = (name: string) => csms.events.filter(({ event }) => event === name);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a CALL of ours', () => {
  test('is written, told, answered, and the answer goes to the log and to who asked', async () => {
    await start();
    const chargePoint = await ready();
    const replies: Envelope[] = [];
    await csms.bus.receive('asker', async (envelope) => void replies.push(envelope));
    const id = await csms.send({
      action: 'ChangeConfiguration',
      payload: { key: 'AuthorizationKey', value: 'swordfish' },
      replyTo: 'asker',
    });
    expect((await chargePoint.nextCall('ChangeConfiguration')).payload).toEqual({
      key: 'AuthorizationKey',
      value: 'swordfish',
    });
    const [reply] = await until('the asker knows', () => replies.length > 0 && replies);
    expect(reply).toMatchObject({
      answerTo: id,
      origin: 'client',
      body: { direction: 3, messageType: 'ChangeConfiguration' },
      request: { key: 'AuthorizationKey', value: '***' },
    });
    expect(answers()).toHaveLength(1);
    const [sent] = await until('it is told', () => csms.sent.length > 0 && csms.sent);
    expect(sent).toMatchObject({ id, body: { direction: 2, messageBody: { value: '***' } } });
    expect(JSON.stringify([csms.sent, csms.heard, csms.logLines])).not.toContain('swordfish');
  });

  test('field fault 29: one in flight, the others wait their turn', async () => {
    await start();
    const chargePoint = await ready();
    chargePoint.onCall('ClearCache', async () => {
      await pause(200);
      return { status: 'Accepted' };
    });
    for (let call = 0; call < 3; call++) await csms.send({ action: 'ClearCache', payload: {} });
    await pause(100);
    expect(chargePoint.received).toHaveLength(1);
    await until('all are answered', () => answers().length === 3);
    const frames = chargePoint.transcript.map(({ text }) => text.slice(0, 2)).slice(2);
    expect(frames).toEqual(['[2', '[3', '[2', '[3', '[2', '[3']);
  });

  test('its answer never waits behind the CALLs of the charge point', async () => {
    await start();
    const chargePoint = await ready();
    chargePoint.sendRaw(
      '[2,"slow","StartTransaction",{"connectorId":1,"idTag":"T","meterStart":0,"timestamp":"2026-01-02T03:04:05Z"}]',
    );
    await csms.send({ action: 'ClearCache', payload: {} });
    await csms.send({ action: 'GetConfiguration', payload: {} });
    await until('both are answered', () => answers().length === 2, { timeoutMs: 2000 });
  });

  test('a timeout is told, the next goes out, a late answer is kept with what it answers', async () => {
    await start({ csmsServer: { callTimeoutSeconds: 1 } });
    const chargePoint = await ready();
    chargePoint.onCall('ClearCache', () => noAnswer);
    const id = await csms.send({ action: 'ClearCache', payload: {} });
    const { msgId } = await chargePoint.nextCall('ClearCache');
    await csms.send({ action: 'GetConfiguration', payload: {} });
    await until('the timeout is told', () => events('CallUnanswered')[0]);
    expect(events('CallUnanswered')[0]?.data).toMatchObject({
      callId: id,
      msgId,
      action: 'ClearCache',
      reason: 'timeout',
    });
    await chargePoint.nextCall('GetConfiguration');
    chargePoint.sendRaw(JSON.stringify([3, msgId, { status: 'Accepted' }]));
    const late = await until('it is kept', () => answers().find(({ answerTo }) => answerTo === id));
    expect(late).toMatchObject({ body: { messageType: 'ClearCache' }, deviations: [{ rule: 'late' }] });
  });

  test('a connection that ends: the CALL in flight is unanswered, those waiting are dropped', async () => {
    await start();
    const chargePoint = await ready();
    chargePoint.onCall('ClearCache', () => noAnswer);
    const first = await csms.send({ action: 'ClearCache', payload: {} });
    const second = await csms.send({ action: 'ClearCache', payload: {} });
    await chargePoint.nextCall('ClearCache');
    await chargePoint.drop();
    await until(
      'both are told',
      () => events('CallUnanswered').length === 1 && csms.sent.some(({ dropped }) => dropped),
    );
    expect(events('CallUnanswered')[0]?.data).toMatchObject({ callId: first, reason: 'closed' });
    expect(csms.sent.find(({ dropped }) => dropped)).toMatchObject({ id: second });
  });

  test('field fault 6: a charge point that talks but answers nothing is told deaf and disconnected once', async () => {
    await start({ csmsServer: { callTimeoutSeconds: 1, unansweredCallsUntilDeaf: 2 } });
    const chargePoint = await ready();
    chargePoint.onCall('ClearCache', () => noAnswer);
    const talk = setInterval(() => void chargePoint.call('Heartbeat', {}).catch(() => {}), 200);
    for (let call = 0; call < 3; call++) await csms.send({ action: 'ClearCache', payload: {} });
    expect((await chargePoint.closed).code).toBe(1012);
    clearInterval(talk);
    await until('it is told', () => events('ChargePointDeaf').length > 0);
    expect(events('ChargePointDeaf')).toHaveLength(1);
    expect(events('ChargePointDeaf')[0]?.data).toMatchObject({ unanswered: 2 });
  });

  test('field fault 25: a CALLERROR of four elements ends the wait', async () => {
    await start();
    const chargePoint = await ready();
    chargePoint.onCall('ClearCache', () => noAnswer);
    const id = await csms.send({ action: 'ClearCache', payload: {} });
    const { msgId } = await chargePoint.nextCall('ClearCache');
    chargePoint.sendRaw(JSON.stringify([4, msgId, 'FormationViolation', '']));
    const [answer] = await until('it is there', () => answers().length > 0 && answers());
    expect(answer).toMatchObject({
      answerTo: id,
      body: { direction: 4, messageBody: { errorCode: 'FormationViolation' } },
    });
  });

  test('an answer that makes no sense is an error to who asked, with its text kept', async () => {
    await start();
    const chargePoint = await ready();
    chargePoint.onCall('ClearCache', () => noAnswer);
    await csms.send({ action: 'ClearCache', payload: {} });
    const { msgId } = await chargePoint.nextCall('ClearCache');
    chargePoint.sendRaw(JSON.stringify([3, msgId, 'yes']));
    const [answer] = await until('it is there', () => answers().length > 0 && answers());
    expect(answer?.body.direction).toBe(4);
    expect(answer?.raw).toContain('"yes"');
  });

  test('2.1, strict: an answer that breaks the schema gets a CALLRESULTERROR; 2.0.1 has none', async () => {
    await start({ csmsServer: { strict: true } });
    for (const [protocol, frames] of [
      ['ocpp2.1', 1],
      ['ocpp2.0.1', 0],
    ] as const) {
      const chargePoint = await csms.connect({ protocol: protocol as never });
      await chargePoint.callAs('1', 'Heartbeat', {});
      chargePoint.onCall('ClearCache', () => noAnswer);
      await csms.send({ action: 'ClearCache', payload: {} });
      const { msgId } = await chargePoint.nextCall('ClearCache');
      const before = chargePoint.transcript.length;
      chargePoint.sendRaw(JSON.stringify([3, msgId, { status: 'Perhaps' }]));
      await pause(100);
      const after = chargePoint.transcript.slice(before).filter(({ from }) => from === 'csms');
      expect(after).toHaveLength(frames);
      if (frames > 0) expect(after[0]?.text).toMatch(/^\[5,/);
    }
  });

  test.each([
    ['is not connected', { client: 'CP404' }, /not connected/],
    ['has connected anew', { connection: 1 }, /connected anew/],
    ['speaks another version', { protocol: 'ocpp2.1' as const }, /speaks ocpp1.6/],
    ['gets it too late', { notAfter: '2020-01-01T00:00:00.000Z' }, /time is over/],
    ['does not know the action', { action: 'SetVariables' }, /has no SetVariables/],
    ['would send it itself', { action: 'Heartbeat' }, /for a CSMS/],
    ['would get it invalid', { payload: { colour: 'green' } }, /Not valid/],
  ])('is refused at once, in words, when the charge point %s', async (_name, change, words) => {
    await start();
    await ready();
    await expect(csms.send({ action: 'ClearCache', payload: {}, ...change })).rejects.toThrow(words);
  });

  test('is refused when too many wait', async () => {
    await start({ csmsServer: { maxQueuedCalls: 2 } });
    const chargePoint = await ready();
    chargePoint.onCall('ClearCache', () => noAnswer);
    for (let call = 0; call < 3; call++) await csms.send({ action: 'ClearCache', payload: {} });
    await expect(csms.send({ action: 'ClearCache', payload: {} })).rejects.toThrow(/Too many/);
  });

  test('whose time runs out while it waits is dropped', async () => {
    await start({ csmsServer: { callTimeoutSeconds: 1 } });
    const chargePoint = await ready();
    chargePoint.onCall('ClearCache', () => noAnswer);
    await csms.send({ action: 'ClearCache', payload: {} });
    const id = await csms.send({
      action: 'GetConfiguration',
      payload: {},
      notAfter: new Date(Date.now() + 300).toISOString(),
    });
    const dropped = await until('it is dropped', () => csms.sent.find(({ dropped }) => dropped));
    expect(dropped.id).toBe(id);
    expect(chargePoint.received).toHaveLength(1);
  });
});

describe('field fault 30: the CSMS does not talk first', () => {
  test('nothing is sent in the settle time; then it is', async () => {
    await start({ csmsServer: { settleSeconds: 1 } });
    const chargePoint = await csms.connect();
    await csms.send({ action: 'ClearCache', payload: {} });
    await pause(600);
    expect(chargePoint.received).toEqual([]);
    await chargePoint.nextCall('ClearCache');
  });

  test('nothing is sent before the boot is answered', async () => {
    await start();
    const chargePoint = await csms.connect();
    await csms.send({ action: 'ClearCache', payload: {} });
    await pause(300);
    expect(chargePoint.received).toEqual([]);
    await chargePoint.call('BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
    await chargePoint.nextCall('ClearCache');
    expect(chargePoint.transcript.filter(({ from }) => from === 'csms').map(({ text }) => text.slice(0, 2))).toEqual([
      '[3',
      '[2',
    ]);
  });
});
