import { describe, expect, test } from 'vitest';
import { authorize, boot, charge, report, startTransaction, stopTransaction } from '../src/charge-1.6.ts';
import {
  chargePointRecord,
  clients,
  command,
  commandIsAnswered,
  connect,
  connectorBecomes,
  newChargePoint,
  newToken,
  onlyTransaction,
  transactionsOf,
} from '../src/scenes.ts';
import { shareCsms } from '../src/share-csms.ts';

const csms = shareCsms();

async function booted() {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  return chargePoint;
}

describe.each(clients)('with $client', ({ connectWith }) => {
  test('TC_010_CSMS: remote start with the cable in', async () => {
    const chargePoint = await connectWith(csms);
    await boot(chargePoint);
    const idTag = await newToken(csms);
    await report(chargePoint, 'Preparing');
    await commandIsAnswered(
      csms,
      chargePoint,
      'RemoteStartTransaction',
      { connectorId: 1, idTag },
      { status: 'Accepted' },
    );
    expect(await authorize(chargePoint, idTag)).toBe('Accepted');
    expect((await startTransaction(chargePoint, idTag)).status).toBe('Accepted');
    await report(chargePoint, 'Charging');
    expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: true, idToken: idTag });
  });

  test('TC_012_CSMS: remote stop of a running transaction', async () => {
    const chargePoint = await connectWith(csms);
    await boot(chargePoint);
    const transactionId = await charge(chargePoint, await newToken(csms));
    await commandIsAnswered(csms, chargePoint, 'RemoteStopTransaction', { transactionId }, { status: 'Accepted' });
    await stopTransaction(chargePoint, transactionId, { reason: 'Remote' });
    await report(chargePoint, 'Finishing');
    expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: false, reason: 'Remote' });
  });
});

test('TC_011_1_CSMS: remote start before the cable is plugged in', async () => {
  const chargePoint = await booted();
  const idTag = await newToken(csms);
  await commandIsAnswered(
    csms,
    chargePoint,
    'RemoteStartTransaction',
    { connectorId: 1, idTag },
    { status: 'Accepted' },
  );
  expect(await authorize(chargePoint, idTag)).toBe('Accepted');
  await report(chargePoint, 'Preparing');
  expect((await startTransaction(chargePoint, idTag)).status).toBe('Accepted');
});

test('TC_011_2_CSMS: a remote start that times out leaves no transaction', async () => {
  const chargePoint = await booted();
  const idTag = await newToken(csms);
  await commandIsAnswered(
    csms,
    chargePoint,
    'RemoteStartTransaction',
    { connectorId: 1, idTag },
    { status: 'Accepted' },
  );
  expect(await authorize(chargePoint, idTag)).toBe('Accepted');
  await report(chargePoint, 'Preparing');
  await report(chargePoint, 'Available');
  expect(await transactionsOf(csms, chargePoint)).toEqual([]);
});

test.each([
  ['TC_013_CSMS', 'Hard'],
  ['TC_014_CSMS', 'Soft'],
] as const)('%s: Reset %s, then the boot is accepted', async (_case, type) => {
  const chargePoint = await booted();
  await commandIsAnswered(csms, chargePoint, 'Reset', { type }, { status: 'Accepted' });
  await chargePoint.close();
  await boot(await connect(csms, { networkId: chargePoint.networkId }));
});

test.each([
  ['TC_017_1_CSMS', 'Unlocked'],
  ['TC_017_2_CSMS', 'NotSupported'],
  ['TC_030_CSMS', 'UnlockFailed'],
] as const)('%s: UnlockConnector answered %s is shown', async (_case, status) => {
  await commandIsAnswered(csms, await booted(), 'UnlockConnector', { connectorId: 1 }, { status });
});

