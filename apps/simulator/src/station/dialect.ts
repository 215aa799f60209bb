import type { JsonObject } from '@ocpp-csms/ocpp';
import type { TokenInfo } from './authorization.ts';
import type { Message } from './message.ts';
import type { Settings } from './settings.ts';

/** As 1.6 calls them; 2.x has fewer states of a connector, and says the rest with the transaction. */
export type ConnectorStatus =
  | 'Available'
  | 'Preparing'
  | 'Charging'
  | 'SuspendedEV'
  | 'SuspendedEVSE'
  | 'Finishing'
  | 'Reserved'
  | 'Unavailable';

export type ChargingState = 'Charging' | 'SuspendedEV' | 'SuspendedEVSE';

export type StopReason =
  | 'Local'
  | 'Remote'
  | 'HardReset'
  | 'SoftReset'
  | 'DeAuthorized'
  | 'UnlockCommand'
  | 'PowerLoss'
  | 'EVDisconnected';

/** A transaction as the charge point sees it. */
export interface Transaction {
  /** 1.6: given by the CSMS; undefined until then. 2.x: ours. */
  id: string | undefined;
  readonly connectorId: number;
  readonly token: string;
  readonly startedAt: Date;
  /** Wh */
  readonly meterStart: number;
  /** 2.x: counts its events. */
  seqNo: number;
  readonly remoteStartId?: number;
  readonly reservationId?: number;
}

/** What the meter shows at a moment. Wh, W; A and V of each phase. */
export interface Moment {
  at: Date;
  meterWh: number;
  powerW: number;
  offeredW: number;
  phases: number;
  soc?: number;
  /** 2.x: there was no connection at that moment. */
  offline: boolean;
}

export type SampleContext = 'Transaction.Begin' | 'Sample.Periodic' | 'Sample.Clock' | 'Transaction.End' | 'Trigger';

/** Finished when it is sent: the 1.6 id of the transaction may be unknown until then. */
export type Draft = () => Message;

export type BootReason = 'PowerUp' | 'RemoteReset' | 'FirmwareUpdate' | 'Watchdog';

/** How a version says it. */
export interface Dialect {
  boot(id: string, reason: BootReason, firmwareVersion: string): Message;
  heartbeat(): Message;
  status(connectorId: number, status: ConnectorStatus, now: Date): Message;
  authorize(token: string): Message;
  /** Of an answer to authorize or to the start of a transaction. */
  tokenInfo(answer: JsonObject): TokenInfo | undefined;
  started(transaction: Transaction, moment: Moment): Draft;
  /** The id that the answer gives to the transaction, where the CSMS gives it. */
  transactionId(answer: JsonObject): string | undefined;
  metered(transaction: Transaction, moment: Moment, context: SampleContext, settings: Settings): Draft;
  /** Undefined: this version says it with the status of the connector. */
  stateChanged(transaction: Transaction, moment: Moment, state: ChargingState): Draft | undefined;
  stopped(transaction: Transaction, moment: Moment, reason: StopReason, settings: Settings): Draft;
  /** MeterValues without a transaction. */
  meterValues(connectorId: number, moment: Moment, context: SampleContext, settings: Settings): Message;
  securityEvent(type: string, now: Date): Message;
  firmwareStatus(status: string, requestId: number | undefined): Message;
  logStatus(status: string, requestId: number | undefined): Message;
  diagnosticsStatus(status: string): Message;
  /** Undefined: this version does not say it. */
  reservationExpired(reservationId: number): Message | undefined;
}
