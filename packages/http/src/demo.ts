import Type from 'typebox';
import type { App } from './app.ts';
import { Problem, problemResponses } from './problem.ts';
import { isFromThisMachine } from './sign-in/login-codes.ts';

/** A demo system beside this one, with data of its own. */
export interface DemoBeside {
  /** Starts it, unless it runs. Resolves with the link that signs in to it once; rejects, in words, when it does not start. */
  open(): Promise<string>;
}

const tags = ['operation'];

/** `/demo`: for the first run, when nobody has a charger at hand. */
export function installDemo(app: App, demo: DemoBeside | undefined): void {
  app.get(
    '/demo',
    {
      config: { role: 'read-only' },
      schema: {
        tags,
        summary: 'Whether a demo can be started from here',
        response: {
          200: Type.Object({
            offered: Type.Boolean({
              description: 'true: all services are in this process, and who asks is on the same machine.',
            }),
          }),
        },
      },
    },
    async (request) => ({ offered: demo !== undefined && isFromThisMachine(request) }),
  );
  app.post(
    '/demo',
    {
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'Start a demo system beside this one',
        description:
          'With a simulated fleet and data of its own, for this machine only. It ends with this process. Where it runs already, another link to it is made.',
        response: {
          200: Type.Object(
            { url: Type.String({ description: 'Signs in to its console: once, within 15 minutes.' }) },
            { title: 'Demo' },
          ),
          ...problemResponses(409),
        },
      },
    },
    async (request) => {
      if (demo === undefined || !isFromThisMachine(request))
        throw new Problem(
          409,
          'demo-not-offered',
          'A demo is for the machine that it runs on. There, in a terminal: npm start -- --demo',
        );
      return { url: await demo.open() };
    },
  );
}
