import { type App, decodeCursor, encodeCursor, pageOf, pageQuery, problemResponses, Type } from '@ocpp-csms/http';
import type { ApiContext } from '../api-context.ts';
import { getChargePoint } from '../registry/charge-point-store.ts';

const tags = ['security'];
const byId = Type.Object({ id: Type.String() });

/** GET /charge-points/{id}/security-events, …/certificates */
export async function securityApi(app: App, { read }: ApiContext): Promise<void> {
  app.get(
    '/charge-points/:id/security-events',
    {
      schema: {
        tags,
        summary: 'Security events of a charge point, the latest first',
        params: byId,
        querystring: pageQuery,
        response: {
          200: pageOf(
            Type.Object(
              {
                securityEventId: Type.String(),
                type: Type.String(),
                techInfo: Type.Union([Type.String(), Type.Null()]),
                occurredAt: Type.String({ description: 'As the charge point wrote it.' }),
                receivedAt: Type.String(),
              },
              { title: 'SecurityEvent' },
            ),
          ),
          ...problemResponses(404),
        },
      },
    },
    async ({ params, query }) => {
      const { network_id } = await getChargePoint(read, params.id);
      let select = read.selectFrom('security_event').selectAll().where('network_id', '=', network_id);
      if (query.cursor !== undefined)
        select = select.where('security_event_id', '<', String(decodeCursor(query.cursor)));
      const rows = await select
        .orderBy('security_event_id', 'desc')
        .limit(query.limit + 1)
        .execute();
      const page = rows.slice(0, query.limit);
      const last = page.at(-1);
      return {
        items: page.map((row) => ({
          securityEventId: row.security_event_id,
          type: row.type,
          techInfo: row.tech_info,
          occurredAt: row.occurred_at,
          receivedAt: row.received_at,
        })),
        ...(rows.length > query.limit && last ? { nextCursor: encodeCursor(last.security_event_id) } : {}),
      };
    },
  );

  app.get(
    '/charge-points/:id/certificates',
    {
      schema: {
        tags,
        summary: 'Certificates in a charge point, as far as known',
        description: 'From the answers to GetInstalledCertificateIds, InstallCertificate and DeleteCertificate.',
        params: byId,
        response: {
          200: Type.Object({
            items: Type.Array(
              Type.Object(
                {
                  certificateType: Type.String(),
                  certificateHashData: Type.Optional(Type.Unknown()),
                  source: Type.Enum(['reported', 'installed'], {
                    description: 'installed: by us, and not reported by the charge point since.',
                  }),
                  at: Type.String(),
                },
                { title: 'InstalledCertificate' },
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
        .selectFrom('certificate')
        .selectAll()
        .where('network_id', '=', network_id)
        .orderBy('type')
        .orderBy('certificate_key')
        .execute();
      return {
        items: rows.map((row) => ({
          certificateType: row.type,
          ...(row.hash_data === null ? {} : { certificateHashData: JSON.parse(row.hash_data) }),
          source: row.source as 'reported' | 'installed',
          at: row.at,
        })),
      };
    },
  );
}
