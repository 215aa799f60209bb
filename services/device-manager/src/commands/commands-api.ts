import type { CommandStatus } from '@ocpp-csms/calls';
import {
  type App,
  decodeCursor,
  encodeCursor,
  isoTime,
  Problem,
  pageOf,
  pageQuery,
  parseTime,
  problemResponses,
  Type,
} from '@ocpp-csms/http';
import type { ApiContext } from '../api-context.ts';
import type { Reader } from '../context.ts';
import { getChargePoint } from '../registry/charge-point-store.ts';
import { ocppVersion } from '../registry/charge-point-view.ts';
import type { CommandTable } from '../schema.ts';
import { findCommand } from './command-store.ts';
import type { ExecuteRequest } from './commands.ts';
import { executeMany } from './many.ts';
import { answerOf, resultOf } from './result.ts';

const tags = ['commands'];
const longestQueueSeconds = 7 * 86_400;
const longestKey = 200;

const status = Type.Enum(['queued', 'sent', 'answered', 'rejected', 'timed-out', 'unknown', 'expired'], {
  description:
    'answered: a CALLRESULT. rejected: a CALLERROR, or refused before it was written. unknown: it may or may not have reached the charge point; it is never sent again.',
});
const error = Type.Object({ code: Type.String(), description: Type.String() });
const result = {
  commandId: Type.String(),
  messageId: Type.String({ description: 'The unique id of the CALL on the wire.' }),
  status,
  response: Type.Optional(Type.Unknown({ description: 'The payload of the CALLRESULT.' })),
  error: Type.Optional(error),
};
const commandResult = Type.Object(result, { title: 'CommandResult' });
const commandView = Type.Object(
  {
    ...result,
    chargePointId: Type.String(),
    networkId: Type.String(),
    action: Type.String(),
    protocol: ocppVersion,
    payload: Type.Unknown({ description: 'As it was sent, passwords left out.' }),
    requestedBy: Type.String(),
    requestedAt: Type.String(),
    sentAt: Type.Union([Type.String(), Type.Null()]),
    finishedAt: Type.Union([Type.String(), Type.Null()]),
    notAfter: Type.String(),
  },
  { title: 'Command' },
);

const options = {
  wait: Type.Boolean({ default: true, description: 'false: answer 202 at once.' }),
  queueForSeconds: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: longestQueueSeconds,
      description: 'While it is not connected: keep the command so long, and answer 202.',
    }),
  ),
};

