import { type App, Type } from '@ocpp-csms/http';
import type { ApiContext } from './api-context.ts';

const unknown = 'Null: this store cannot say.';
const numberOrNull = (description: string) =>
  Type.Union([Type.Integer(), Type.Null()], { description: `${description} ${unknown}` });
const timeOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

const statistics = Type.Object(
  {
    rows: numberOrNull('Messages in the log, about.'),
    oldest: timeOrNull('messageTime of the oldest message; null when there is none.'),
    newest: timeOrNull('messageTime of the newest message; null when there is none.'),
    bytes: numberOrNull('Size of the log where it is kept.'),
    usedBytes: numberOrNull('Without the free pages, which are used again before the log grows.'),
    parked: Type.Integer({ description: 'Messages that wait for an operator.' }),
  },
  { title: 'LogStatistics' },
);

export function registerStatistics(app: App, { store, bus }: ApiContext): void {
  const schema = { summary: 'How much is in the log', tags: ['messages'], response: { 200: statistics } };
  app.get('/statistics', { config: { role: 'read-only' }, schema }, async () => {
    const [stored, parked] = await Promise.all([store.statistics(), bus.parked.count()]);
    return { ...stored, parked };
  });
}
