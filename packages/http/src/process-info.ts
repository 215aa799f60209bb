import { hostname } from 'node:os';
import { maskSecrets, type Settings } from '@ocpp-csms/config';
import Type from 'typebox';
import type { ApiKeys } from './api-keys.ts';
import type { App } from './app.ts';
import type { RecentChanges } from './recent-changes.ts';

export interface ProcessInfoOptions {
  settings: Settings;
  version: string;
  keys: ApiKeys;
  changes: RecentChanges;
}

const info = Type.Object(
  {
    version: Type.String(),
    node: Type.String({ description: 'The name of this node, where it has one, else of the machine.' }),
    nodejs: Type.String(),
    startedAt: Type.String(),
    residentBytes: Type.Integer({ description: 'Memory of this process.' }),
    settings: Type.Unknown({ description: 'As they are in force, passwords and keys masked.' }),
    keys: Type.Array(Type.Object({ name: Type.String(), role: Type.String() }), {
      description: 'Who may use the API; never the keys themselves.',
    }),
    changes: Type.Array(
      Type.Object({
        at: Type.String(),
        caller: Type.Optional(Type.String()),
        address: Type.String(),
        method: Type.String(),
        path: Type.String(),
        status: Type.Integer(),
      }),
      {
        description:
          'Who changed what over the API of this process, also before its last start, the newest first, 500 at most. All are in `changes` of the data folder.',
      },
    ),
  },
  { title: 'ProcessInfo' },
);

/** `/process`: what this process is, with which settings, and who did what. */
export function installProcessInfo(app: App, { settings, version, keys, changes }: ProcessInfoOptions): void {
  app.get(
    '/process',
    {
      config: { role: 'admin' },
      schema: {
        tags: ['operation'],
        summary: 'This process: its settings without secrets, who may use it, and who changed what',
        response: { 200: info },
      },
    },
    async () => ({
      version,
      node: settings.node.name || hostname(),
      nodejs: process.version,
      startedAt: new Date(performance.timeOrigin).toISOString(),
      residentBytes: process.memoryUsage.rss(),
      settings: maskSecrets(settings),
      keys: keys.known.map(({ caller: { name, role } }) => ({ name, role })),
      changes: changes.newestFirst(),
    }),
  );
}
