import { connectRpcChargePoint, UpgradeRefused, until } from '@ocpp-csms/testing';
import { describe, expect, test } from 'vitest';
import { authorize, boot, charge, report, startTransaction, stopTransaction } from '../src/charge-1.6.ts';
import {
  chargePointRecord,
  clients,
  commandIsAnswered,
  connect,
  connectorBecomes,
  messagesOf,
  newChargePoint,
  newToken,
  onlyTransaction,
  password,
  register,
} from '../src/scenes.ts';
import { shareCsms } from '../src/share-csms.ts';

const csms = shareCsms({ settings: { csmsServer: { heartbeatIntervalSeconds: 1 } } });

describe.each(clients)('with $client', ({ connectWith }) => {
  test('TC_001_CSMS: cold boot, a status for each connector, heartbeats at the interval handed out', async () => {
    const chargePoint = await connectWith(csms);
    const answer = await chargePoint.call('BootNotification', { chargePointVendor: 'Acme', chargePointModel: 'One' });
    expect(answer).toMatchObject({ status: 'Accepted', interval: 1 });
    expect(answer.currentTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Math.abs(Date.now() - Date.parse(answer.currentTime))).toBeLessThan(5000);
    for (const connectorId of [0, 1, 2]) await report(chargePoint, 'Available', { connectorId });
    for (let beat = 0; beat < 2; beat++) {
      const { currentTime } = await chargePoint.call('Heartbeat', {});
      expect(currentTime).toMatch(/\.\d{3}Z$/);
    }
    await connectorBecomes(csms, chargePoint, 2, 'Available');
    expect(await chargePointRecord(csms, chargePoint)).toMatchObject({ vendor: 'Acme', model: 'One' });
  });
});

test('TC_085_CSMS: only Basic credentials whose user is the charge point and whose password fits get an upgrade', async () => {
  const { networkId } = await register(csms);
  const { networkId: otherId } = await register(csms, { password: 'another-password' });
  const refusals: { password?: string; user?: string }[] = [
    {},
    { password: 'wrong-password-1' },
    { user: otherId, password: 'another-password' },
    { user: '', password },
  ];
  for (const credentials of refusals) {
    const refusal = connect(csms, { networkId, ...credentials, password: credentials.password as string });
    await expect(refusal).rejects.toMatchObject({ name: UpgradeRefused.name, status: 401 });
  }
  const chargePoint = await connect(csms, { networkId });
  await boot(chargePoint);
});

test('TC_073_CSMS: after an accepted AuthorizationKey only the new password connects', async () => {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  const { networkId } = chargePoint;
  const newPassword = '4e65772d70617373776f72642d313637';
  await commandIsAnswered(
    csms,
    chargePoint,
    'ChangeConfiguration',
    { key: 'AuthorizationKey', value: newPassword },
    { status: 'Accepted' },
  );
  await chargePoint.drop();
  await boot(await connect(csms, { networkId, password: newPassword }));
  // The same key as the bytes that its hex digits stand for (1.6 security whitepaper, A00.FR.205).
  await boot(await connect(csms, { networkId, password: Buffer.from(newPassword, 'hex') }));
  await expect(connect(csms, { networkId, password })).rejects.toMatchObject({ status: 401 });
});

test('TC_073_CSMS: a rejected AuthorizationKey leaves the old password working', async () => {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  const value = '4e65772d70617373776f72642d313638';
  await commandIsAnswered(
    csms,
    chargePoint,
    'ChangeConfiguration',
    { key: 'AuthorizationKey', value },
    { status: 'Rejected' },
  );
  await chargePoint.drop();
  await boot(await connect(csms, { networkId: chargePoint.networkId }));
});

test('TC_088_CSMS: answers with the agreed ocpp1.6', async () => {
  const chargePoint = await newChargePoint(csms, { subprotocols: ['ocpp9.9', 'ocpp1.6'] });
  expect(chargePoint.agreedProtocol).toBe('ocpp1.6');
  await boot(chargePoint);
});

test('TC_088_CSMS: a subprotocol that it does not speak: handshake without the header, then closed', async () => {
  const { networkId } = await register(csms);
  // `ws` gives up on a handshake without the header, as J16 §3.3 lets a client do.
  await expect(connect(csms, { networkId, subprotocols: ['ocpp0.9'] })).rejects.toThrow(/subprotocol/i);
});

test('the independent client is refused with 401 as well', async () => {
  const { networkId } = await register(csms);
  const refusal = connectRpcChargePoint({
    url: csms.wsUrl,
    networkId,
    protocol: 'ocpp1.6',
    password: 'wrong-password-1',
  });
  await expect(refusal).rejects.toMatchObject({ name: UpgradeRefused.name, status: 401 });
});

test('TC_032_1_CSMS: after a power loss: boot, status and the late StopTransaction', async () => {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  const idTag = await newToken(csms);
  const transactionId = await charge(chargePoint, idTag);
  await chargePoint.drop();

  const again = await connect(csms, { networkId: chargePoint.networkId });
  await boot(again);
  const answer = await stopTransaction(again, transactionId, { reason: 'PowerLoss', meterStop: 3000 });
  expect(answer).not.toHaveProperty('idTagInfo.status', 'Invalid');
  expect(await onlyTransaction(csms, again)).toMatchObject({ active: false, energyWh: 2000, reason: 'PowerLoss' });
});

test('every message of a charge is in the log, with its answer', async () => {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  const idTag = await newToken(csms);
  expect(await authorize(chargePoint, idTag)).toBe('Accepted');
  const { transactionId } = await startTransaction(chargePoint, idTag);
  await stopTransaction(chargePoint, transactionId, { idTag });
  // Over a broker an answer says that the message is safe, and the log catches up.
  await until('every CALL is in the log once', async () => {
    const logged = await messagesOf(csms, chargePoint);
    return chargePoint.answered.every(
      ({ msgId }) => logged.filter(({ body }) => body.msgId === msgId && body.direction === 2).length === 1,
    );
  });
});
