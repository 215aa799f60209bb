import { type App, Problem, problemResponses, Type } from '@ocpp-csms/http';
import { requestSchema } from '@ocpp-csms/ocpp';
import { ocppVersion } from '../registry/charge-point-view.ts';
import { sendableActions } from './check-command.ts';

const tags = ['commands'];
const ofVersion = Type.Object({ version: ocppVersion });

/** GET /actions/{version}, and the schema of each: what a form for a command is made from. */
export async function actionsApi(app: App): Promise<void> {
  app.get(
    '/actions/:version',
    {
      schema: {
        tags,
        summary: 'The actions that can be sent to a charge point of a version',
        params: ofVersion,
        response: { 200: Type.Object({ actions: Type.Array(Type.String()) }), ...problemResponses(400) },
      },
    },
    async ({ params: { version } }) => ({ actions: sendableActions(version) }),
  );

  app.get(
    '/actions/:version/:action',
    {
      schema: {
        tags,
        summary: 'The JSON Schema of the request of an action',
        description: 'Complete in itself. What does not fit it is refused before it is sent.',
        params: Type.Object({ ...ofVersion.properties, action: Type.String({ maxLength: 100 }) }),
        response: { 200: Type.Object({ schema: Type.Unknown() }), ...problemResponses(400, 404) },
      },
    },
    async ({ params: { version, action } }) => {
      const schema = await requestSchema(version, action);
      if (schema !== undefined) return { schema };
      throw new Problem(
        404,
        'unknown-action',
        `${version} has no action ${action}. GET /device-manager/actions/${version} lists those that there are.`,
      );
    },
  );
}
