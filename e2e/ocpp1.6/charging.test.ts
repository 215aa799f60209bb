import { describe, expect, test } from 'vitest';
import { authorize, boot, charge, meterValues, report, startTransaction, stopTransaction } from '../src/charge-1.6.ts';
import {
  clients,
  connect,
  connectorBecomes,
  minutesAgo,
  newChargePoint,
  newToken,
  onlyTransaction,
  transactionsOf,
  unique,
} from '../src/scenes.ts';
import { shareCsms } from '../src/share-csms.ts';

const csms = shareCsms();

describe.each(clients)('with $client', ({ connectWith }) => {
  test('TC_003_CSMS: plug in first, then identify', async () => {
    const chargePoint = await connectWith(csms);
    await boot(chargePoint);
    const idTag = await newToken(csms);
    await report(chargePoint, 'Preparing');
    expect(await authorize(chargePoint, idTag)).toBe('Accepted');
    const { transactionId, status } = await startTransaction(chargePoint, idTag, { meterStart: 1000 });
    expect(status).toBe('Accepted');
    await report(chargePoint, 'Charging');
    await meterValues(chargePoint, transactionId, 3500);
    await stopTransaction(chargePoint, transactionId, { idTag, meterStop: 6000, reason: 'Local' });
    expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: false, energyWh: 5000, disputed: false });
  });

  test('TC_004_1_CSMS: identify first, then plug in', async () => {
    const chargePoint = await connectWith(csms);
    await boot(chargePoint);
    const transactionId = await charge(chargePoint, await newToken(csms));
    expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: true });
    await stopTransaction(chargePoint, transactionId);
  });
});

test('TC_004_2_CSMS: identified but never plugged in: no transaction is left behind', async () => {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  expect(await authorize(chargePoint, await newToken(csms))).toBe('Accepted');
  await report(chargePoint, 'Preparing');
  await report(chargePoint, 'Available');
  await connectorBecomes(csms, chargePoint, 1, 'Available');
  expect(await transactionsOf(csms, chargePoint)).toEqual([]);
});

test('TC_005_1_CSMS: unplugged at the car', async () => {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  const transactionId = await charge(chargePoint, await newToken(csms));
  await report(chargePoint, 'SuspendedEV');
  await stopTransaction(chargePoint, transactionId, { reason: 'EVDisconnected' });
  await report(chargePoint, 'Finishing');
  await report(chargePoint, 'Available');
  await connectorBecomes(csms, chargePoint, 1, 'Available');
  expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: false, reason: 'EVDisconnected' });
});

test('TC_007_CSMS: started from the cache of the charge point, without Authorize', async () => {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  const { status } = await startTransaction(chargePoint, await newToken(csms));
  expect(status).toBe('Accepted');
});

test('TC_024_CSMS: a connector lock failure starts nothing', async () => {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  await report(chargePoint, 'Preparing');
  expect(await authorize(chargePoint, await newToken(csms))).toBe('Accepted');
  await report(chargePoint, 'Faulted', { errorCode: 'ConnectorLockFailure' });
  await connectorBecomes(csms, chargePoint, 1, 'Faulted');
  expect(await transactionsOf(csms, chargePoint)).toEqual([]);
});

test('TC_037_1_CSMS: a queued start with a valid tag is Accepted', async () => {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  await chargePoint.drop();
  const again = await connect(csms, { networkId: chargePoint.networkId });
  const timestamp = minutesAgo(20);
  const { status } = await startTransaction(again, await newToken(csms), { timestamp });
  expect(status).toBe('Accepted');
  expect(await onlyTransaction(csms, again)).toMatchObject({ active: true, startedAt: timestamp });
});

test('TC_037_3_CSMS: a queued start with an invalid tag gets Invalid and an id; then the stop is taken', async () => {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  const { transactionId, status } = await startTransaction(chargePoint, unique('TAG'), { timestamp: minutesAgo(10) });
  expect(status).toBe('Invalid');
  await stopTransaction(chargePoint, transactionId, { reason: 'DeAuthorized', meterStop: 1001 });
  expect(await onlyTransaction(csms, chargePoint)).toMatchObject({
    active: false,
    reason: 'DeAuthorized',
    energyWh: 1,
  });
});

test('TC_039_CSMS: a whole transaction replayed after offline keeps the times of the charge point', async () => {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  const [startedAt, stoppedAt] = [minutesAgo(300), minutesAgo(200)];
  const idTag = await newToken(csms);
  const { transactionId, status } = await startTransaction(chargePoint, idTag, { timestamp: startedAt });
  expect(status).toBe('Accepted');
  await stopTransaction(chargePoint, transactionId, { idTag, timestamp: stoppedAt });
  expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: false, startedAt, stoppedAt });
});
