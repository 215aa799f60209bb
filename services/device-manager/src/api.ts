import type { App } from '@ocpp-csms/http';
import type { ApiContext } from './api-context.ts';
import { connectorsApi } from './availability/connectors-api.ts';
import { actionsApi } from './commands/actions-api.ts';
import { commandsApi } from './commands/commands-api.ts';
import { dataTransfersApi } from './data-transfer/data-transfers-api.ts';
import { eventsApi } from './events/events-api.ts';
import { jobsApi } from './firmware/jobs-api.ts';
import { bootsApi } from './provisioning/boots-api.ts';
import { configurationApi } from './provisioning/configuration-api.ts';
import { refusedApi } from './registry/refused-api.ts';
import { registryApi } from './registry/registry-api.ts';
import { summaryApi } from './registry/summary-api.ts';
import { securityApi } from './security/security-api.ts';
import { chargingProfilesApi } from './smart-charging/charging-profiles-api.ts';
import { systemApi } from './system/system-api.ts';
import { templatesApi } from './templates/templates-api.ts';

const blocks = [
  registryApi,
  summaryApi,
  refusedApi,
  commandsApi,
  actionsApi,
  connectorsApi,
  configurationApi,
  bootsApi,
  templatesApi,
  jobsApi,
  chargingProfilesApi,
  securityApi,
  dataTransfersApi,
  eventsApi,
  systemApi,
];

/** All routes of this service, below `/device-manager`. */
export async function registerRoutes(app: App, api: ApiContext): Promise<void> {
  for (const block of blocks) await block(app, api);
}
