export { type ActionInfo, actionInfo, actionsOf } from './actions.ts';
export type { Deviation } from './deviation.ts';
export { OcppError, type RpcErrorCode, spellErrorCode } from './errors.ts';
export {
  type Frame,
  formatCall,
  formatCallError,
  formatCallResult,
  formatCallResultError,
  formatSend,
  type ParsedFrame,
  parseFrame,
} from './frame.ts';
export { isJsonObject, type Json, type JsonObject } from './json.ts';
export type { ActionOf, RequestOf, ResponseOf } from './messages.ts';
export { contentHash } from './rpc/content-hash.ts';
export { type Arrival, InboundCall, InboundCalls, type InboundLimits } from './rpc/inbound-calls.ts';
export {
  type Answered,
  type OutboundCall,
  OutboundCalls,
  type OutboundLimits,
  type Taken,
} from './rpc/outbound-calls.ts';
export { redact, redactText, redactUnread } from './secrets.ts';
export type { Violation } from './validate/check.ts';
export type { Reading } from './validate/repair.ts';
export {
  loadValidator,
  type ReadOptions,
  requestSchema,
  responseSchema,
  type Validator,
} from './validate/validator.ts';
export { isOcppVersion, type OcppVersion, ocppVersions } from './versions.ts';
