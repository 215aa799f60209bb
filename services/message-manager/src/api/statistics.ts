import { type App, Type } from '@ocpp-csms/http';
import { readStatistics } from '../statistics.ts';
import type { ApiContext } from './api-context.ts';

const timeOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

const statistics = Type.Object(
  {
    rows: Type.Integer({ description: 'Messages in the log, about.' }),
    oldest: timeOrNull('messageTime of the oldest message.'),
    newest: timeOrNull('messageTime of the newest message.'),
    bytes: Type.Integer({ description: 'Size of the files of the log.' }),
    usedBytes: Type.Integer({ description: 'Without the free pages, which are used again before the files grow.' }),
    parked: Type.Integer({ description: 'Messages that wait for an operator.' }),
  },
  { title: 'LogStatistics' },
);

export function registerStatistics(app: App, { database, bus }: ApiContext): void {
  const schema = { summary: 'How much is in the log', tags: ['messages'], response: { 200: statistics } };
  app.get('/statistics', { config: { role: 'read-only' }, schema }, async () => readStatistics(database, bus));
}
