import type { JsonObject, OcppVersion } from '@ocpp-csms/ocpp';

export type Side = 'charge-point' | 'csms';

/** A CALLRESULT, or a CALLERROR. */
export type Answer = { result: JsonObject } | { error: { code: string; description: string } };

/** A CALL (or a SEND of 2.1) and, where one was seen, its answer. */
export interface Step {
  /** Seconds after the start of the recording; never less than that of the step before. */
  at: number;
  from: Side;
  action: string;
  payload: JsonObject;
  answer?: Answer;
  /** The charge point had connected again before it said this. */
  reconnects?: true;
}

/** What one charge point and its CSMS said: read from a log, kept as YAML, played again. */
export interface Recording {
  /** Of the charge point that was recorded. */
  networkId: string;
  protocol: OcppVersion;
  /** ISO 8601 UTC. */
  startedAt: string;
  steps: Step[];
}

/** Of the YAML; a reader refuses the others. */
export const formatVersion = 1;
