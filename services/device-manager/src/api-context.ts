import type { ConnectionDirectory } from '@ocpp-csms/cache';
import type { Settings } from '@ocpp-csms/config';
import type { Clock } from '@ocpp-csms/runtime';
import type { Commands } from './commands/commands.ts';
import type { Reader } from './context.ts';
import type { EventReaders } from './events/event-readers.ts';
import type { ConfigurationReader } from './provisioning/read-configuration.ts';
import type { RandomBytes } from './registry/credentials.ts';
import type { LastSeen } from './registry/last-seen.ts';
import type { Transact } from './transact.ts';

/** What the routes of this service may use. */
export interface ApiContext {
  read: Reader;
  transact: Transact;
  connections: ConnectionDirectory;
  commands: Commands;
  configurationReader: ConfigurationReader;
  eventReaders: EventReaders;
  lastSeen: LastSeen;
  settings: Settings;
  clock: Clock;
  random: RandomBytes;
  newId: () => string;
  /** What was changed is in the cache, so that a charge point can come at once. Never rejects: a cache that is away gets it later. */
  mirrored(): Promise<void>;
}
