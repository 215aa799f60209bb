import { randomUUID } from 'node:crypto';
import { CallError, until } from '@ocpp-csms/testing';
import { expect, test } from 'vitest';
import { boot, charge, report } from '../src/charge-1.6.ts';
import { boot as boot2 } from '../src/charge-2.ts';
import {
  command,
  connect,
  connectorOf,
  messagesOf,
  newChargePoint,
  newToken,
  now,
  onlyTransaction,
  register,
} from '../src/scenes.ts';
import { shareCsms } from '../src/share-csms.ts';

const csms = shareCsms();

async function booted() {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  return chargePoint;
}

type Booted = Awaited<ReturnType<typeof booted>>;

const beats = (chargePoint: Booted) => expect(chargePoint.call('Heartbeat', {})).resolves.toHaveProperty('currentTime');

/** The logged CALL with this msgId: the whole of it, raw text included. */
async function logged(chargePoint: { networkId: string }, msgId: string) {
  const find = async () =>
    (await messagesOf(csms, chargePoint)).filter(({ body, origin }) => body.msgId === msgId && origin === 'client');
  // Over a broker the log follows the answer.
  const found = await until('it is in the log', async () => {
    const there = await find();
    return there.length > 0 && there;
  });
  expect(found).toHaveLength(1);
  const { id } = found[0]!;
  return csms.api.get<(typeof found)[0] & { deviations: { rule: string; path: string }[] }>(
    `/message-manager/messages/${id}`,
  );
}

const pathsOf = (message: { deviations?: { path: string }[] }) => (message.deviations ?? []).map(({ path }) => path);

test('row 17: invalid JSON in every MeterValues: the socket stays, the text is in the log', async () => {
  const chargePoint = await booted();
  const msgId = randomUUID();
  const text = `[2,"${msgId}","MeterValues",{"connectorId":1,"transactionId":,"meterValue":[]}]`;
  chargePoint.sendRaw(text);
  await beats(chargePoint);
  await expect
    .poll(async () => (await messagesOf(csms, chargePoint)).some(({ body }) => body.direction === 0))
    .toBe(true);
  const [broken] = (await messagesOf(csms, chargePoint)).filter(({ body }) => body.direction === 0);
  expect(await csms.api.get(`/message-manager/messages/${broken!.id}`)).toMatchObject({ raw: text });
});

test('row 17: invalid JSON from a 2.x charge point: CALLERROR, and the socket stays', async () => {
  const chargePoint = await newChargePoint(csms, { protocol: 'ocpp2.0.1' });
  await boot2(chargePoint);
  chargePoint.sendRaw('[2,"unreadable');
  const [type, msgId, code] = await chargePoint.nextFrame();
  expect([type, msgId]).toEqual([4, '-1']);
  expect(['RpcFrameworkError', 'FormatViolation']).toContain(code);
  expect(await chargePoint.call('Heartbeat', {})).toHaveProperty('currentTime');
});

test.each([
  ['message type 1', '[1,"a",{}]'],
  ['message type 0', '[0]'],
  ['an empty text', ''],
  ['an object', '{"hello":1}'],
  ['a bare word', 'ping'],
  ['an empty array', '[]'],
  ['deep nesting', '['.repeat(20_000)],
])('row 18: %s is ignored and the socket stays', async (_what, text) => {
  const chargePoint = await booted();
  chargePoint.sendRaw(text);
  await beats(chargePoint);
});

test('row 19: invalid UTF-8: closed with 1007, and the next connection is served', async () => {
  const chargePoint = await booted();
  chargePoint.socket.send(Buffer.from([0x5b, 0xff, 0xfe, 0x5d]), { binary: false });
  expect((await chargePoint.closed).code).toBe(1007);
  await boot(await connect(csms, { networkId: chargePoint.networkId }));
});

test('row 20: fields that are too long are taken and noted; a stop with a 21-character tag is never refused', async () => {
  const chargePoint = await booted();
  await report(chargePoint, 'Available', { info: 'i'.repeat(80) });
  const transactionId = await charge(chargePoint, await newToken(csms));
  const idTag = 'T'.repeat(21);
  await chargePoint.callAs('stop-20', 'StopTransaction', { transactionId, idTag, meterStop: 2000, timestamp: now() });
  expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: false, energyWh: 1000 });
  expect(pathsOf(await logged(chargePoint, 'stop-20'))).toContain('/idTag');
});

