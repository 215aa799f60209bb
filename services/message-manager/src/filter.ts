import { isoTime, Problem, parseTime, type Static, Type } from '@ocpp-csms/http';
import { type RawBuilder, sql } from 'kysely';
import type { LineFilter } from './block-lines.ts';
import { isError, type LogLine } from './message.ts';
import { kindOfDirection, kinds } from './schema.ts';

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
  /** Part of the line, as it is in JSON. */
  text?: string;
  /** Over what is known of a block, with the alias `b`, without its content. */
  block?: RawBuilder<unknown>;
  /** Over `b.content`, where `text` is not enough. */
  content?: RawBuilder<unknown>;
  isAction?: true;
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

/** What a block must have, without its content: over `blocks b`. */
export function blockConditions({ conditions }: Filter): RawBuilder<unknown>[] {
  return conditions.flatMap(({ block }) => block ?? []);
}

/**
 * What the content of a block must have: over `blocks b`. That it has the client, the msgId or, where neither is given,
 * the action is known from how the block was found, and looking for it again would take as long as looking for the rest.
 */
export function contentConditions({ client, msgId, conditions }: Filter): RawBuilder<unknown>[] {
  const isFoundByAction = client === undefined && msgId === undefined;
  return conditions.flatMap(({ text, content, isAction }) => {
    if (content !== undefined) return content;
    if (text === undefined || msgId !== undefined || (isAction && isFoundByAction)) return [];
    return contentHas(text);
  });
}

/** A member of an envelope, as it is in its JSON. */
export const memberText = (name: string, value: string): string => `"${name}":${JSON.stringify(value)}`;

function conditionsOf({ messageType, direction, msgId, origin, errors, deviations, q }: FilterQuery): Condition[] {
  const conditions: Condition[] = [];
  if (messageType !== undefined) conditions.push(hasAction(messageType));
  if (direction !== undefined) {
    conditions.push({ block: hasKind(kindOfDirection(direction)), holds: ({ body }) => body.direction === direction });
  }
  if (msgId !== undefined) {
    conditions.push({ text: memberText('msgId', msgId), holds: ({ body }) => body.msgId === msgId });
  }
  if (origin !== undefined) {
    const kind = origin === 'server' ? kinds.fromServer : kinds.fromClient;
    conditions.push({ block: hasKind(kind), holds: (message) => message.origin === origin });
  }
  if (errors !== undefined) {
    const kind = errors ? kinds.error : kinds.noError;
    conditions.push({ block: hasKind(kind), holds: (message) => isError(message) === errors });
  }
  if (deviations !== undefined) {
    const kind = deviations ? kinds.deviations : kinds.noDeviations;
    conditions.push({ block: hasKind(kind), holds: (message) => (message.deviations !== undefined) === deviations });
  }
  if (q !== undefined) conditions.push(contains(q));
  return conditions;
}

const hasKind = (kind: number): RawBuilder<unknown> => sql`b.kinds & ${kind} > 0`;

function hasAction(action: string): Condition {
  return {
    isAction: true,
    text: memberText('messageType', action),
    block: sql`(b.actions IS NULL OR instr(b.actions, ${JSON.stringify(action)}) > 0)`,
    holds: ({ body }) => body.messageType === action,
  };
}

/** Case of ASCII letters does not matter. The text is looked for in JSON, where quotes and the like are escaped. */
function contains(text: string): Condition {
  const escaped = JSON.stringify(text).slice(1, -1);
  const lower = lowerAscii(escaped);
  return {
    content: contentHas(escaped),
    holds: ({ body, answer, raw }) =>
      [body.messageBody, answer, raw].some(
        (part) => part !== undefined && lowerAscii(JSON.stringify(part)).includes(lower),
      ),
  };
}

/**
 * A block that has not is not read. SQLite's LIKE goes from one first character of the pattern to the next, whatever its
 * case, so that it is some times as fast as `instr` where that one is rare: what comes before it is left out.
 */
function contentHas(text: string): RawBuilder<unknown> {
  return sql`b.content LIKE ${likePattern(fromRarest(text))} ESCAPE '\\'`;
}

/** Of the characters of the log, the most frequent first. */
const frequent = '":eti,a1nsorc2dm0-536pg.}{lub478 9vyhzfwq][xk';
/** What is left has to say enough. */
const leastLeft = 4;

function fromRarest(text: string): string {
  let [start, rarest] = [0, -1];
  for (let index = 0; index <= text.length - leastLeft; index++) {
    const rank = frequent.indexOf(text.charAt(index).toLowerCase());
    const rarity = rank === -1 ? frequent.length : rank;
    if (rarity > rarest) [start, rarest] = [index, rarity];
  }
  return text.slice(start);
}

const lowerAscii = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

const likePattern = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
