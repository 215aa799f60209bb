import { Readable } from 'node:stream';
import {
  type App,
  decodeCursor,
  encodeCursor,
  isoTime,
  Problem,
  pageOf,
  pageQuery,
  problemResponses,
  Type,
} from '@ocpp-csms/http';
import { filterQuery, parseFilter } from '../filter.ts';
import { InvalidCursor, type Page } from '../log-store.ts';
import { timeText } from '../message.ts';
import { onlySlow, parseSlowFilter, searchSlow } from '../slow-messages.ts';
import type { ApiContext } from './api-context.ts';
import { messageSchema, textOf } from './message-schema.ts';

const tags = ['messages'];
const orderQuery = (standard: 'asc' | 'desc') =>
  Type.Enum(['asc', 'desc'], {
    type: 'string',
    default: standard,
    description: 'asc: the oldest first; desc: the newest first.',
  });

const minLatencyMs = Type.Optional(
  Type.Integer({
    minimum: 0,
    maximum: 86_400_000,
    description:
      'Only CALLs whose answer took at least so long. No store has an index of it: each CALL of the other filters is looked at, so give a time or a client where you can.',
  }),
);
const logQuery = { ...filterQuery.properties, minLatencyMs };
const listQuery = Type.Object({ ...logQuery, ...pageQuery.properties, order: orderQuery('desc') });
const exportQuery = Type.Object({ ...logQuery, order: orderQuery('asc') });

const page = Type.Object({
  ...pageOf(messageSchema).properties,
  scannedTo: Type.Optional({
    ...isoTime,
    description:
      'Set when the search looked through its share without filling the page: it got as far as this time. Go on with nextCursor.',
  }),
});

export function registerMessages(app: App, context: ApiContext): void {
  registerList(app, context);
  registerExport(app, context);
  registerOne(app, context);
}

function registerList(app: App, { store }: ApiContext): void {
  const schema = {
    summary: 'Messages to and from charge points, each CALL with its answer',
    tags,
    querystring: listQuery,
    response: { 200: page },
  };
  app.get('/messages', { config: { role: 'read-only' }, schema }, async ({ query }) => {
    const { limit, order, cursor, minLatencyMs } = query;
    const after = cursor === undefined ? {} : { after: decodeCursor<unknown>(cursor) };
    try {
      if (minLatencyMs === undefined)
        return pageBody(await store.search({ filter: parseFilter(query), order, limit, ...after }));
      return pageBody(
        await searchSlow(store, { filter: parseSlowFilter(query), order, limit, ...after, minLatencyMs }),
      );
    } catch (error) {
      throw error instanceof InvalidCursor ? invalidCursor() : error;
    }
  });
}

function pageBody({ items, next, scannedTo }: Page) {
  return {
    items,
    ...(next === undefined ? {} : { nextCursor: encodeCursor(next) }),
    ...(scannedTo === undefined ? {} : { scannedTo: timeText(scannedTo) }),
  };
}

const invalidCursor = (): Problem =>
  new Problem(400, 'invalid-cursor', 'The cursor is not one that this list gave. Begin again without it.', {
    errors: [{ path: 'query.cursor', message: 'is not a cursor of this list' }],
  });

function registerExport(app: App, { store }: ApiContext): void {
  const schema = {
    summary: 'All messages of the filter as JSON Lines, as they were when the export began',
    tags,
    querystring: exportQuery,
    response: { 200: textOf('application/x-ndjson', 'A message in each line, as in the list.') },
  };
  app.get('/messages/export', { config: { role: 'read-only' }, schema }, async ({ query }, reply) => {
    const { order, minLatencyMs } = query;
    const lines =
      minLatencyMs === undefined
        ? store.export(parseFilter(query), order)
        : onlySlow(store.export(parseSlowFilter(query), order), minLatencyMs);
    reply.header('content-disposition', 'attachment; filename="messages.ndjson"');
    return reply.type('application/x-ndjson').send(Readable.from(lines, { objectMode: false }));
  });
}

function registerOne(app: App, { store }: ApiContext): void {
  const schema = {
    summary: 'One message',
    tags,
    params: Type.Object({ id: Type.String({ maxLength: 500, description: 'The id of the envelope.' }) }),
    response: { 200: messageSchema, ...problemResponses(404) },
  };
  app.get('/messages/:id', { config: { role: 'read-only' }, schema }, async ({ params }) => {
    const message = await store.find(params.id);
    if (message === undefined)
      throw new Problem(404, 'message-not-found', `There is no message ${params.id} in the log.`);
    return message;
  });
}
