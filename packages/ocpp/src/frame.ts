import { type Deviation, shortValue } from './deviation.ts';
import { type OcppError, type RpcErrorCode, shortDescription, spellErrorCode } from './errors.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { cut } from './text.ts';
import type { OcppVersion } from './versions.ts';

/** 2 CALL, 3 CALLRESULT, 4 CALLERROR, 5 CALLRESULTERROR and 6 SEND (both 2.1 only). */
export type Frame =
  | { type: 2; msgId: string; action: string; payload: unknown }
  | { type: 3; msgId: string; payload: unknown }
  | { type: 4; msgId: string; code: string; description: string; details: unknown }
  | { type: 5; msgId: string; code: string; description: string; details: unknown }
  | { type: 6; msgId: string; action: string; payload: unknown };

export type FrameFault =
  | 'empty'
  | 'not-json'
  | 'not-an-array'
  | 'unknown-message-type'
  | 'malformed-call'
  | 'malformed-answer'
  | 'too-deep';

export type ParsedFrame =
  | { ok: true; frame: Frame; deviations: Deviation[] }
  | {
      ok: false;
      reason: FrameFault;
      /** Whether a CALLERROR with this msgId, code and description should go back. */
      answerable: boolean;
      /** "-1" when it can't be read (J2.x §4.2.3). */
      msgId: string;
      code: RpcErrorCode;
      description: string;
    };

/** Deeper payloads than any schema allows; storages and recursive code are spared them. */
const deepest = 32;

/** J16 and J2.x §4.1.4. Longer ids are accepted: the answer only has to repeat them. */
const longestMessageId = 36;

/**
 * Reads a frame, tolerantly: whatever can be answered or matched is, with each departure named. A text that is not
 * a frame says whether it may be answered: answers never are, and in 1.6, which has no "-1", nothing without a readable
 * message id is.
 */
export function parseFrame(text: string, version: OcppVersion): ParsedFrame {
  const deviations: Deviation[] = [];
  const json = withoutPadding(text, deviations);
  // Some charge points send an empty frame as keep-alive. Ignore it.
  if (json === '') return ignore('empty', 'an empty frame');
  const parsed = parseJson(json);
  if (!parsed) return invalidJson(json, version);
  if (!Array.isArray(parsed.value)) {
    return refuse(version, 'not-an-array', undefined, 'RpcFrameworkError', 'an OCPP message is a JSON array');
  }
  return readFrame({ elements: parsed.value, json, version, deviations });
}

interface Reader {
  readonly elements: readonly unknown[];
  readonly json: string;
  readonly version: OcppVersion;
  readonly deviations: Deviation[];
}

function readFrame(reader: Reader): ParsedFrame {
  switch (readType(reader)) {
    case 2:
      return readCall(reader, 2);
    case 3:
      return readResult(reader);
    case 4:
      return readError(reader, 4);
    case 5:
      return reader.version === 'ocpp2.1' ? readError(reader, 5) : unknownType(reader);
    case 6:
      return reader.version === 'ocpp2.1' ? readCall(reader, 6) : unknownType(reader);
    default:
      return unknownType(reader);
  }
}

function readType({ elements: [type], deviations }: Reader): unknown {
  if (typeof type !== 'string' || !/^[2-6]$/.test(type)) return type;
  note(deviations, 0, `text ${type} taken as a number`);
  return Number(type);
}

/** J16 §4.2.1, J2.x §4.2.1; a SEND has the same form (J21 §4.2.4). */
function readCall(reader: Reader, type: 2 | 6): ParsedFrame {
  const { elements, version, deviations } = reader;
  const msgId = readMessageId(reader);
  const action = elements[2];
  const fault = (reason: FrameFault, code: RpcErrorCode, description: string) =>
    type === 6 ? ignore(reason, description, msgId) : refuse(version, reason, msgId, code, description);
  if (msgId === undefined) return fault('malformed-call', 'RpcFrameworkError', 'the message id must be a text');
  if (typeof action !== 'string') return fault('malformed-call', malformed(version), 'the action must be a text');
  if (isDeeperThan(elements[3], deepest)) {
    return fault('too-deep', 'FormatViolation', `the payload is nested deeper than ${deepest} levels`);
  }
  if (elements.length > 4) noteLength(reader, 4);
  return { ok: true, frame: { type, msgId, action, payload: readPayload(reader, 3) }, deviations };
}

