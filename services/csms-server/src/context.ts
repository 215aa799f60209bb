import type { Bus, Envelope, EnvelopeBody } from '@ocpp-csms/bus';
import type { Cache } from '@ocpp-csms/cache';
import type { Settings } from '@ocpp-csms/config';
import type { OcppVersion, Validator } from '@ocpp-csms/ocpp';
import type { Clock, Log, Tracer } from '@ocpp-csms/runtime';
import type { Connection, ReceivedCall } from './connection.ts';
import type { Facts } from './facts.ts';
import type { ServerMetrics } from './server-metrics.ts';
import type { StorageGuard } from './storage-guard.ts';
import type { Ticker } from './ticker.ts';

/** What the parts of csms-server share. */
export interface ServerContext {
  settings: Settings;
  node: string;
  bus: Bus;
  cache: Cache;
  log: Log;
  clock: Clock;
  newId(): string;
  /** Now, in ISO 8601 UTC with milliseconds. */
  iso(): string;
  ticker: Ticker;
  guard: StorageGuard;
  facts: Facts;
  metrics: ServerMetrics;
  tracer: Tracer;
  validators: Readonly<Record<OcppVersion, Validator>>;
  /** CALLs of charge points that wait for a decision, oldest first. */
  undecided: Set<ReceivedCall>;
  /** CALLs whose answer is under way, on all connections: what a shutdown waits for. */
  underWay: Set<ReceivedCall>;
  /** Connections with CALLs of ours that wait or are in flight. */
  busy: Set<Connection>;
  /** Before anything is done for a connection: a node that was paused for too long ends all of them (lease.ts). */
  checkLease(): void;
  /** Ends a connection whose CALL nobody decided: rate-limited, so that it makes no loop. */
  closeUndecided(connection: Connection, code: number, reason: string): void;
  /** Nothing new is taken any more. */
  isDraining: boolean;
}

/** The envelope of what is said on a connection now, without its optional members. */
export function envelopeOf(
  connection: Connection,
  origin: Envelope['origin'],
  body: EnvelopeBody,
  context: ServerContext,
): Envelope {
  return {
    serverNode: context.node,
    client: connection.networkId,
    messageTime: context.iso(),
    body,
    id: context.newId(),
    origin,
    seq: connection.nextSeq(),
    connection: connection.epoch,
    protocol: connection.protocol,
    tenant: connection.tenant,
  };
}
