/** What the bench tells the load generator over IPC, and what it answers. */
import type { Scenario } from './scenarios.ts';

export type LoadOrder = ClosedLoopOrder | OpenLoopOrder | IdleOrder | StormOrder;

/** Each charge point sends its next CALL when the one before was answered. */
export interface ClosedLoopOrder {
  kind: 'closed';
  port: number;
  connections: number;
  /** Of the first charge point, where another generator has others of the same system. */
  firstIndex?: number;
  scenario: Scenario;
  forMs: number;
}

/** CALLs at a fixed rate, whatever the server does; latency counts from when a CALL was due. */
export interface OpenLoopOrder {
  kind: 'open';
  port: number;
  connections: number;
  scenario: Scenario;
  perSecond: number;
  forMs: number;
}

/** So many connections, each with one Heartbeat, which then stay. */
export interface IdleOrder {
  kind: 'idle';
  port: number;
  connections: number;
}

/** All connect at once with HTTP Basic, boot, and say three statuses; who is refused comes again when it was told to. */
export interface StormOrder {
  kind: 'storm';
  port: number;
  /** One of each charge point. */
  networkIds: readonly string[];
  password: string;
  withinMs: number;
}

export interface LoadResult {
  replies: number;
  wrongReplies: number;
  closed: number;
  /** CALLs that were due and not answered at the end. */
  unanswered: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
  /** The generator's own, of one core. */
  cpuShare: number;
}

export interface StormResult {
  answered: number;
  wrongReplies: number;
  seconds: number;
  /** Of each charge point: from the start to its last answer. */
  p50Seconds: number;
  p99Seconds: number;
  /** Handshakes that were answered with 503 and a time to come again. */
  postponed: number;
  /** Connections that broke before all was answered, and other refusals: how many for which reason. */
  broken: Readonly<Record<string, number>>;
}
