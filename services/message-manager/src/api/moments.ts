import { type App, isoTime, Problem, parseTime, problemResponses, Type } from '@ocpp-csms/http';
import { lookBack } from '../moment/look-back.ts';
import type { ApiContext } from './api-context.ts';

const time = Type.String({ description: 'ISO 8601 UTC with milliseconds.' });
const timeOrNull = Type.Union([time, Type.Null()]);
const messageId = Type.String({ description: 'The id of the message that says so.' });

const boot = Type.Object({
  at: time,
  messageId,
  vendor: Type.Optional(Type.String()),
  model: Type.Optional(Type.String()),
  firmwareVersion: Type.Optional(Type.String()),
  registration: Type.Optional(Type.String({ description: 'What it was answered.' })),
});

const connector = Type.Object({
  evseId: Type.Optional(Type.Number()),
  connectorId: Type.Number({ description: 'In 1.6, 0 is the charge point as a whole.' }),
  status: Type.String(),
  errorCode: Type.Optional(Type.String({ description: 'Absent: NoError.' })),
  since: time,
  messageId,
});

const transaction = Type.Object({
  transactionId: Type.String({ description: 'As OCPP has it.' }),
  evseId: Type.Optional(Type.Number()),
  connectorId: Type.Optional(Type.Number()),
  idToken: Type.Optional(Type.String()),
  startedAt: time,
  chargingState: Type.Optional(Type.String()),
  messageId,
});

const moment = Type.Object(
  {
    lastHeardAt: timeOrNull,
    lastHeartbeatAt: timeOrNull,
    lastBoot: Type.Union([boot, Type.Null()]),
    connectors: Type.Array(connector),
    transactions: Type.Array(transaction, { description: 'Those that had begun and not ended.' }),
    lookedBackTo: Type.Optional({
      ...time,
      description: 'Set when not all of the log was looked at: what was said before this time may be missing.',
    }),
  },
  { title: 'Moment' },
);

export function registerMoments(app: App, { store }: ApiContext): void {
  const schema = {
    summary: 'How a charge point was at a time, by what it had said until then',
    description:
      'From the log alone, so also for a charge point that is no longer registered. Of each kind of message the newest 500 before that time are looked at.',
    tags: ['messages'],
    params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 500, description: 'networkId' }) }),
    querystring: Type.Object({ at: isoTime }),
    response: { 200: moment, ...problemResponses(404) },
  };
  app.get('/charge-points/:id/moment', { config: { role: 'read-only' }, schema }, async ({ params, query }) => {
    const found = await lookBack(store, params.id, parseTime(query.at, 'query.at').getTime());
    if (found.lastHeardAt === null && found.lookedBackTo === undefined)
      throw new Problem(404, 'nothing-heard', `Until then, the log has nothing that ${params.id} said.`);
    return found;
  });
}
