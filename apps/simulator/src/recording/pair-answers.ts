import { isJsonObject, type JsonObject, redact } from '@ocpp-csms/ocpp';
import { other } from './directions.ts';
import type { LeftOut, LogEntry } from './log-entry.ts';
import type { Answer, Side } from './recording.ts';

/** A CALL or SEND with its answer, both without secrets. */
export interface LoggedCall {
  entry: LogEntry;
  from: Side;
  action: string;
  payload: JsonObject;
  answer?: Answer;
}

export interface Paired {
  calls: LoggedCall[];
  leftOut: LeftOut[];
  /** Lines of CALLs that either side may send, where nothing told which. */
  guessed: number[];
}

/** Gives each CALL the answer with its id. */
export function pairAnswers(entries: readonly LogEntry[]): Paired {
  const paired: Paired = { calls: [], leftOut: [], guessed: [] };
  const byId = new Map<string, LoggedCall>();
  const byMessageId = new Map<string, LoggedCall[]>();

  function addCall(entry: LogEntry, frame: CallFrame): string | undefined {
    const call = callOf(entry, frame);
    if (typeof call === 'string') return call;
    paired.calls.push(call);
    if (entry.from === undefined) paired.guessed.push(entry.line);
    if (entry.id !== undefined) byId.set(entry.id, call);
    const others = byMessageId.get(frame.msgId);
    if (others === undefined) byMessageId.set(frame.msgId, [call]);
    else others.push(call);
    return undefined;
  }

  function addAnswer(entry: LogEntry): string | undefined {
    const { answerTo, frame, from } = entry;
    const call = answerTo === undefined ? lastWaiting(byMessageId.get(frame.msgId) ?? [], from) : byId.get(answerTo);
    return call === undefined ? 'answers no CALL of the log' : giveAnswer(call, entry);
  }

  const isEarly = ({ answerTo, frame }: LogEntry) =>
    frame.type !== 2 && frame.type !== 6 && answerTo !== undefined && !byId.has(answerTo);
  const early: LogEntry[] = [];
  for (const entry of entries) {
    const { frame, line } = entry;
    // Of the same millisecond, an answer may have come to the log before its CALL.
    if (isEarly(entry)) {
      early.push(entry);
      continue;
    }
    const why = frame.type === 2 || frame.type === 6 ? addCall(entry, frame) : addAnswer(entry);
    if (why !== undefined) paired.leftOut.push({ line, why });
  }
  for (const entry of early) {
    const why = addAnswer(entry);
    if (why !== undefined) paired.leftOut.push({ line: entry.line, why });
  }
  paired.leftOut.sort((one, other) => one.line - other.line);
  return paired;
}

type CallFrame = Extract<LogEntry['frame'], { action: string }>;

/** Or why it is left out. DataTransfer, and actions of nobody's specification, are said by charge points far more often. */
function callOf(entry: LogEntry, { action, payload }: CallFrame): LoggedCall | string {
  if (action === '') return 'is a CALL without an action';
  const safe = redact(action, payload);
  if (!isJsonObject(safe)) return `is a ${action} whose payload is no object`;
  return { entry, from: entry.from ?? 'charge-point', action, payload: safe };
}

/** Firmware that uses one message id for everything has one CALL in flight: the last. */
function lastWaiting(calls: readonly LoggedCall[], answeredBy: Side | undefined): LoggedCall | undefined {
  return calls.findLast(
    ({ answer, from, entry }) =>
      answer === undefined && entry.frame.type === 2 && (answeredBy === undefined || from === other(answeredBy)),
  );
}

/** Undefined, or why it is left out. */
function giveAnswer(call: LoggedCall, { frame, answerTo }: LogEntry): string | undefined {
  // Our export has an answer twice: with its CALL, and as a message. The first that went out counts.
  if (call.answer !== undefined) return answerTo === undefined ? 'answers a CALL that was answered before' : undefined;
  if (frame.type === 4) {
    call.answer = { error: { code: frame.code, description: frame.description } };
    return undefined;
  }
  if (frame.type !== 3) return 'is a CALLRESULTERROR: it refuses an answer, and is not played';
  const result = redact(call.action, frame.payload);
  if (!isJsonObject(result)) return `is an answer to ${call.action} whose payload is no object`;
  call.answer = { result };
  return undefined;
}
