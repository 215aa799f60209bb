import type { App } from '@ocpp-csms/http';
import type { ApiContext } from './api-context.ts';
import { authorizationRoutes } from './authorization/api.ts';
import { localListRoutes } from './local-authorization-list/api.ts';
import { reservationRoutes } from './reservation/api.ts';
import { transactionRoutes } from './transactions/api.ts';

export async function registerRoutes(app: App, context: ApiContext): Promise<void> {
  for (const routes of [authorizationRoutes, transactionRoutes, reservationRoutes, localListRoutes])
    routes(app, context);
}
