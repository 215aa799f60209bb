import type { JsonObject } from '@ocpp-csms/ocpp';
import type { Quirk } from '../quirks.ts';
import type { SimulationOptions } from '../simulation.ts';
import type { ProfileStore } from '../smart-charging/profile-store.ts';
import type { Authorization } from './authorization.ts';
import type { SimulatedClock } from './clock.ts';
import type { Connector } from './connector.ts';
import type { Dialect } from './dialect.ts';
import type { Message } from './message.ts';
import type { Outbox } from './outbox.ts';
import type { Settings } from './settings.ts';

/** What the parts of one simulated charge point share. */
export interface Station {
  readonly options: SimulationOptions;
  readonly dialect: Dialect;
  readonly settings: Settings;
  /** Those that it has at this moment. */
  readonly quirks: ReadonlySet<Quirk>;
  readonly clock: SimulatedClock;
  readonly authorization: Authorization;
  readonly profiles: ProfileStore;
  readonly outbox: Outbox;
  readonly connectors: readonly Connector[];
  /** Connected, and accepted by the CSMS. */
  isOnline(): boolean;
  /** Resolves when the connection is lost, or at once when there is none. */
  offline(): Promise<void>;
  /** Aborts when the power goes, or the simulation ends. */
  power(): AbortSignal;
  /** Sends it now; rejects when there is no answer. */
  tell(message: Message): Promise<JsonObject>;
  /** Nothing that fails may stay unseen; what ends with the power or the connection is no failure. */
  own(work: Promise<unknown>, what: string): void;
  say: SimulationOptions['say'];
}
