import type { JsonObject } from './json.ts';
import { cut } from './text.ts';
import type { OcppVersion } from './versions.ts';

/**
 * The error codes of OCPP, in the spelling of J21 table 9; `spellErrorCode` gives the spelling of a version.
 *
 * | code | meaning |
 * |---|---|
 * | NotImplemented | the action is not known |
 * | NotSupported | the action is known, but not supported |
 * | InternalError | we failed to process it |
 * | ProtocolError | the payload is incomplete |
 * | SecurityError | refused for reasons of security, also: not accepted yet (J16 errata 3.10, B02.FR.09, B03.FR.07) |
 * | FormatViolation | the payload is not of the form that the action asks for |
 * | PropertyConstraintViolation | a member has a value that is not allowed |
 * | OccurrenceConstraintViolation | a member is missing, or there are too few or too many |
 * | TypeConstraintViolation | a member is of another type |
 * | GenericError | none of the others |
 * | MessageTypeNotSupported | a message type that is not known (2.x) |
 * | RpcFrameworkError | no valid CALL, for example because its message id can't be read (2.x) |
 */
export type RpcErrorCode =
  | 'NotImplemented'
  | 'NotSupported'
  | 'InternalError'
  | 'ProtocolError'
  | 'SecurityError'
  | 'FormatViolation'
  | 'PropertyConstraintViolation'
  | 'OccurrenceConstraintViolation'
  | 'TypeConstraintViolation'
  | 'GenericError'
  | 'MessageTypeNotSupported'
  | 'RpcFrameworkError';

/** A CALLERROR in the making: thrown by a handler, it is what the other side gets as the answer. */
export class OcppError extends Error {
  readonly code: RpcErrorCode;
  readonly details: JsonObject;

  constructor(code: RpcErrorCode, description = '', details: JsonObject = {}) {
    super(description);
    this.name = 'OcppError';
    this.code = code;
    this.details = details;
  }

  get description(): string {
    return this.message;
  }
}

/**
 * 1.6 has its own spelling of two codes, and keeps it (J16 errata 5.1, 5.2): a code that a charge point does not know
 * makes some repeat the faulty message for ever. The last two came with 2.0.
 */
const spelling16: Partial<Record<RpcErrorCode, string>> = {
  FormatViolation: 'FormationViolation',
  OccurrenceConstraintViolation: 'OccurenceConstraintViolation',
  MessageTypeNotSupported: 'GenericError',
  RpcFrameworkError: 'GenericError',
};

export function spellErrorCode(version: OcppVersion, code: RpcErrorCode): string {
  return (version === 'ocpp1.6' && spelling16[code]) || code;
}

/** J2.x §4.2.3: errorDescription is a string[255]. 1.6 names no limit, and charge points have the same buffers. */
export function shortDescription(description: string): string {
  return cut(description, 255);
}
