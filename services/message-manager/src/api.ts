import type { Bus } from '@ocpp-csms/bus';
import type { App } from '@ocpp-csms/http';
import type { Database } from '@ocpp-csms/storage';
import { registerMessages } from './api/messages.ts';
import { registerParkedMessages } from './api/parked-messages.ts';
import { registerStatistics } from './api/statistics.ts';
import { registerStream } from './api/stream.ts';
import type { LiveReaders } from './live-readers.ts';
import type { LogSchema } from './schema.ts';

export interface ApiContext {
  database: Database<LogSchema>;
  bus: Bus;
  readers: LiveReaders;
}

export async function registerRoutes(app: App, context: ApiContext): Promise<void> {
  registerMessages(app, context);
  registerStream(app, context);
  registerParkedMessages(app, context);
  registerStatistics(app, context);
}
