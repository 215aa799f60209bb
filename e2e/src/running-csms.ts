import type { Api } from '@ocpp-csms/testing';

/** A running system, whichever way it was started. */
export interface RunningCsms {
  /** `http://127.0.0.1:port` */
  readonly httpUrl: string;
  /** `ws://127.0.0.1:port/ocpp` */
  readonly wsUrl: string;
  readonly port: number;
  readonly dataDir: string;
  /** With the admin key. */
  readonly api: Api;
  /** What the program logged so far, a JSON line each. */
  readonly logLines: readonly string[];
}

export interface Csms extends RunningCsms {
  /** Stops and starts on the same data; the port may be another one. */
  restart(): Promise<void>;
  /** Stops it and deletes its data. */
  stop(): Promise<void>;
}
