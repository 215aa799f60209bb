import {
  actionInfo,
  isJsonObject,
  type JsonObject,
  type OcppVersion,
  type RpcErrorCode,
  redact,
  redactUnread,
  type Validator,
} from '@ocpp-csms/ocpp';
import type { FrameWatch, Refusal } from '../simulation.ts';
import { checkAnswer, checkCall, type Verdict } from './content.ts';
import type { Memory } from './memory.ts';
import { applies, clauseOf, isNote, type RuleId } from './rules.ts';

/** Something that the CSMS did and should not have done. */
export interface Finding {
  rule: RuleId;
  clause: string;
  version: OcppVersion;
  chargePoint: string;
  /** What it was, in this case. */
  words: string;
  /** The frame, without secrets. */
  frame: string;
  /** ISO 8601 UTC. */
  at: string;
}

export interface Conformance extends FrameWatch {
  readonly version: OcppVersion;
  readonly findings: readonly Finding[];
  /** What is permitted, and makes trouble all the same. */
  readonly notes: readonly Finding[];
  /** How often each rule could have been broken. */
  readonly exercised: ReadonlyMap<RuleId, number>;
  /** Of the CSMS. */
  readonly frames: number;
}

export interface ConformanceOptions {
  id: string;
  version: OcppVersion;
  validator: Pick<Validator, 'checkRequest' | 'checkResponse'>;
  now(): Date;
}

/** A CALL of ours: whether it was valid decides what may be answered. */
interface OwnCall {
  action: string;
  payload: JsonObject;
  isValid: boolean;
}

/** When a CSMS gives a CALL up is its own decision; none does it sooner. */
const shortestTimeoutMs = 5000;

const mostDescription = 255;

/** Errors that a valid CALL may get: we may ask for what the CSMS does not do. */
const permitted = new Set(['NotSupported', 'NotImplemented']);
const transactionActions = new Set(['StartTransaction', 'StopTransaction', 'TransactionEvent']);

const codes16 = [
  'NotImplemented',
  'NotSupported',
  'InternalError',
  'ProtocolError',
  'SecurityError',
  'PropertyConstraintViolation',
  'TypeConstraintViolation',
  'GenericError',
];
const codes = {
  // The spelling is that of the table (J16 errata 5.1, 5.2).
  'ocpp1.6': new Set([...codes16, 'FormationViolation', 'OccurenceConstraintViolation']),
  'ocpp2.0.1': new Set([
    ...codes16,
    'FormatViolation',
    'OccurrenceConstraintViolation',
    'OccurenceConstraintViolation',
    'MessageTypeNotSupported',
    'RpcFrameworkError',
  ]),
  'ocpp2.1': new Set([
    ...codes16,
    'FormatViolation',
    'OccurrenceConstraintViolation',
    'MessageTypeNotSupported',
    'RpcFrameworkError',
  ]),
} as const;