/** J16 §4.2.2, J2.x §4.2.2. */
function readResult(reader: Reader): ParsedFrame {
  const msgId = readMessageId(reader);
  if (msgId === undefined) return ignore('malformed-answer', 'a CALLRESULT without a message id');
  if (isDeeperThan(reader.elements[2], deepest)) {
    return ignore('too-deep', `the payload is nested deeper than ${deepest} levels`, msgId);
  }
  if (reader.elements.length > 3) noteLength(reader, 3);
  return { ok: true, frame: { type: 3, msgId, payload: readPayload(reader, 2) }, deviations: reader.deviations };
}

/** J16 §4.2.3, J2.x §4.2.3. Any array that starts with [4, id] ends the wait for an answer, whatever follows. */
function readError(reader: Reader, type: 4 | 5): ParsedFrame {
  const { elements, deviations } = reader;
  const msgId = readMessageId(reader);
  if (msgId === undefined) return ignore('malformed-answer', 'a CALLERROR without a message id');
  noteLength(reader, 5);
  const code = readText(reader, 2, 'GenericError');
  const description = readText(reader, 3, '');
  const details = isDeeperThan(elements[4], deepest) ? {} : (elements[4] ?? {});
  return { ok: true, frame: { type, msgId, code, description, details }, deviations };
}

function readText({ elements, deviations }: Reader, index: number, otherwise: string): string {
  const value = elements[index];
  if (typeof value === 'string') return value;
  if (value === undefined) return otherwise;
  note(deviations, index, `no text: taken as "${otherwise}"`, value);
  return otherwise;
}

/** A number is taken with its digits from the text: `JSON.parse` would lose some of a long one. */
function readMessageId({ elements, json, deviations }: Reader): string | undefined {
  const id = elements[1];
  if (typeof id === 'string') {
    if (id.length > longestMessageId) note(deviations, 1, `longer than ${longestMessageId} characters: accepted`, id);
    return id;
  }
  if (typeof id !== 'number') return undefined;
  const digits = /^\s*\[[^,]*,\s*([^\s,\]]+)/.exec(json)?.[1] ?? String(id);
  note(deviations, 1, `number ${cut(digits, 40)} taken as text`);
  return digits;
}

/** J16 §4.2.1 allows null for an empty payload; it is read as `{}` like the payload that is missing. */
function readPayload({ elements, deviations }: Reader, index: number): unknown {
  const payload = elements[index];
  if (payload !== undefined && payload !== null) return payload;
  note(deviations, index, payload === null ? 'a null payload taken as {}' : 'a missing payload taken as {}');
  return {};
}

function noteLength({ elements, deviations }: Reader, expected: number): void {
  if (elements.length !== expected) note(deviations, expected, `${elements.length} elements instead of ${expected}`);
}

/**
 * J16 and J2.x §4.1.3: the payload of an unknown message type is ignored; 2.x has a code to say so. Types 5 and 6 are
 * answers and unconfirmed messages of 2.1: never answered, in no version.
 */
function unknownType(reader: Reader): ParsedFrame {
  const { elements, version } = reader;
  const [type] = elements;
  const description = `message type ${cut(JSON.stringify(shortValue(type)) ?? 'nothing', 60)} is not known`;
  const msgId = readMessageId(reader);
  if (version === 'ocpp1.6' || type === 5 || type === 6) return ignore('unknown-message-type', description, msgId);
  return refuse(version, 'unknown-message-type', msgId, 'MessageTypeNotSupported', description);
}

