import type { Bus } from '@ocpp-csms/bus';
import type { Settings } from '@ocpp-csms/config';
import type { Clock, Log } from '@ocpp-csms/runtime';
import type { Database } from '@ocpp-csms/storage';
import type { SessionSchema } from './schema.ts';

/** What the REST routes work with. */
export interface ApiContext {
  database: Database<SessionSchema>;
  bus: Bus;
  clock: Clock;
  newId: () => string;
  node: string;
  settings: Settings;
  log: Log;
}
