import { type App, problemResponses, Type } from '@ocpp-csms/http';
import type { ApiContext } from '../api-context.ts';
import { getChargePoint } from '../registry/charge-point-store.ts';

/** GET /charge-points/{id}/charging-profiles */
export async function chargingProfilesApi(app: App, { read }: ApiContext): Promise<void> {
  app.get(
    '/charge-points/:id/charging-profiles',
    {
      schema: {
        tags: ['charge points'],
        summary: 'Charging profiles as accepted or reported',
        params: Type.Object({ id: Type.String() }),
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object(
                {
                  chargingProfileId: Type.Integer(),
                  evseId: Type.Integer({ description: 'The connector in 1.6; 0: the whole charge point.' }),
                  purpose: Type.String(),
                  stackLevel: Type.Integer(),
                  profile: Type.Unknown(),
                  source: Type.Enum(['set', 'reported']),
                  at: Type.String(),
                },
                { title: 'InstalledChargingProfile' },
              ),
            ),
          }),
          ...problemResponses(404),
        },
      },
    },
    async ({ params }) => {
      const { network_id } = await getChargePoint(read, params.id);
      const rows = await read
        .selectFrom('charging_profile')
        .selectAll()
        .where('network_id', '=', network_id)
        .orderBy('evse_id')
        .orderBy('stack_level')
        .execute();
      return {
        items: rows.map((row) => ({
          chargingProfileId: row.profile_id,
          evseId: row.evse_id,
          purpose: row.purpose,
          stackLevel: row.stack_level,
          profile: JSON.parse(row.profile),
          source: row.source as 'set' | 'reported',
          at: row.at,
        })),
      };
    },
  );
}
