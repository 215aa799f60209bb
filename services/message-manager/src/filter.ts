import { isoTime, Problem, parseTime, type Static, Type } from '@ocpp-csms/http';
import { type RawBuilder, sql } from 'kysely';
import { marks } from './schema.ts';

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
  if (msgId !== undefined) conditions.push(sql`m.content ->> '$.body.msgId' = ${msgId}`);
  if (origin !== undefined) conditions.push(marked('fromServer', origin === 'server'));
  if (errors !== undefined) conditions.push(marked('error', errors));
  if (deviations !== undefined) conditions.push(marked('deviations', deviations));
  if (q !== undefined) conditions.push(contains(q));
  return conditions;
}

function marked(name: keyof typeof marks, is: boolean): RawBuilder<unknown> {
  const mark = sql.lit(marks[name]);
  return sql`m.marks & ${mark} = ${is ? mark : sql.lit(0)}`;
}

/** Case of ASCII letters does not matter. The text is looked for in JSON, where quotes and the like are escaped. */
function contains(text: string): RawBuilder<unknown> {
  const pattern = likePattern(JSON.stringify(text).slice(1, -1));
  const parts = ['$.body.messageBody', '$.answer', '$.raw'].map(
    (path) => sql`m.content -> ${sql.lit(path)} LIKE ${pattern} ESCAPE '\\'`,
  );
  // The whole first: it need not be taken apart.
  return sql`(m.content LIKE ${pattern} ESCAPE '\\' AND (${sql.join(parts, sql` OR `)}))`;
}

const likePattern = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
