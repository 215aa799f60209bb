import { runDaemon } from '@ocpp-csms/daemon';
import { createDeviceManager } from './device-manager.ts';

await runDaemon('device-manager', async ({ http, ...parts }) => {
  const deviceManager = await createDeviceManager(parts);
  http.app.register(deviceManager.routes, { prefix: '/device-manager' });
  return deviceManager;
});
