import { isoTime, Problem, parseTime, type Static, Type } from '@ocpp-csms/http';
import { type RawBuilder, sql } from 'kysely';

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
  /** Milliseconds since 1970, inclusive. */
  from?: number;
  /** Milliseconds since 1970, exclusive. */
  to?: number;
  /** Everything else, over the table `messages` with the alias `m`. */
  conditions: readonly RawBuilder<unknown>[];
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
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    conditions: conditionsOf(query),
  };
}

function conditionsOf({ messageType, direction, msgId, origin, errors, deviations, q }: FilterQuery) {
  const conditions: RawBuilder<unknown>[] = [];
  if (messageType !== undefined) conditions.push(sql`m.action = ${messageType}`);
  if (direction !== undefined) conditions.push(sql`m.direction = ${direction}`);
  if (msgId !== undefined) conditions.push(sql`m.msg_id = ${msgId}`);
  if (origin !== undefined) conditions.push(sql`m.origin = ${origin}`);
  if (errors !== undefined) conditions.push(errors ? isError : sql`NOT ${isError}`);
  if (deviations !== undefined) {
    conditions.push(deviations ? sql`m.deviations IS NOT NULL` : sql`m.deviations IS NULL`);
  }
  if (q !== undefined) conditions.push(contains(q));
  return conditions;
}

const isError = sql`(m.direction IN (0, 4, 5) OR m.dropped IS NOT NULL OR coalesce(m.answer ->> 'direction', 3) = 4)`;

/** Case of ASCII letters does not matter. Payloads are JSON text, where quotes and the like are escaped. */
function contains(text: string): RawBuilder<unknown> {
  const plain = likePattern(text);
  const json = likePattern(JSON.stringify(text).slice(1, -1));
  return sql`(m.body LIKE ${json} ESCAPE '\\' OR m.answer LIKE ${json} ESCAPE '\\' OR m.raw LIKE ${plain} ESCAPE '\\')`;
}

const likePattern = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
