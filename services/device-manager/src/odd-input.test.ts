import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { testDeviceManagers } from './test-support/test-device-manager.ts';

const startTestDeviceManager = testDeviceManagers();

/** Longer than an index of PostgreSQL takes, and not to be compressed. */
const absurd = randomBytes(4000).toString('hex');

// The database must take whatever a charge point sends (field-faults §0.8).
test('U+0000, lone surrogates, absurdly long names and numbers beyond all bounds are kept', async () => {
  const dm = await startTestDeviceManager();
  await dm.create('CP001');
  await dm.connect('CP001', 'ocpp2.0.1');
  const v2 = { protocol: 'ocpp2.0.1' as const };
  await dm.boot('CP001', { chargePointVendor: 'A\0B', chargePointModel: '\ud800', firmwareVersion: absurd });
  await dm.tell('CP001', 'StatusNotification', {
    connectorId: 1e25,
    status: 'Available',
    errorCode: 'A\0B',
    info: absurd,
  });
  await dm.tell('CP001', 'StatusNotification', {
    connectorId: 1,
    status: 'Available',
    errorCode: 'NoError',
    vendorId: 'A\0B',
  });
  const reportData = [absurd, 'A\0B', '\ud800'].map((name) => ({
    component: { name, evse: { id: 1e25 } },
    variable: { name },
    variableAttribute: [{ value: `${name}\0` }],
  }));
  await dm.tell('CP001', 'NotifyReport', { requestId: 1e25, seqNo: 0, generatedAt: absurd, reportData }, v2);
  await dm.tell('CP001', 'SecurityEventNotification', { type: absurd, timestamp: 'A\0B', techInfo: '\ud800' }, v2);
  await dm.tell('CP001', 'FirmwareStatusNotification', { status: 'A\0B', requestId: 1e25 }, v2);
  await dm.tell('CP001', 'DataTransfer', { vendorId: absurd, messageId: absurd, data: 'A\0B' });
  await dm.tell(
    'CP001',
    'ReportChargingProfiles',
    {
      requestId: 1,
      evseId: 1e25,
      chargingLimitSource: 'A\0B',
      chargingProfile: [{ id: 1e25, stackLevel: 1e25, chargingProfilePurpose: absurd }],
    },
    v2,
  );
  await dm.refused('A\0B', { path: '/\0', words: '\ud800' });
  expect(await dm.bus.parked.list({ limit: 10 })).toEqual([]);
  const { body } = await dm.rest('GET', '/charge-points/CP001');
  expect(body.vendor).toBe('A\0B');
  const configuration = await dm.rest('GET', '/charge-points/CP001/configuration');
  expect(configuration.body.settings?.length ?? configuration.body.items?.length).toBe(3);
});