test('TC_018_1_CSMS: UnlockConnector during a transaction', async () => {
  const chargePoint = await booted();
  const transactionId = await charge(chargePoint, await newToken(csms));
  await commandIsAnswered(csms, chargePoint, 'UnlockConnector', { connectorId: 1 }, { status: 'Unlocked' });
  await report(chargePoint, 'Finishing');
  await stopTransaction(chargePoint, transactionId, { reason: 'UnlockCommand' });
  await report(chargePoint, 'Available');
  expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: false, reason: 'UnlockCommand' });
});

test('TC_031_CSMS: UnlockConnector of a connector that does not exist is sent', async () => {
  await commandIsAnswered(csms, await booted(), 'UnlockConnector', { connectorId: 99 }, { status: 'NotSupported' });
});

test('TC_026_CSMS: a rejected remote start is shown and creates nothing', async () => {
  const chargePoint = await booted();
  const idTag = await newToken(csms);
  await commandIsAnswered(
    csms,
    chargePoint,
    'RemoteStartTransaction',
    { connectorId: 1, idTag },
    { status: 'Rejected' },
  );
  expect(await transactionsOf(csms, chargePoint)).toEqual([]);
});

test('TC_028_CSMS: a rejected remote stop is shown and the transaction stays open', async () => {
  const chargePoint = await booted();
  const transactionId = await charge(chargePoint, await newToken(csms));
  await commandIsAnswered(csms, chargePoint, 'RemoteStopTransaction', { transactionId }, { status: 'Rejected' });
  expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: true });
});

test('TC_054_CSMS: TriggerMessage for each message, and what follows is answered', async () => {
  const chargePoint = await booted();
  const trigger = (payload: Parameters<typeof chargePoint.call<'TriggerMessage'>>[1]) =>
    commandIsAnswered(csms, chargePoint, 'TriggerMessage', payload, { status: 'Accepted' });

  await trigger({ requestedMessage: 'MeterValues', connectorId: 1 });
  const meterValue = [
    { timestamp: new Date().toISOString(), sampledValue: [{ value: '17', context: 'Trigger' as const }] },
  ];
  expect(await chargePoint.call('MeterValues', { connectorId: 1, meterValue })).toEqual({});
  await trigger({ requestedMessage: 'Heartbeat' });
  expect(await chargePoint.call('Heartbeat', {})).toHaveProperty('currentTime');
  await trigger({ requestedMessage: 'StatusNotification', connectorId: 1 });
  await report(chargePoint, 'Available');
  await trigger({ requestedMessage: 'DiagnosticsStatusNotification' });
  expect(await chargePoint.call('DiagnosticsStatusNotification', { status: 'Idle' })).toEqual({});
  await trigger({ requestedMessage: 'FirmwareStatusNotification' });
  expect(await chargePoint.call('FirmwareStatusNotification', { status: 'Idle' })).toEqual({});
});

test('TC_055_CSMS: TriggerMessage for a connector that does not exist is sent, Rejected is shown', async () => {
  const payload = { requestedMessage: 'MeterValues', connectorId: 3 } as const;
  await commandIsAnswered(csms, await booted(), 'TriggerMessage', payload, { status: 'Rejected' });
});

test('ChangeAvailability: the connector is shown as it reports itself', async () => {
  const chargePoint = await booted();
  await commandIsAnswered(
    csms,
    chargePoint,
    'ChangeAvailability',
    { connectorId: 1, type: 'Inoperative' },
    { status: 'Accepted' },
  );
  await report(chargePoint, 'Unavailable');
  await connectorBecomes(csms, chargePoint, 1, 'Unavailable');
});

test('a charge point that is offline: 409 at once for what must not happen later', async () => {
  const chargePoint = await booted();
  await chargePoint.drop();
  await expect.poll(async () => (await chargePointRecord(csms, chargePoint)).connection.connected).toBe(false);
  const started = performance.now();
  await expect(command(csms, chargePoint, 'Reset', { type: 'Soft' })).rejects.toMatchObject({ status: 409 });
  expect(performance.now() - started).toBeLessThan(2000);
});
