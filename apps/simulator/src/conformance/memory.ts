/** What is known of the charge point over its connections. */
export interface Memory {
  /** Of the last BootNotification; undefined: there was none yet. */
  registration?: string;
  lastTime?: number;
  listVersion?: number;
  /** 1.6: by what makes a start the same start. */
  transactionIds: Map<string, number>;
  /** Where each transaction began, by its id; also of those that have ended: a CALL may cross the end. */
  begunAt: Map<string, number | undefined>;
}
