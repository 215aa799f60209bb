import { runDaemon } from '@ocpp-csms/daemon';
import { createSession } from './service.ts';

await runDaemon('session', async ({ http, ...parts }) => {
  const session = await createSession(parts);
  http.app.register(session.routes, { prefix: '/session' });
  return session;
});
