import type { JsonObject, OcppVersion, RpcErrorCode } from '@ocpp-csms/ocpp';
import type { Quirk } from './quirks.ts';

/** What one simulated charge point is told to be. */
export interface SimulationOptions {
  /** Up to the identity: `ws://127.0.0.1:8080/ocpp`. */
  url: string;
  /** The networkId. */
  id: string;
  version: OcppVersion;
  password?: string;
  /** The id token that it charges with, unless `nextVisit` says otherwise. */
  token: string;
  /** One charge, then the end; also the end when refused. */
  once: boolean;
  /** Between sampled meter values, in seconds of simulated time. */
  interval: number;
  /** How long a charge takes, in seconds of simulated time. */
  duration: number;
  /** Simulated seconds in a real one; 1: real time. How long an answer is waited for stays real: the CSMS is. */
  speed?: number;
  /** What time it is at the start, in simulated time; now by default. */
  begin?: Date;
  /** Connectors (1.6) or EVSEs with one connector each (2.x); 1 by default. */
  connectors?: number;
  /** Cars that come by themselves, until it gives no more; without it there is one charge, then it waits for commands. */
  nextVisit?: () => Visit | undefined;
  /** How failed transaction messages are repeated: as the specification says (default), or 3 times after 30 s. */
  retries?: 'specification' | 'common-stacks';
  /** Misbehaviour of real firmware (field-faults), switched on by name. */
  quirks?: readonly Quirk[];
  /** Sees every frame; may object to what the CSMS sends. */
  watch?: FrameWatch;
  /** One line for each event. */
  say(event: string, sentence: string, details?: JsonObject): void;
}

/** A car that is going to be plugged in. */
export interface Visit {
  /** Until it comes, in simulated seconds after the last one has gone. */
  afterSeconds: number;
  /** How long it stays, in simulated seconds; it may be full before. */
  staySeconds: number;
  /** 1 …; 1 by default. */
  connectorId?: number;
  token: string;
  /** State of charge at arrival, 0 to 100. */
  soc: number;
  /** Of the battery, in kWh. */
  capacityKwh: number;
  /** What the car takes at most, in W. */
  maxPowerW: number;
  /** Of the battery; 20 by default. */
  temperatureC?: number;
}

/** Sees every frame of one charge point, in both directions, as text. */
export interface FrameWatch {
  connected(): void;
  closed(code: number, reason: string): void;
  sent(text: string): void;
  /** What a strict charge point answers to a CALL of the CSMS that breaks the specification; undefined: nothing against it. */
  received(text: string): Refusal | undefined;
}

/** A CALLERROR. */
export interface Refusal {
  code: RpcErrorCode;
  description: string;
}

/** What can be seen of it at this moment. */
export interface SimulationState {
  readonly isConnected: boolean;
  /** The last BootNotification was answered with Accepted. */
  readonly isAccepted: boolean;
  readonly connectors: readonly ConnectorState[];
  /** Frames sent and received so far. */
  readonly messages: number;
  /** CALLERRORs received, refused handshakes, connections that were lost. */
  readonly errors: number;
  /** Messages that wait to be delivered. */
  readonly queued: number;
}

export interface ConnectorState {
  readonly id: number;
  /** As reported with StatusNotification. */
  readonly status: string;
  /** W at this moment. */
  readonly powerW: number;
  /** Of the transaction under way, Wh. */
  readonly energyWh: number;
  /** Of the car, 0 to 100; undefined: none is plugged in. */
  readonly soc?: number;
}

export interface Simulation {
  readonly id: string;
  readonly state: SimulationState;
  start(): void;
  /** Ends a charge under way, says so, and disconnects. */
  stop(): Promise<void>;
  /** Resolves with the exit code when there is nothing more to do: with `once`, or after `stop`. */
  readonly finished: Promise<number>;
  /** Power of the site: off ends everything without a word, as a power cut does; on boots. What was not delivered is kept. */
  setPower(on: boolean): void;
  /** The network: off cuts the connection and prevents a new one; the charge point goes on offline. */
  setNetwork(up: boolean): void;
  /** The clock of the charge point jumps to this time and goes on from there (`1970-01-01…`: a battery that is empty). */
  setClock(to: Date): void;
  /** From now on it has this quirk, or has it no longer. */
  setQuirk(quirk: Quirk, on: boolean): void;
  /** Plugs in a car now. False: the connector is taken or not operative. */
  plugIn(visit: Visit): boolean;
}

/** 1 and 5 differ: a CSMS that broke the specification, and none that answers. */
export const exitCodes = { ok: 0, violations: 1, usage: 2, refused: 3, tokenRefused: 4, unreachable: 5 } as const;
