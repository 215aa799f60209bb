import { createApi } from '@ocpp-csms/testing';
import { inTurns } from './in-turns.ts';
import type { Csms } from './running-csms.ts';
import type { Shape } from './shapes.ts';

/** A system that another process of the tests has started, for all of their files. */
export interface StartedElsewhere {
  shape: Shape;
  /** Of the csms-server of each node. */
  ports: readonly number[];
  dataDir: string;
  adminKey: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    csms?: StartedElsewhere;
  }
}

/** In turns from node to node, so that what one is told is asked of another. */
export function attach({ ports, dataDir, adminKey }: StartedElsewhere): Csms {
  const nextForChargePoint = inTurns(ports);
  const nextForApi = inTurns(ports);
  const notHere = () => Promise.reject(new Error('it was started for all test files, and is ended when they are done'));
  return {
    dataDir,
    logLines: [],
    get port() {
      return nextForChargePoint();
    },
    get httpUrl() {
      return `http://127.0.0.1:${nextForApi()}`;
    },
    get wsUrl() {
      return `ws://127.0.0.1:${nextForChargePoint()}/ocpp`;
    },
    get api() {
      return createApi({ url: `http://127.0.0.1:${nextForApi()}`, key: adminKey });
    },
    restart: notHere,
    stop: async () => {},
  };
}
