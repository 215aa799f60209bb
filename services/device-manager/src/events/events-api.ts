import { type App, eventStream, Problem, Type } from '@ocpp-csms/http';
import type { ApiContext } from '../api-context.ts';
import { maxEventReaders } from './event-readers.ts';

/** docs/bus.md says what each of them carries. */
const eventNames = [
  'ChargePointConnected',
  'ChargePointDisconnected',
  'ConnectionRefused',
  'ChargePointDeaf',
  'CallUnanswered',
  'StatusChanged',
  'RegistrationChanged',
  'CommandFinished',
  'TransactionStarted',
  'TransactionEnded',
  'IdTokenRefused',
  'ReservationChanged',
];

/** GET /events */
export async function eventsApi(app: App, { eventReaders }: ApiContext): Promise<void> {
  app.get(
    '/events',
    {
      schema: {
        tags: ['events'],
        summary: 'What happens, as server-sent events; with Last-Event-ID, what was missed first',
        description: `Events: ${eventNames.join(', ')}, each with \`{ id, client, messageTime, event, data }\` (docs/bus.md), and \`gap\`: what was missed is not remembered any more, ask the lists.`,
        querystring: Type.Object({
          client: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'networkId, exactly.' })),
          events: Type.Optional(
            Type.String({
              maxLength: 500,
              description: 'Only these, with commas, such as StatusChanged,CommandFinished.',
            }),
          ),
        }),
        response: {
          200: {
            description: 'Events until one of both sides closes.',
            content: { 'text/event-stream': { schema: Type.String() } },
          },
        },
      },
    },
    async (request, reply) => {
      const { client, events } = request.query;
      const filter = {
        ...(client === undefined ? {} : { client }),
        ...(events === undefined ? {} : { events: namesIn(events) }),
      };
      if (eventReaders.isFull()) {
        throw new Problem(503, 'too-many-readers', `${maxEventReaders} readers follow the events already. Close one.`, {
          retryAfterSeconds: 30,
        });
      }
      const lastEventId = request.headers['last-event-id'];
      eventReaders.serve(
        eventStream(request, reply),
        filter,
        typeof lastEventId === 'string' ? lastEventId : undefined,
      );
      return reply;
    },
  );
}

function namesIn(text: string): ReadonlySet<string> {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !eventNames.includes(name));
  if (unknown.length === 0) return new Set(names);
  throw new Problem(
    400,
    'invalid-request',
    `There is no event ${unknown.join(', ')}. There are: ${eventNames.join(', ')}.`,
    {
      errors: [{ path: 'query.events', message: 'names an event that there is not' }],
    },
  );
}
