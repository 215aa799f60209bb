import { runDaemon } from '@ocpp-csms/daemon';
import { createCsmsServer } from './service.ts';

await runDaemon('csms-server', async ({ http, ...parts }) => createCsmsServer({ ...parts, server: http.server }));
