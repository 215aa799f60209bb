import type { App } from '@ocpp-csms/http';
import type { ApiContext } from './api/api-context.ts';
import { registerMessages } from './api/messages.ts';
import { registerMoments } from './api/moments.ts';
import { registerParkedMessages } from './api/parked-messages.ts';
import { registerStatistics } from './api/statistics.ts';
import { registerStream } from './api/stream.ts';

export async function registerRoutes(app: App, context: ApiContext): Promise<void> {
  registerMessages(app, context);
  registerStream(app, context);
  registerMoments(app, context);
  registerParkedMessages(app, context);
  registerStatistics(app, context);
}
