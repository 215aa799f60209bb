/**
 * csms-server alone: what it publishes is taken and not stored, and nothing of it is native code. For other runtimes,
 * and to tell the cost of storing.
 */
import { createIdSource, createMemoryBus, createMemoryParking } from '@ocpp-csms/bus';
import { createMemoryCache } from '@ocpp-csms/cache';
import { createCsmsServer } from '@ocpp-csms/csms-server';
import { createApiKeys, createHttp } from '@ocpp-csms/http';
import { createLog, createMetrics, systemClock } from '@ocpp-csms/runtime';
import { announce } from './announce.ts';
import { benchSettings } from './bench-settings.ts';

const [, , dir = '', connections = '1000'] = process.argv;
const settings = benchSettings(dir, true);
const log = createLog({ service: 'bench', settings: settings.log });
const cache = createMemoryCache({ clock: Date.now });
for (let index = 0; index < Number(connections); index++) {
  await cache.auth.put({
    networkId: `bench-${index}`,
    chargePointId: `bench-${index}`,
    tenant: 'default',
    enabled: true,
    securityProfile: 0,
    passwordDigests: [],
    registration: 'Accepted',
    heartbeatIntervalSeconds: 300,
    strict: false,
    noPing: false,
    revision: 1,
  });
}
await cache.auth.setComplete(true);
const bus = createMemoryBus({
  groups: { MessagesIn: ['nobody'], MessagesSent: ['nobody'], Events: [] },
  parking: createMemoryParking(),
});
for (const topic of ['MessagesIn', 'MessagesSent'] as const) await bus.consume(topic, 'nobody', async () => undefined);
const keys = await createApiKeys({ dataDir: dir, configured: [] });
const http = await createHttp({ settings, log, version: '0.0.0', keys });
const server = createCsmsServer({
  settings,
  bus,
  cache,
  clock: systemClock,
  newId: createIdSource(),
  server: http.server,
  metrics: createMetrics(),
  log,
});
await server.start();
const { port } = await http.listen();
announce(port);