test('row 21: an empty or missing vendor: the boot is Accepted all the same', async () => {
  const chargePoint = await newChargePoint(csms);
  const answer = await chargePoint.callAs('boot-1', 'BootNotification', {
    chargePointVendor: '',
    chargePointModel: 'M'.repeat(40),
  });
  expect(answer).toMatchObject({ status: 'Accepted' });
  expect(await chargePoint.callAs('boot-2', 'BootNotification', {})).toMatchObject({ status: 'Accepted' });
});

test('row 22, row 23: unknown enums and one bad sampled value: the others are kept', async () => {
  const chargePoint = await booted();
  const transactionId = await charge(chargePoint, await newToken(csms));
  const sampledValue = [
    { value: '50', unit: 'Hz', measurand: 'Frequency', context: 'Sample.Weird' },
    { value: '1500', measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
    { nothing: 'here' },
  ];
  const meterValue = [
    { timestamp: now(), sampledValue },
    { timestamp: now(), sampledValue: [] },
  ];
  expect(await chargePoint.callAs('meter-22', 'MeterValues', { connectorId: 1, transactionId, meterValue })).toEqual(
    {},
  );
  expect(
    await chargePoint.callAs('status-22', 'StatusNotification', {
      connectorId: 1,
      errorCode: 'Error',
      status: 'Charging',
    }),
  ).toEqual({});
  const { id } = await onlyTransaction(csms, chargePoint);
  const shown = async () => JSON.stringify(await csms.api.get(`/session/transactions/${id}/meter-values`));
  await expect.poll(shown).toContain('1500');
  expect(await shown()).toContain('Frequency');
});

test('row 24: extra members, duplicate keys and nulls are understood and noted', async () => {
  const chargePoint = await booted();
  const extra = { connectorId: 1, errorCode: 'NoError', status: 'Preparing', info: null, myOwnField: 1 };
  expect(await chargePoint.callAs('extra-24', 'StatusNotification', extra)).toEqual({});
  expect(pathsOf(await logged(chargePoint, 'extra-24'))).toEqual(expect.arrayContaining(['/myOwnField', '/info']));
  chargePoint.sendRaw(
    '[2,"twice-24","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available","status":"Charging"}]',
  );
  await beats(chargePoint);
  await expect.poll(async () => (await connectorOf(csms, chargePoint, 1))?.status).toBe('Charging');
  expect(await chargePoint.callAs('null-24', 'Heartbeat', null)).toHaveProperty('currentTime');
});

test('row 25: a CALLERROR of four elements ends the command with an error', async () => {
  const chargePoint = await booted();
  chargePoint.onCall('ClearCache', () => new Promise(() => undefined));
  const pending = command(csms, chargePoint, 'ClearCache');
  const { msgId } = await chargePoint.nextCall('ClearCache');
  chargePoint.sendRaw(JSON.stringify([4, msgId, 'FormationViolation', '']));
  expect(await pending).toMatchObject({ status: 'rejected', error: { code: 'FormationViolation' } });
});

test('row 26: our error codes are spelt as the version has them', async () => {
  const chargePoint = await booted();
  const codes16 = [
    'FormationViolation',
    'OccurenceConstraintViolation',
    'PropertyConstraintViolation',
    'TypeConstraintViolation',
    'ProtocolError',
  ];
  const error16 = await chargePoint.callAs('wrong-26', 'Authorize', {}).catch((error: CallError) => error);
  expect(error16).toBeInstanceOf(CallError);
  expect(codes16).toContain((error16 as CallError).code);
  const unknown = await chargePoint.callAs('unknown-26', 'NoSuchAction', {}).catch((error: CallError) => error);
  expect(['NotImplemented', 'NotSupported']).toContain((unknown as CallError).code);
  const chargePoint2 = await newChargePoint(csms, { protocol: 'ocpp2.1' });
  await boot2(chargePoint2);
  const codes2 = [
    'FormatViolation',
    'OccurrenceConstraintViolation',
    'PropertyConstraintViolation',
    'TypeConstraintViolation',
    'ProtocolError',
  ];
  const error2 = await chargePoint2.callAs('wrong-26', 'Authorize', {}).catch((error: CallError) => error);
  expect(codes2).toContain((error2 as CallError).code);
});

test('row 27: unsolicited, late and duplicate answers are ignored, never answered', async () => {
  const chargePoint = await booted();
  chargePoint.onCall('ClearCache', () => ({ status: 'Accepted' }));
  await command(csms, chargePoint, 'ClearCache');
  const { msgId } = await chargePoint.nextCall('ClearCache');
  const before = chargePoint.transcript.filter(({ from }) => from === 'csms').length;
  for (const frame of [
    [3, msgId, { status: 'Rejected' }],
    [3, 'never-asked', {}],
    [4, 'never-asked', 'GenericError', '', {}],
  ]) {
    chargePoint.sendRaw(JSON.stringify(frame));
  }
  await beats(chargePoint);
  expect(chargePoint.transcript.filter(({ from }) => from === 'csms')).toHaveLength(before + 1);
});

test('row 28: CALLs in one burst are all answered once, and taken in the order in which they came', async () => {
  const chargePoint = await booted();
  const ids = Array.from({ length: 40 }, (_, index) => `burst-${String(index).padStart(2, '0')}`);
  const idTag = await newToken(csms);
  await Promise.all(
    ids.map((msgId, index) =>
      index % 2 === 0 ? chargePoint.callAs(msgId, 'Heartbeat', {}) : chargePoint.callAs(msgId, 'Authorize', { idTag }),
    ),
  );
  const ofBurst = (msgId: string) => msgId.startsWith('burst-');
  expect(
    chargePoint.answered
      .map(({ msgId }) => msgId)
      .filter(ofBurst)
      .sort(),
  ).toEqual(ids);
  const calls = (await messagesOf(csms, chargePoint, '&direction=2')).filter(({ body }) => ofBurst(body.msgId));
  const taken = calls.sort((one, other) => Number(one.seq) - Number(other.seq)).map(({ body }) => body.msgId);
  expect(taken).toEqual(ids);
});

test('row 29: never two CALLs at once to a charge point', async () => {
  const chargePoint = await booted();
  let open = 0;
  let most = 0;
  chargePoint.onCall('GetConfiguration', async () => {
    most = Math.max(most, ++open);
    await new Promise((resolve) => setTimeout(resolve, 30));
    open--;
    return { configurationKey: [] };
  });
  const commands = await Promise.all(Array.from({ length: 6 }, () => command(csms, chargePoint, 'GetConfiguration')));
  expect(commands.map(({ status }) => status)).toEqual(Array(6).fill('answered'));
  expect(most).toBe(1);
});

test('row 30: nothing is sent before the BootNotification is answered', async () => {
  const chargePoint = await newChargePoint(csms);
  const commanded = command(csms, chargePoint, 'GetConfiguration', {}).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(chargePoint.received).toEqual([]);
  await boot(chargePoint);
  await commanded;
  const fromCsms = chargePoint.transcript.filter(({ from }) => from === 'csms').map(({ text }) => JSON.parse(text)[0]);
  expect(fromCsms[0]).toBe(3);
});

test('row 31: back without a BootNotification: what it says first is answered', async () => {
  const chargePoint = await booted();
  await chargePoint.drop();
  const again = await connect(csms, { networkId: chargePoint.networkId });
  await report(again, 'Charging');
  const idTag = await newToken(csms);
  expect(await again.call('Authorize', { idTag })).toMatchObject({ idTagInfo: { status: 'Accepted' } });
});

test('row 32: a huge answer of 900 kB is taken; above the limit the socket is closed with 1009, others go on', async () => {
  const chargePoint = await booted();
  const other = await booted();
  const value = 'v'.repeat(400);
  chargePoint.onCall('GetConfiguration', () => ({
    configurationKey: Array.from({ length: 2000 }, (_, index) => ({ key: `Key${index}`, readonly: true, value })),
  }));
  const answer = await command(csms, chargePoint, 'GetConfiguration', {});
  expect((answer.response as { configurationKey: unknown[] }).configurationKey).toHaveLength(2000);
  chargePoint.sendRaw(JSON.stringify([2, 'huge', 'DataTransfer', { vendorId: 'v', data: 'x'.repeat(1_200_000) }]));
  expect((await chargePoint.closed).code).toBe(1009);
  await beats(other);
});

test('row 32: the limit can be raised for one charge point', async () => {
  const { networkId } = await register(csms, { maxFrameBytes: 3_000_000 });
  const chargePoint = await connect(csms, { networkId });
  await boot(chargePoint);
  const answer = await chargePoint.callAs('large', 'DataTransfer', { vendorId: 'v', data: 'x'.repeat(1_200_000) });
  expect(answer).toHaveProperty('status');
});
