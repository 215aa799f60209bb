import { type App, problemResponses, Type } from '@ocpp-csms/http';
import type { ApiContext } from '../api-context.ts';
import { getChargePoint } from '../registry/charge-point-store.ts';
import { driftOf } from '../templates/drift.ts';
import { component, variable } from './setting-name.ts';

const nullableText = Type.Union([Type.String(), Type.Null()]);

const item = Type.Object(
  {
    key: Type.Optional(Type.String({ description: '1.6' })),
    component: Type.Optional(component),
    variable: Type.Optional(variable),
    attributeType: Type.Optional(Type.String()),
    value: nullableText,
    secret: Type.Optional(Type.Boolean({ description: 'Passwords and keys are neither stored nor shown.' })),
    readOnly: Type.Union([Type.Boolean(), Type.Null()]),
    mutability: Type.Optional(Type.String()),
    characteristics: Type.Optional(Type.Unknown()),
    source: Type.Union([Type.Enum(['read', 'written']), Type.Null()], {
      description:
        'read: as the charge point said. written: as we set it, and it accepted. null: never read; only wished for by a template.',
    }),
    at: nullableText,
    desired: Type.Optional(Type.String({ description: 'What the template wants.' })),
    drift: Type.Optional(Type.Boolean({ description: 'It is not as the template wants.' })),
    rebootRequired: Type.Optional(
      Type.Boolean({ description: 'It was set and is in effect after a reboot; it is not set again by itself.' }),
    ),
  },
  { title: 'ConfigurationItem' },
);

/** GET /charge-points/{id}/configuration, …/network-profiles */
export async function configurationApi(app: App, { read, configurationReader }: ApiContext): Promise<void> {
  app.get(
    '/charge-points/:id/configuration',
    {
      schema: {
        tags: ['charge points'],
        summary: 'Configuration keys (1.6) or variables (2.x) as last read',
        description:
          'With refresh=true the charge point is asked first. `desired` and `drift` compare with its template.',
        params: Type.Object({ id: Type.String() }),
        querystring: Type.Object({ refresh: Type.Boolean({ default: false }) }),
        response: {
          200: Type.Object({
            readAt: nullableText,
            templateId: nullableText,
            drift: Type.Boolean({ description: 'Something is not as the template wants.' }),
            items: Type.Array(item),
          }),
          ...problemResponses(404, 409, 504),
        },
      },
    },
    async (request) => {
      const row = await getChargePoint(read, request.params.id);
      if (request.query.refresh) await configurationReader.read(row.network_id, request.caller?.name ?? 'unknown');
      return driftOf(row, read);
    },
  );

  app.get(
    '/charge-points/:id/network-profiles',
    {
      schema: {
        tags: ['charge points'],
        summary: 'Network profiles that were set and accepted (2.x)',
        params: Type.Object({ id: Type.String() }),
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({ configurationSlot: Type.Integer(), connectionData: Type.Unknown(), setAt: Type.String() }),
            ),
          }),
          ...problemResponses(404),
        },
      },
    },
    async ({ params }) => {
      const { network_id } = await getChargePoint(read, params.id);
      const rows = await read
        .selectFrom('network_profile')
        .selectAll()
        .where('network_id', '=', network_id)
        .orderBy('slot')
        .execute();
      return {
        items: rows.map(({ slot, profile, set_at }) => ({
          configurationSlot: slot,
          connectionData: JSON.parse(profile),
          setAt: set_at,
        })),
      };
    },
  );
}
