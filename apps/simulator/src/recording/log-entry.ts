import type { Frame, OcppVersion } from '@ocpp-csms/ocpp';
import type { Side } from './recording.ts';

/** One OCPP message of a log, with what its line says of it. */
export interface LogEntry {
  /** 1 … */
  line: number;
  /** Milliseconds since 1970; since midnight where the line has only a time of day. */
  time?: number;
  isTimeOfDay?: boolean;
  /** networkId */
  client?: string;
  protocol?: OcppVersion;
  /** Tells one connection from the next. */
  connection?: number;
  /** Who spoke; undefined: the log does not say it. */
  from?: Side;
  /** Seen from whoever wrote the log. */
  way?: 'in' | 'out';
  /** Of this message in the log; message ids of OCPP are not unique. */
  id?: string;
  /** The `id` of the CALL that this answers. */
  answerTo?: string;
  frame: Frame;
}

/** Something of the log that does not get into the recording. */
export interface LeftOut {
  line: number;
  why: string;
}

/** What one line holds; without both, no OCPP message. */
export interface LineContent {
  entries: LogEntry[];
  leftOut?: LeftOut;
}
