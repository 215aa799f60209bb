import { expect, test } from 'vitest';
import { testDeviceManagers } from '../test-support/test-device-manager.ts';

const startTestDeviceManager = testDeviceManagers();

test('TC_056_CSMS TC_067_CSMS TC_K_04 profiles are listed as accepted, replaced and cleared', async () => {
  const dm = await startTestDeviceManager();
  await dm.create('CP001');
  let status = 'Accepted';
  await dm.connect('CP001', 'ocpp1.6', () => ({ response: { status } }));
  const set = (chargingProfileId: number, stackLevel: number, limit: number) =>
    dm.command('CP001', 'SetChargingProfile', {
      connectorId: 1,
      csChargingProfiles: {
        chargingProfileId,
        stackLevel,
        chargingProfilePurpose: 'TxDefaultProfile',
        chargingProfileKind: 'Absolute',
        chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
      },
    });
  const ids = async () =>
    (await dm.rest('GET', '/charge-points/CP001/charging-profiles')).body.items.map(
      ({ chargingProfileId, stackLevel }: Record<string, number>) => `${chargingProfileId}@${stackLevel}`,
    );
  await set(1, 0, 8);
  await set(1, 0, 6);
  await set(2, 1, 6);
  await set(3, 2, 6);
  expect(await ids()).toEqual(['1@0', '2@1', '3@2']);
  // Same purpose and stack level at the same place: it takes the place of the one before.
  await set(4, 2, 6);
  expect(await ids()).toEqual(['1@0', '2@1', '4@2']);
  status = 'Rejected';
  await set(5, 5, 6);
  expect(await ids()).toHaveLength(3);
  status = 'Accepted';
  await dm.command('CP001', 'ClearChargingProfile', { id: 1 });
  expect(await ids()).toEqual(['2@1', '4@2']);
  await dm.command('CP001', 'ClearChargingProfile', { stackLevel: 1, chargingProfilePurpose: 'TxDefaultProfile' });
  expect(await ids()).toEqual(['4@2']);
  await dm.command('CP001', 'ClearChargingProfile', { chargingProfilePurpose: 'TxDefaultProfile' });
  expect(await ids()).toEqual([]);
});

test('TC_K_29 reported profiles are listed too', async () => {
  const dm = await startTestDeviceManager();
  await dm.create('CP001');
  const profile = {
    id: 9,
    stackLevel: 0,
    chargingProfilePurpose: 'ChargingStationMaxProfile',
    chargingProfileKind: 'Absolute',
    chargingSchedule: [],
  };
  await dm.tell(
    'CP001',
    'ReportChargingProfiles',
    { requestId: 1, chargingLimitSource: 'CSO', evseId: 0, chargingProfile: [profile] },
    { protocol: 'ocpp2.0.1' },
  );
  expect((await dm.rest('GET', '/charge-points/CP001/charging-profiles')).body.items).toEqual([
    expect.objectContaining({ chargingProfileId: 9, source: 'reported', profile }),
  ]);
});
