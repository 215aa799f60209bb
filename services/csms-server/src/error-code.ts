import type { RpcErrorCode } from '@ocpp-csms/ocpp';

const codes: Readonly<Record<RpcErrorCode, true>> = {
  FormatViolation: true,
  GenericError: true,
  InternalError: true,
  MessageTypeNotSupported: true,
  NotImplemented: true,
  NotSupported: true,
  OccurrenceConstraintViolation: true,
  PropertyConstraintViolation: true,
  ProtocolError: true,
  RpcFrameworkError: true,
  SecurityError: true,
  TypeConstraintViolation: true,
};

function isErrorCode(value: unknown): value is RpcErrorCode {
  return typeof value === 'string' && Object.hasOwn(codes, value);
}

/** What is no code of OCPP is no business of the charge point. */
export function readErrorCode(value: unknown): RpcErrorCode {
  return isErrorCode(value) ? value : 'InternalError';
}
