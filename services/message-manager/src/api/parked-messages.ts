import { BusError, parkedPosition } from '@ocpp-csms/bus';
import {
  type App,
  decodeCursor,
  encodeCursor,
  Problem,
  pageOf,
  pageQuery,
  problemResponses,
  Type,
} from '@ocpp-csms/http';
import type { ApiContext } from './api-context.ts';

const tags = ['parked messages'];

const parkedMessage = Type.Object(
  {
    id: Type.String(),
    topic: Type.String(),
    group: Type.String({ description: 'The service that refused it.' }),
    client: Type.String({ description: 'networkId' }),
    parkedAt: Type.String({ description: 'ISO 8601 UTC' }),
    attempts: Type.Integer(),
    reason: Type.String({ description: 'Why it was refused, in words.' }),
    content: Type.Unknown(),
  },
  { title: 'ParkedMessage' },
);

const params = Type.Object({ group: Type.String({ maxLength: 100 }), id: Type.String({ maxLength: 500 }) });
const done = { 204: Type.Null({ description: 'Done.' }) };

export function registerParkedMessages(app: App, context: ApiContext): void {
  registerList(app, context);
  registerDrive(app, context);
  registerDiscard(app, context);
}

function registerList(app: App, { bus }: ApiContext): void {
  const schema = {
    summary: 'Messages that a service could not handle and that wait for an operator',
    tags,
    querystring: pageQuery,
    response: { 200: pageOf(parkedMessage) },
  };
  app.get('/parked-messages', { config: { role: 'read-only' }, schema }, async ({ query: { limit, cursor } }) => {
    const after = cursor === undefined ? {} : { after: String(decodeCursor<unknown>(cursor)) };
    const items = await bus.parked.list({ limit, ...after });
    const last = items.length < limit ? undefined : items.at(-1);
    return { items, ...(last === undefined ? {} : { nextCursor: encodeCursor(parkedPosition(last)) }) };
  });
}

function registerDrive(app: App, { bus }: ApiContext): void {
  const schema = {
    summary: 'Hand a parked message to its service again',
    tags,
    params,
    response: { ...done, ...problemResponses(404, 409) },
  };
  app.post('/parked-messages/:group/:id/drive', { config: { role: 'operator' }, schema }, async ({ params }, reply) => {
    await explained(bus.parked.drive(params.group, params.id), params);
    return reply.code(204).send(null);
  });
}

function registerDiscard(app: App, { bus }: ApiContext): void {
  const schema = {
    summary: 'Give a parked message up; it stays in the log',
    tags,
    params,
    response: { ...done, ...problemResponses(404) },
  };
  app.delete('/parked-messages/:group/:id', { config: { role: 'admin' }, schema }, async ({ params }, reply) => {
    await explained(bus.parked.discard(params.group, params.id), params);
    return reply.code(204).send(null);
  });
}

async function explained(work: Promise<void>, { group, id }: { group: string; id: string }): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (error instanceof BusError && error.code === 'NotFound') {
      throw new Problem(404, 'parked-message-not-found', `No message ${id} is parked for ${group}.`);
    }
    if (error instanceof BusError || (error instanceof Error && 'transient' in error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem(409, 'refused-again', `${group} refused the message again, so it stays parked: ${reason}`);
  }
}
