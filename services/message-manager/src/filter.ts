import { isoTime, Problem, parseTime, type Static, Type } from '@ocpp-csms/http';
import { kindOfDirection, kinds } from './kinds.ts';
import { isError, type LogLine } from './message.ts';

/** The query parameters that choose messages, the same for the list, the stream and the export. */
export const filterQuery = Type.Object({
  client: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'networkId, exactly.' })),
  messageType: Type.Optional(Type.String({ maxLength: 200, description: 'Action, exactly; also finds its answers.' })),
  direction: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 6,
      enum: [0, 2, 3, 4, 5, 6],
      description: '2 CALL, 3 CALLRESULT, 4 CALLERROR, 5 CALLRESULTERROR, 6 SEND, 0 not readable.',
    }),
  ),
  msgId: Type.Optional(Type.String({ maxLength: 500, description: 'OCPP message id, exactly.' })),
  origin: Type.Optional(
    Type.Enum(['client', 'server'], { type: 'string', description: 'Who spoke: the charge point or we.' }),
  ),
  errors: Type.Optional(
    Type.Boolean({
      description: 'true: only errors, CALLs answered with one, what was not readable and what was dropped.',
    }),
  ),
  deviations: Type.Optional(Type.Boolean({ description: 'true: only what was not as the specification says.' })),
  from: Type.Optional({ ...isoTime, description: 'Not before this time (ISO 8601 with a zone).' }),
  to: Type.Optional({ ...isoTime, description: 'Before this time (ISO 8601 with a zone).' }),
  q: Type.Optional(
    Type.String({ minLength: 1, maxLength: 500, description: 'Text in the payload, the answer or the raw frame.' }),
  ),
});
export type FilterQuery = Static<typeof filterQuery>;

export interface Filter {
  client?: string;
  action?: string;
  msgId?: string;
  /** Milliseconds since 1970, inclusive. */
  from?: number;
  /** Milliseconds since 1970, exclusive. */
  to?: number;
  /** Everything else, action and msgId included; all of them have to hold. */
  conditions: readonly Condition[];
}

/** Only `holds` decides. The others may let too much pass, and save reading what cannot hold. */
export interface Condition {
  holds(message: LogLine['message']): boolean;
  /** One of `kinds` or of `kindOfDirection` that the message has. */
  kind?: number;
  /** Part of the message as it is in JSON. */
  text?: string;
  /** As `text`, but for the case of letters. */
  textAnyCase?: string;
  isAction?: true;
}

/** Which messages are wanted: those with all these texts in their JSON, that then hold. */
export interface LineFilter {
  texts: readonly string[];
  holds(line: Pick<LogLine, 'time' | 'message'>): boolean;
}

/** Throws a 400 `Problem` that names the parameter. */
export function parseFilter(query: FilterQuery): Filter {
  const from = query.from === undefined ? undefined : parseTime(query.from, 'query.from').getTime();
  const to = query.to === undefined ? undefined : parseTime(query.to, 'query.to').getTime();
  if (from !== undefined && to !== undefined && from > to) {
    throw new Problem(400, 'invalid-request', 'query.from is later than query.to.', {
      errors: [{ path: 'query.from', message: 'is later than query.to' }],
    });
  }
  return {
    ...(query.client === undefined ? {} : { client: query.client }),
    ...(query.messageType === undefined ? {} : { action: query.messageType }),
    ...(query.msgId === undefined ? {} : { msgId: query.msgId }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    conditions: conditionsOf(query),
  };
}

/** Which lines of a block are wanted. */
export function lineFilter({ client, from, to, conditions }: Filter): LineFilter {
  const texts = conditions.flatMap(({ text }) => text ?? []);
  return {
    texts: client === undefined ? texts : [memberText('client', client), ...texts],
    holds: ({ time, message }) =>
      (client === undefined || message.client === client) &&
      (from === undefined || time >= from) &&
      (to === undefined || time < to) &&
      conditions.every((condition) => condition.holds(message)),
  };
}

/** A member of an envelope, as it is in its JSON. */
export const memberText = (name: string, value: string): string => `"${name}":${JSON.stringify(value)}`;

function conditionsOf({ messageType, direction, msgId, origin, errors, deviations, q }: FilterQuery): Condition[] {
  const conditions: Condition[] = [];
  if (messageType !== undefined) conditions.push(hasAction(messageType));
  if (direction !== undefined) {
    conditions.push({ kind: kindOfDirection(direction), holds: ({ body }) => body.direction === direction });
  }
  if (msgId !== undefined) {
    conditions.push({ text: memberText('msgId', msgId), holds: ({ body }) => body.msgId === msgId });
  }
  if (origin !== undefined) {
    const kind = origin === 'server' ? kinds.fromServer : kinds.fromClient;
    conditions.push({ kind, holds: (message) => message.origin === origin });
  }
  if (errors !== undefined) {
    const kind = errors ? kinds.error : kinds.noError;
    conditions.push({ kind, holds: (message) => isError(message) === errors });
  }
  if (deviations !== undefined) {
    const kind = deviations ? kinds.deviations : kinds.noDeviations;
    conditions.push({ kind, holds: (message) => (message.deviations !== undefined) === deviations });
  }
  if (q !== undefined) conditions.push(contains(q));
  return conditions;
}

function hasAction(action: string): Condition {
  return {
    isAction: true,
    text: memberText('messageType', action),
    holds: ({ body }) => body.messageType === action,
  };
}

/** Case of ASCII letters does not matter. The text is looked for in JSON, where quotes and the like are escaped. */
function contains(text: string): Condition {
  const escaped = JSON.stringify(text).slice(1, -1);
  const lower = lowerAscii(escaped);
  return {
    textAnyCase: escaped,
    holds: ({ body, answer, raw }) =>
      [body.messageBody, answer, raw].some(
        (part) => part !== undefined && lowerAscii(JSON.stringify(part)).includes(lower),
      ),
  };
}

const lowerAscii = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