/** Sees both directions of one charge point, and holds what the CSMS says against the rules. */
export function createConformance({ id, version, validator, now }: ConformanceOptions): Conformance {
  const is16 = version === 'ocpp1.6';
  const findings: Finding[] = [];
  const notes: Finding[] = [];
  const exercised = new Map<RuleId, number>();
  const memory: Memory = { transactionIds: new Map(), begunAt: new Map() };
  let frames = 0;
  let own = new Map<string, OwnCall>();
  let answered = new Set<string>();
  let theirIds = new Set<string>();
  /** Since when, in ms. */
  let theirOpen = new Map<string, number>();
  let isBooting = false;

  /** Notes that the rule was put to the test, and what came of it. */
  function judge(rule: RuleId, frame: string, problem: string | undefined): string | undefined {
    if (!applies(rule, is16)) return undefined;
    exercised.set(rule, (exercised.get(rule) ?? 0) + 1);
    if (problem === undefined) return undefined;
    (isNote(rule) ? notes : findings).push({
      rule,
      clause: clauseOf(rule, is16),
      version,
      chargePoint: id,
      words: problem,
      frame,
      at: now().toISOString(),
    });
    return isNote(rule) ? undefined : problem;
  }

  function judgeAll(verdicts: readonly Verdict[], frame: string): string | undefined {
    return verdicts.map(({ rule, problem }) => judge(rule, frame, problem)).find((problem) => problem !== undefined);
  }

  function received(text: string): Refusal | undefined {
    frames++;
    const frame = readFrame(text, version);
    const shown = frame === undefined ? redactUnread(text) : shownFrame(frame, own);
    judge('frame', shown, frame === undefined ? 'it can not be read as an OCPP message' : undefined);
    if (frame === undefined) return undefined;
    judge('message-id-length', shown, frame.msgId.length > 36 ? `it has ${frame.msgId.length} characters` : undefined);
    switch (frame.type) {
      case 2:
        return receivedCall(frame, shown);
      case 3:
        receivedResult(frame, shown);
        return undefined;
      case 4:
        receivedError(frame, shown);
    }
    return undefined;
  }

  function receivedCall({ msgId, action, payload }: CallFrame, shown: string): Refusal | undefined {
    judge('message-id-unique', shown, theirIds.has(msgId) ? `${msgId} was used before` : undefined);
    theirIds.add(msgId);
    const waiting = [...theirOpen.values()].some((since) => now().getTime() - since < shortestTimeoutMs);
    judge('call-in-flight', shown, waiting ? 'the last one waits for its answer' : undefined);
    theirOpen.set(msgId, now().getTime());
    const early = judgeRegistration(action, shown);
    if (early !== undefined) return refuse('SecurityError', early);
    const info = actionInfo(version, action);
    const unknown =
      info === undefined
        ? `${version} has no ${action}`
        : info.from === 'charge-point'
          ? `${action} is for charge points to ask`
          : undefined;
    if (judge('call-known', shown, unknown) !== undefined) return refuse('NotImplemented', unknown);
    const [violation] = validator.checkRequest(action, payload);
    const invalid = violation === undefined ? undefined : `${violation.path} ${violation.message}`;
    if (judge('call-valid', shown, invalid) !== undefined) return refuse('FormatViolation', invalid);
    const broken = judgeAll(checkCall(version, action, payload, { now: now(), memory }), shown);
    return broken === undefined ? undefined : refuse('PropertyConstraintViolation', broken);
  }

  function judgeRegistration(action: string, shown: string): string | undefined {
    const isStartOrStop = /^(RemoteStart|RemoteStop|RequestStart|RequestStop)Transaction$/.test(action);
    return [
      judge('boot-first', shown, isBooting ? 'the BootNotification is not answered yet' : undefined),
      judge('boot-rejected', shown, memory.registration === 'Rejected' ? 'the charge point was rejected' : undefined),
      isStartOrStop
        ? judge('pending-start', shown, memory.registration === 'Pending' ? 'the charge point is pending' : undefined)
        : undefined,
    ].find((problem) => problem !== undefined);
  }

  function receivedResult({ msgId, payload }: ResultFrame, shown: string): void {
    const call = take(msgId, shown);
    if (call === undefined) return;
    const [violation] = validator.checkResponse(call.action, payload);
    judge(
      'answer-valid',
      shown,
      violation === undefined ? undefined : `${call.action}: ${violation.path} ${violation.message}`,
    );
    judgeAll(checkAnswer(call, payload, { now: now(), memory }), shown);
    if (call.action === 'BootNotification') {
      memory.registration = String(payload.status);
      isBooting = false;
    }
  }

  function receivedError({ msgId, code, description }: ErrorFrame, shown: string): void {
    judge(
      'error-description',
      shown,
      description.length > mostDescription ? `it has ${description.length} characters` : undefined,
    );
    judge('error-code', shown, codes[version].has(code) ? undefined : `${version} has no code ${code}`);
    // J2.x §4.2.3: to what could not be read.
    if (msgId === '-1' && !own.has(msgId)) return;
    const call = take(msgId, shown);
    if (call === undefined) return;
    if (call.action === 'BootNotification') isBooting = false;
    if (!call.isValid || memory.registration !== 'Accepted') return;
    const problem = `a valid ${call.action} was answered with ${code}${description === '' ? '' : `: ${description}`}`;
    if (transactionActions.has(call.action)) judge('transaction-refused', shown, problem);
    else judge('error-deserved', shown, permitted.has(code) ? undefined : problem);
  }

  function take(msgId: string, shown: string): OwnCall | undefined {
    const call = own.get(msgId);
    const twice = call === undefined && answered.has(msgId);
    judge('answer-once', shown, twice ? `${msgId} was answered before` : undefined);
    if (!twice) judge('answer-asked', shown, call === undefined ? `no CALL with the id ${msgId} waits` : undefined);
    if (call === undefined) return undefined;
    own.delete(msgId);
    answered.add(msgId);
    if (transactionActions.has(call.action)) judge('transaction-refused', shown, undefined);
    else judge('error-deserved', shown, undefined);
    return call;
  }

  /** Broken firmware: a CSMS that finds the message id may answer with it. */
  function noteUnreadable(text: string): void {
    const [, msgId, action = ''] = /^\[\s*2\s*,\s*"([^"]+)"\s*,\s*"(\w*)"/.exec(text) ?? [];
    if (msgId !== undefined) own.set(msgId, { action, payload: {}, isValid: false });
  }

  function noteBegun({ transactionInfo, evse }: JsonObject): void {
    const transactionId = isJsonObject(transactionInfo) ? String(transactionInfo.transactionId) : '';
    if (isJsonObject(evse)) memory.begunAt.set(transactionId, Number(evse.id));
    else if (!memory.begunAt.has(transactionId)) memory.begunAt.set(transactionId, undefined);
  }

  function sent(text: string): void {
    const frame = readFrame(text, version);
    if (frame?.type === 2) {
      const { msgId, action, payload } = frame;
      if (action === 'BootNotification') isBooting = true;
      // Firmware that uses one id for everything: what is answered can't be told apart.
      answered.delete(msgId);
      if (action === 'TransactionEvent') noteBegun(payload);
      own.set(msgId, { action, payload, isValid: validator.checkRequest(action, payload).length === 0 });
    } else if (frame !== undefined) theirOpen.delete(frame.msgId);
    else noteUnreadable(text);
  }

  return {
    version,
    findings,
    notes,
    exercised,
    get frames() {
      return frames;
    },
    connected() {
      own = new Map();
      answered = new Set();
      theirIds = new Set();
      theirOpen = new Map();
      isBooting = false;
    },
    closed: () => undefined,
    sent,
    received,
  };
}

