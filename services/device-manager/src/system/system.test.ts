import { expect, test } from 'vitest';
import { testDeviceManagers } from '../test-support/test-device-manager.ts';

const startTestDeviceManager = testDeviceManagers();

test('the system has no name until it is given one', async () => {
  const dm = await startTestDeviceManager();
  expect((await dm.rest('GET', '/system')).body).toEqual({ name: '' });
  expect((await dm.rest('PATCH', '/system', { name: '  Harbour Charging ' })).body).toEqual({
    name: 'Harbour Charging',
  });
  expect((await dm.rest('PATCH', '/system', { name: 'Harbour' })).status).toBe(200);
  expect((await dm.rest('GET', '/system')).body).toEqual({ name: 'Harbour' });
  expect((await dm.rest('PATCH', '/system', { name: 'x'.repeat(61) })).status).toBe(400);
});
