import { runDaemon } from '@ocpp-csms/daemon';
import { createCsmsServer } from './service.ts';

await runDaemon('csms-server', async ({ http, metrics, ...parts }) => {
  const csmsServer = createCsmsServer({ ...parts, server: http.server });
  metrics.gauge('connections', 'Charge points that are connected to this node', () => csmsServer.connections());
  return csmsServer;
});