/** POST /charge-points/{id}/commands/{action}, POST /commands, and what became of them. */
export async function commandsApi(app: App, { commands, read, connections }: ApiContext): Promise<void> {
  app.post(
    '/charge-points/:id/commands/:action',
    {
      schema: {
        tags,
        summary: 'Send a command',
        description:
          'The body is the OCPP payload of the action, in the version that the charge point speaks. Answers with what the charge point said. With an Idempotency-Key, a repeat gets the same command.',
        params: Type.Object({ id: Type.String(), action: Type.String({ maxLength: 100 }) }),
        querystring: Type.Object({
          ...options,
          version: Type.Optional(ocppVersion),
        }),
        headers: Type.Object({
          'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: longestKey })),
          traceparent: Type.Optional(Type.String({ description: 'W3C trace context.' })),
        }),
        body: Type.Optional(Type.Unknown()),
        response: { 200: commandResult, 202: commandResult, ...problemResponses(404, 409, 422, 503, 504) },
      },
    },
    async (request, reply) => {
      const { id, action } = request.params;
      const { version } = request.query;
      const outcome = await commands.execute({
        chargePoint: id,
        action,
        payload: request.body ?? {},
        requestedBy: request.caller?.name ?? 'unknown',
        ...timing(request.query),
        ...(version === undefined ? {} : { version }),
        ...keyOf(request.headers['idempotency-key']),
        traceparent: request.headers.traceparent,
      });
      const answer = answerOf(outcome);
      return reply.code(answer.status).send(answer.body);
    },
  );

  app.post(
    '/commands',
    {
      schema: {
        tags,
        summary: 'Send a command to many charge points',
        description: 'To those named, or to those that a filter finds (tag, q); at most 1,000. One result for each.',
        querystring: Type.Object(options),
        headers: Type.Object({
          'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: longestKey })),
          traceparent: Type.Optional(Type.String({ description: 'W3C trace context.' })),
        }),
        body: Type.Object(
          {
            chargePoints: Type.Optional(
              Type.Array(Type.String({ maxLength: 200 }), { minItems: 1, maxItems: 1000, uniqueItems: true }),
            ),
            filter: Type.Optional(
              Type.Object(
                {
                  tag: Type.Optional(Type.String({ maxLength: 100 })),
                  q: Type.Optional(Type.String({ maxLength: 200 })),
                },
                { additionalProperties: false, minProperties: 1 },
              ),
            ),
            action: Type.String({ maxLength: 100 }),
            payload: Type.Unknown(),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            results: Type.Array(
              Type.Object({
                chargePoint: Type.String({ description: 'As it was asked for.' }),
                commandId: Type.Optional(Type.String()),
                messageId: Type.Optional(Type.String()),
                status: Type.Union([status, Type.Literal('refused')], {
                  description: 'refused: no command was made; error says why.',
                }),
                response: Type.Optional(Type.Unknown()),
                error: Type.Optional(error),
              }),
            ),
          }),
        },
      },
    },
    async (request) => {
      const { chargePoints, filter, action, payload } = request.body;
      const common = {
        action,
        payload: payload ?? {},
        requestedBy: request.caller?.name ?? 'unknown',
        ...timing(request.query),
        ...keyOf(request.headers['idempotency-key']),
        traceparent: request.headers.traceparent,
      };
      const targets = { ...(chargePoints ? { chargePoints } : {}), ...(filter ? { filter } : {}) };
      return { results: await executeMany(targets, common, { commands, read, connections }) };
    },
  );

  app.get(
    '/charge-points/:id/commands',
    {
      schema: {
        tags,
        summary: 'The commands of a charge point, the latest first',
        params: Type.Object({ id: Type.String() }),
        querystring: Type.Object({
          status: Type.Optional(status),
          action: Type.Optional(Type.String()),
          ...pageQuery.properties,
        }),
        response: { 200: pageOf(commandView), ...problemResponses(404) },
      },
    },
    async ({ params, query: { status: only, ...query } }) => {
      const { network_id } = await getChargePoint(read, params.id);
      return listCommands(read, { ...query, networkId: network_id, ...(only === undefined ? {} : { status: [only] }) });
    },
  );

  app.get(
    '/commands',
    {
      schema: {
        tags,
        summary: 'The commands of all charge points, the latest first',
        querystring: Type.Object({
          status: Type.Optional(Type.Array(status, { maxItems: 7, description: 'One of these; may be repeated.' })),
          action: Type.Optional(Type.String()),
          from: Type.Optional(isoTime),
          ...pageQuery.properties,
        }),
        response: { 200: pageOf(commandView), ...problemResponses(400) },
      },
    },
    async ({ query: { from, ...query } }) =>
      listCommands(read, { ...query, ...(from === undefined ? {} : { from: parseTime(from, 'from').toISOString() }) }),
  );

  app.get(
    '/commands/:commandId',
    {
      schema: {
        tags,
        summary: 'What became of a command',
        params: Type.Object({ commandId: Type.String() }),
        response: { 200: commandView, ...problemResponses(404) },
      },
    },
    async ({ params }) => {
      const command = await findCommand(read, params.commandId);
      if (command) return viewOf(command);
      throw new Problem(
        404,
        'no-such-command',
        `There is no command ${params.commandId.slice(0, 60)}; finished ones are deleted after a while (deviceManager.commandRetentionDays).`,
      );
    },
  );
}

interface CommandFilter {
  networkId?: string;
  status?: readonly CommandStatus[];
  action?: string;
  /** Asked for at this time or later. */
  from?: string;
  limit: number;
  cursor?: string;
}

async function listCommands(read: Reader, { networkId, status, action, from, limit, cursor }: CommandFilter) {
  let select = read.selectFrom('command').selectAll();
  if (networkId !== undefined) select = select.where('network_id', '=', networkId);
  if (status !== undefined) select = select.where('status', 'in', status);
  if (action !== undefined) select = select.where('action', '=', action);
  if (from !== undefined) select = select.where('requested_at', '>=', from);
  if (cursor !== undefined) select = select.where('command_id', '<', String(decodeCursor(cursor)));
  const rows = await select
    .orderBy('command_id', 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(viewOf),
    ...(rows.length > limit && last ? { nextCursor: encodeCursor(last.command_id) } : {}),
  };
}

function timing({
  wait,
  queueForSeconds,
}: {
  wait: boolean;
  queueForSeconds?: number;
}): Pick<ExecuteRequest, 'waitMs' | 'queueForMs'> {
  return {
    ...(wait ? {} : { waitMs: 0 }),
    ...(queueForSeconds === undefined ? {} : { queueForMs: queueForSeconds * 1000 }),
  };
}

const keyOf = (idempotencyKey: string | undefined) => (idempotencyKey === undefined ? {} : { idempotencyKey });

function viewOf(command: CommandTable) {
  const { status, ...rest } = resultOf(command);
  return {
    ...rest,
    status: status as CommandStatus,
    chargePointId: command.charge_point_id,
    networkId: command.network_id,
    action: command.action,
    protocol: command.protocol as 'ocpp1.6' | 'ocpp2.0.1' | 'ocpp2.1',
    payload: JSON.parse(command.payload),
    requestedBy: command.requested_by,
    requestedAt: command.requested_at,
    sentAt: command.sent_at,
    finishedAt: command.finished_at,
    notAfter: command.not_after,
  };
}
