import { digestPassword } from '@ocpp-csms/cache';
import { expect, test } from 'vitest';
import { testDeviceManagers } from '../test-support/test-device-manager.ts';

const startTestDeviceManager = testDeviceManagers();

const refused = { status: 401, reason: 'wrong-credentials', credentials: 'basic' };

test('a stranger who offered a password before does not get his adopted under the address of the charge point', async () => {
  const dm = await startTestDeviceManager();
  await dm.create('CP001');
  const passwordDigests = [digestPassword('the password of a stranger')];
  await dm.refused('CP001', { ...refused, remoteAddress: '203.0.113.66', passwordDigests });
  await dm.refused('CP001', { ...refused, remoteAddress: '10.0.0.9' });
  const adopt = () => dm.rest('POST', '/refused-connections/CP001/adopt', { replaceCredentials: true });
  expect((await adopt()).status).toBe(409);
  await dm.refused('CP001', { ...refused, remoteAddress: '10.0.0.9', passwordDigests });
  await dm.refused('CP001', { ...refused, remoteAddress: '10.0.0.9' });
  expect((await adopt()).status).toBe(201);
});
