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
import type { ApiContext } from './api-context.ts';
import { messageSchema, textOf } from './message-schema.ts';

const tags = ['messages'];
const orderQuery = (standard: 'asc' | 'desc') =>
  Type.Enum(['asc', 'desc'], {
    type: 'string',
    default: standard,
    description: 'asc: the oldest first; desc: the newest first.',
  });

const listQuery = Type.Object({ ...filterQuery.properties, ...pageQuery.properties, order: orderQuery('desc') });
const exportQuery = Type.Object({ ...filterQuery.properties, order: orderQuery('asc') });

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
    const { limit, order, cursor } = query;
    const after = cursor === undefined ? {} : { after: decodeCursor<unknown>(cursor) };
    try {
      return pageBody(await store.search({ filter: parseFilter(query), order, limit, ...after }));
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
    const lines = store.export(parseFilter(query), query.order);
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
