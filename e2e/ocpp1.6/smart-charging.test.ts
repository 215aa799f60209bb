import { expect, test } from 'vitest';
import { authorize, boot, charge, report, startTransaction } from '../src/charge-1.6.ts';
import { commandIsAnswered, inMinutes, newChargePoint, newToken, now } from '../src/scenes.ts';
import { shareCsms } from '../src/share-csms.ts';

const csms = shareCsms();

async function booted() {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  return chargePoint;
}

const period = [{ startPeriod: 0, limit: 6 }];

const txDefault = (chargingProfileId: number, stackLevel: number) => ({
  connectorId: 1,
  csChargingProfiles: {
    chargingProfileId,
    stackLevel,
    chargingProfilePurpose: 'TxDefaultProfile' as const,
    chargingProfileKind: 'Absolute' as const,
    validFrom: now(),
    validTo: inMinutes(120),
    chargingSchedule: {
      duration: 300,
      startSchedule: now(),
      chargingRateUnit: 'A' as const,
      chargingSchedulePeriod: period,
    },
  },
});

test('TC_056_CSMS: SetChargingProfile TxDefaultProfile with every member', async () => {
  await commandIsAnswered(csms, await booted(), 'SetChargingProfile', txDefault(1, 0), { status: 'Accepted' });
});

test('TC_057_CSMS: SetChargingProfile TxProfile for the running transaction', async () => {
  const chargePoint = await booted();
  const transactionId = await charge(chargePoint, await newToken(csms));
  const profile = {
    connectorId: 1,
    csChargingProfiles: {
      chargingProfileId: 2,
      transactionId,
      stackLevel: 0,
      chargingProfilePurpose: 'TxProfile' as const,
      chargingProfileKind: 'Absolute' as const,
      chargingSchedule: { chargingRateUnit: 'A' as const, startSchedule: now(), chargingSchedulePeriod: period },
    },
  };
  await commandIsAnswered(csms, chargePoint, 'SetChargingProfile', profile, { status: 'Accepted' });
});

test('TC_059_CSMS: RemoteStartTransaction with a relative TxProfile and no transaction id', async () => {
  const chargePoint = await booted();
  const idTag = await newToken(csms);
  const start = {
    connectorId: 1,
    idTag,
    chargingProfile: {
      chargingProfileId: 3,
      stackLevel: 0,
      chargingProfilePurpose: 'TxProfile' as const,
      chargingProfileKind: 'Relative' as const,
      chargingSchedule: { chargingRateUnit: 'A' as const, chargingSchedulePeriod: period },
    },
  };
  await report(chargePoint, 'Preparing');
  await commandIsAnswered(csms, chargePoint, 'RemoteStartTransaction', start, { status: 'Accepted' });
  expect(await authorize(chargePoint, idTag)).toBe('Accepted');
  expect((await startTransaction(chargePoint, idTag)).status).toBe('Accepted');
});

test('TC_066_CSMS: GetCompositeSchedule with connector, duration and unit', async () => {
  const answer = {
    status: 'Accepted' as const,
    connectorId: 1,
    scheduleStart: now(),
    chargingSchedule: { duration: 300, chargingRateUnit: 'A' as const, chargingSchedulePeriod: period },
  };
  await commandIsAnswered(
    csms,
    await booted(),
    'GetCompositeSchedule',
    { connectorId: 1, duration: 300, chargingRateUnit: 'A' },
    answer,
  );
});

test('TC_067_CSMS: three profiles, then cleared by id, by level and purpose, and by purpose', async () => {
  const chargePoint = await booted();
  for (const level of [0, 1, 2]) {
    await commandIsAnswered(csms, chargePoint, 'SetChargingProfile', txDefault(10 + level, level), {
      status: 'Accepted',
    });
  }
  const clear = (payload: Parameters<typeof chargePoint.call<'ClearChargingProfile'>>[1]) =>
    commandIsAnswered(csms, chargePoint, 'ClearChargingProfile', payload, { status: 'Accepted' });
  await clear({ id: 10 });
  await clear({ stackLevel: 1, chargingProfilePurpose: 'TxDefaultProfile' });
  await clear({ chargingProfilePurpose: 'TxDefaultProfile' });
});