function refuse(code: RpcErrorCode, description: string | undefined): Refusal {
  return { code, description: description ?? '' };
}

type CallFrame = { type: 2; msgId: string; action: string; payload: JsonObject };
type ResultFrame = { type: 3; msgId: string; payload: JsonObject };
type ErrorFrame = { type: 4; msgId: string; code: string; description: string; details: JsonObject };
type StrictFrame = CallFrame | ResultFrame | ErrorFrame;

/** Strict: undefined for whatever is not exactly as J16 §4.2 and J2.x §4.2 say. */
function readFrame(text: string, version: OcppVersion): StrictFrame | undefined {
  let elements: unknown;
  try {
    elements = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(elements) || typeof elements[1] !== 'string') return undefined;
  const [type, msgId, third, fourth, fifth, ...rest] = elements;
  if (rest.length > 0) return undefined;
  if (type === 2 && elements.length === 4 && typeof third === 'string' && isJsonObject(fourth))
    return { type, msgId, action: third, payload: fourth };
  if (type === 3 && elements.length === 3 && isJsonObject(third)) return { type, msgId, payload: third };
  const isError = type === 4 || (type === 5 && version === 'ocpp2.1');
  if (!isError || elements.length !== 5 || typeof third !== 'string' || typeof fourth !== 'string') return undefined;
  return isJsonObject(fifth) ? { type: 4, msgId, code: third, description: fourth, details: fifth } : undefined;
}

function shownFrame(frame: StrictFrame, own: ReadonlyMap<string, OwnCall>): string {
  if (frame.type === 2) return JSON.stringify([2, frame.msgId, frame.action, redact(frame.action, frame.payload)]);
  if (frame.type === 4) return JSON.stringify([4, frame.msgId, frame.code, frame.description, frame.details]);
  return JSON.stringify([3, frame.msgId, redact(own.get(frame.msgId)?.action ?? 'DataTransfer', frame.payload)]);
}
