import type { LogLevels } from '@ocpp-csms/runtime';
import Type from 'typebox';
import type { App } from './app.ts';
import { Problem } from './problem.ts';

const levelNames = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const levelsSchema = Type.Record(Type.String(), Type.Enum([...levelNames]), {
  description: 'The level of each part; `all` is that of everything without one.',
});

/** `/log-levels`: how much this process logs, changed until its next start. */
export function installLogLevels(app: App, levels: LogLevels): void {
  const tags = ['operation'];
  app.get(
    '/log-levels',
    {
      config: { role: 'read-only' },
      schema: { tags, summary: 'How much this process logs, of each part', response: { 200: levelsSchema } },
    },
    async () => levels.read() as Record<string, (typeof levelNames)[number]>,
  );
  app.put(
    '/log-levels',
    {
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'Changes how much this process logs, until its next start',
        body: levelsSchema,
        response: { 200: levelsSchema },
      },
    },
    async ({ body }) => {
      const known = levels.read();
      const unknown = Object.keys(body).filter((part) => !(part in known));
      if (unknown.length > 0) {
        throw new Problem(
          400,
          'unknown-part',
          `There is no part ${unknown.join(', ')}. There are: ${Object.keys(known).join(', ')}.`,
        );
      }
      for (const [part, level] of Object.entries(body)) levels.set(part, level);
      return levels.read() as Record<string, (typeof levelNames)[number]>;
    },
  );
}
