import type { Bus } from '@ocpp-csms/bus';
import type { LiveReaders } from '../live-readers.ts';
import type { LogStore } from '../log-store.ts';

/** What the routes need. */
export interface ApiContext {
  store: LogStore;
  bus: Bus;
  readers: LiveReaders;
}
