import { type Frame, isJsonObject, isOcppVersion, type JsonObject, parseFrame } from '@ocpp-csms/ocpp';
import type { LineContent, LogEntry } from './log-entry.ts';
import type { Side } from './recording.ts';

/** A message as `GET /message-manager/messages/export` gives it; undefined: the object is something else. */
export function readExportLine(message: JsonObject, line: number): LineContent | undefined {
  const { client, origin, body, id } = message;
  if (typeof client !== 'string' || typeof id !== 'string' || !isJsonObject(body)) return undefined;
  if (origin !== 'client' && origin !== 'server') return undefined;
  if (typeof message.dropped === 'string') return leftOut(line, `was not sent: ${message.dropped}`);
  if (body.direction === 0) return leftOut(line, 'is a frame that the CSMS could not read');
  const frame = asSent(message, origin) ?? frameOf(body, body.direction, body.messageBody);
  if (frame === undefined) return leftOut(line, 'has no OCPP message that is known');
  const entry: LogEntry = {
    ...common(message, client, line),
    time: timeOf(message),
    from: origin === 'client' ? 'charge-point' : 'csms',
    id,
    answerTo: textOf(message.answerTo),
    frame,
  };
  return { entries: [entry, ...answerIn(message, entry)] };
}

const leftOut = (line: number, why: string): LineContent => ({ entries: [], leftOut: { line, why } });
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function common({ protocol, connection }: JsonObject, client: string, line: number): Omit<LogEntry, 'frame'> {
  return {
    line,
    client,
    protocol: typeof protocol === 'string' && isOcppVersion(protocol) ? protocol : undefined,
    connection: typeof connection === 'number' ? connection : undefined,
  };
}

function timeOf({ messageTime }: JsonObject): number | undefined {
  const time = Date.parse(String(messageTime));
  return Number.isNaN(time) ? undefined : time;
}

/** What a charge point really said: the body has it in the shape of the schema. */
function asSent({ raw }: JsonObject, origin: string): Frame | undefined {
  if (origin !== 'client' || typeof raw !== 'string') return undefined;
  const parsed = parseFrame(raw, 'ocpp2.1');
  return parsed.ok ? parsed.frame : undefined;
}

function frameOf({ msgId, messageType }: JsonObject, direction: unknown, content: unknown): Frame | undefined {
  const id = String(msgId);
  if (direction === 2 || direction === 6)
    return { type: direction, msgId: id, action: String(messageType), payload: content ?? {} };
  if (direction === 3) return { type: 3, msgId: id, payload: content ?? {} };
  if (direction !== 4 && direction !== 5) return undefined;
  const error = isJsonObject(content) ? content : {};
  const { errorCode: code = 'GenericError', errorDescription: description = '', errorDetails: details = {} } = error;
  return { type: direction, msgId: id, code: String(code), description: String(description), details };
}

/** A CALL has its answer with it; that of csms-server itself is nowhere else. */
function answerIn(message: JsonObject, call: LogEntry): LogEntry[] {
  const { answer, body } = message;
  if (!isJsonObject(answer) || !isJsonObject(body)) return [];
  const frame = frameOf(body, answer.direction, answer.messageBody);
  if (frame === undefined) return [];
  const from: Side = call.from === 'csms' ? 'charge-point' : 'csms';
  return [{ ...call, time: timeOf(answer), from, id: undefined, answerTo: call.id, frame }];
}
