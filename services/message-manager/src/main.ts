import { runDaemon } from '@ocpp-csms/daemon';
import { createMessageManager } from './service.ts';

await runDaemon('message-manager', async ({ http, ...parts }) => {
  const messageManager = await createMessageManager(parts);
  http.app.register(messageManager.routes, { prefix: '/message-manager' });
  return messageManager;
});