/** A station that sends broken JSON in every message still learns which message it was. */
function invalidJson(json: string, version: OcppVersion): ParsedFrame {
  const start = /^\s*\[\s*"?(\d+)"?\s*(?:,\s*(?:"([^"\\]{1,100})"|(\d{1,40}))\s*,)?/.exec(json);
  const type = Number(start?.[1] ?? 2);
  const msgId = start?.[2] ?? start?.[3];
  const description = 'the message is not valid JSON';
  if (type !== 2) return ignore('not-json', description, msgId);
  const code = msgId === undefined ? 'RpcFrameworkError' : 'FormatViolation';
  return refuse(version, 'not-json', msgId, code, description);
}

/** 1.6 has no code for a frame that is no valid CALL. */
function malformed(version: OcppVersion): RpcErrorCode {
  return version === 'ocpp1.6' ? 'FormatViolation' : 'RpcFrameworkError';
}

function refuse(
  version: OcppVersion,
  reason: FrameFault,
  msgId: string | undefined,
  code: RpcErrorCode,
  description: string,
): ParsedFrame {
  const answerable = msgId !== undefined || version !== 'ocpp1.6';
  return { ok: false, reason, answerable, msgId: msgId ?? '-1', code, description };
}

function ignore(reason: FrameFault, description: string, msgId = '-1'): ParsedFrame {
  return { ok: false, reason, answerable: false, msgId, code: 'FormatViolation', description };
}

function note(deviations: Deviation[], index: number, made: string, value?: unknown): void {
  deviations.push({ rule: 'frame', path: `/${index}`, made, ...(value !== undefined && { value: shortValue(value) }) });
}

/** Firmware written in C sends the terminating NUL of its buffer, some of other origin a byte order mark. */
function withoutPadding(text: string, deviations: Deviation[]): string {
  const first = text.charCodeAt(0);
  const last = text.charCodeAt(text.length - 1);
  if (first === 0x5b && last === 0x5d) return text;
  const trimmed = text.replace(/^[\ufeff\s]+/, '').replace(/[\0\s]+$/, '');
  if (/[\ufeff\0]/.test(text.slice(0, 1) + text.slice(-1)) && trimmed !== '') {
    deviations.push({ rule: 'frame', path: '', made: 'a byte order mark or NUL around the message was ignored' });
  }
  return trimmed;
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Plain loops: this looks at every value of every message, and stops at the limit whatever the depth. */
function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((element) => isDeeperThan(element, levels - 1));
  if (!isJsonObject(value)) return false;
  for (const name in value) if (isDeeperThan(value[name], levels - 1)) return true;
  return false;
}

export function formatCall(msgId: string, action: string, payload: unknown): string {
  return JSON.stringify([2, msgId, action, payload]);
}

export function formatCallResult(msgId: string, payload: unknown): string {
  return JSON.stringify([3, msgId, payload]);
}

/** Only 2.1 has SEND (J21 §4.2.4). */
export function formatSend(msgId: string, action: string, payload: unknown): string {
  return JSON.stringify([6, msgId, action, payload]);
}

/** What a CALLERROR says; an `OcppError` is one. */
export type ErrorContent = OcppError | { code: RpcErrorCode; description?: string; details?: JsonObject };

export function formatCallError(version: OcppVersion, msgId: string, error: ErrorContent): string {
  return formatError(4, version, msgId, error);
}

/** Only 2.1 has CALLRESULTERROR (J21 §4.2.3). */
export function formatCallResultError(msgId: string, error: ErrorContent): string {
  return formatError(5, 'ocpp2.1', msgId, error);
}

function formatError(type: 4 | 5, version: OcppVersion, msgId: string, error: ErrorContent): string {
  const details = isJsonObject(error.details) ? error.details : {};
  const description = shortDescription(error.description ?? '');
  return JSON.stringify([type, msgId, spellErrorCode(version, error.code), description, details]);
}
