import type { JsonObject } from '@ocpp-csms/ocpp';

/** One action with its payload, in the words of a version. */
export interface Message {
  action: string;
  payload: JsonObject;
}

export type ConnectorStatus = 'Available' | 'Preparing' | 'Charging' | 'Finishing' | 'Unavailable';

/** A transaction as the charge point sees it. Energy in Wh, power in W. */
export interface Transaction {
  /** 1.6: given by the CSMS at the start, -1 until then. 2.x: ours. */
  id: string;
  token: string;
  startedAt: Date;
  meterStart: number;
  meter: number;
  power: number;
  /** 2.x: counts the events of this transaction. */
  seqNo: number;
  remoteStartId?: number;
}

export type StopReason = 'Local' | 'Remote' | 'HardReset' | 'SoftReset' | 'DeAuthorized' | 'UnlockCommand';

/** What the CSMS may ask of a charge point, whatever the version. */
export interface Commands {
  /** Returns false when it is charging already or is out of order. */
  remoteStart(token: string, remoteStartId?: number): boolean;
  remoteStop(transactionId: string): boolean;
  reset(hard: boolean): void;
  /** Returns false when it has to wait for the end of the transaction. */
  setOperative(operative: boolean): boolean;
  unlock(): void;
  /** Returns false for a message that it does not know. */
  trigger(message: string): boolean;
  readonly transactionId: string | undefined;
  readonly configuration: Map<string, string>;
}

/** How a version says it. */
export interface Dialect {
  boot(id: string): Message;
  heartbeat(): Message;
  status(status: ConnectorStatus, now: Date): Message;
  authorize(token: string): Message;
  /** The status in an answer to authorize or start. */
  tokenStatus(answer: JsonObject): string | undefined;
  start(transaction: Transaction): Message;
  /** The id that the answer gives to the transaction, if it is the CSMS who gives it. */
  transactionId(answer: JsonObject): string | undefined;
  meterValues(transaction: Transaction, now: Date): Message;
  stop(transaction: Transaction, reason: StopReason, now: Date): Message;
  /** Answers a CALL of the CSMS; `undefined` for an action that it does not implement. */
  answer(action: string, payload: JsonObject, commands: Commands): JsonObject | undefined;
  /** Settings of a charge point, by the names of this version. */
  configuration(meterIntervalSeconds: number): Map<string, string>;
}
