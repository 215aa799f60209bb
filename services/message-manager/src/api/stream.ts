import { type App, eventStream, Problem } from '@ocpp-csms/http';
import { filterQuery, parseFilter } from '../filter.ts';
import { maxLiveReaders } from '../live-readers.ts';
import type { ApiContext } from './api-context.ts';
import { textOf } from './message-schema.ts';

/** More than the largest message: what does not fit at once waits in the log, not in memory. */
const maxBufferedBytes = 128 * 1024 * 1024;

const schema = {
  summary: 'Messages as they are logged, as server-sent events; with Last-Event-ID, what was missed first',
  description:
    'Events: `message` (as in the list; its id is the id of the message; an answer that is not there yet comes as a message of its own, with `answerTo`) and `gap` (`{ skipped }`: the reader was too far behind).',
  tags: ['messages'],
  querystring: filterQuery,
  response: { 200: textOf('text/event-stream', 'Events until one of both sides closes.') },
};

export function registerStream(app: App, { store, readers }: ApiContext): void {
  app.get('/messages/stream', { config: { role: 'read-only' }, schema }, async (request, reply) => {
    const filter = parseFilter(request.query);
    if (readers.isFull()) {
      throw new Problem(503, 'too-many-readers', `${maxLiveReaders} readers follow the messages already. Close one.`, {
        retryAfterSeconds: 30,
      });
    }
    const lastEventId = request.headers['last-event-id'];
    const seen = typeof lastEventId === 'string' ? await store.placeOf(lastEventId) : undefined;
    const place = seen ?? (await store.newest());
    readers.serve({ stream: eventStream(request, reply, { maxBufferedBytes }), raw: reply.raw, filter, place });
    return reply;
  });
}
