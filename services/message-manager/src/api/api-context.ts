import type { Bus } from '@ocpp-csms/bus';
import type { Database } from '@ocpp-csms/storage';
import type { LiveReaders } from '../live-readers.ts';
import type { LogSchema } from '../schema.ts';

/** What the routes need. */
export interface ApiContext {
  database: Database<LogSchema>;
  bus: Bus;
  readers: LiveReaders;
}
