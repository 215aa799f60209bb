import { type App, decodeCursor, encodeCursor, pageOf, pageQuery, problemResponses, Type } from '@ocpp-csms/http';
import type { ApiContext } from '../api-context.ts';
import { getChargePoint } from '../registry/charge-point-store.ts';

const nullableText = Type.Union([Type.String(), Type.Null()]);

/** GET /charge-points/{id}/boots */
export async function bootsApi(app: App, { read }: ApiContext): Promise<void> {
  app.get(
    '/charge-points/:id/boots',
    {
      schema: {
        tags: ['charge points'],
        summary: 'Boots, the latest first',
        params: Type.Object({ id: Type.String() }),
        querystring: pageQuery,
        response: {
          200: pageOf(
            Type.Object(
              {
                bootId: Type.String({ description: 'The id of the BootNotification in the message log.' }),
                at: Type.String(),
                protocol: Type.String(),
                vendor: nullableText,
                model: nullableText,
                serialNumber: nullableText,
                firmwareVersion: nullableText,
                reason: nullableText,
                iccid: nullableText,
                imsi: nullableText,
                answered: nullableText,
                expected: Type.Boolean({ description: 'It follows a Reset that was accepted.' }),
              },
              { title: 'Boot' },
            ),
          ),
          ...problemResponses(404),
        },
      },
    },
    async ({ params, query }) => {
      const { network_id } = await getChargePoint(read, params.id);
      let select = read.selectFrom('boot').selectAll().where('network_id', '=', network_id);
      if (query.cursor !== undefined) select = select.where('boot_id', '<', String(decodeCursor(query.cursor)));
      const rows = await select
        .orderBy('boot_id', 'desc')
        .limit(query.limit + 1)
        .execute();
      const page = rows.slice(0, query.limit);
      const last = page.at(-1);
      return {
        items: page.map((row) => ({
          bootId: row.boot_id,
          at: row.at,
          protocol: row.protocol,
          vendor: row.vendor,
          model: row.model,
          serialNumber: row.serial_number,
          firmwareVersion: row.firmware_version,
          reason: row.reason,
          iccid: row.iccid,
          imsi: row.imsi,
          answered: row.answered,
          expected: row.expected === 1,
        })),
        ...(rows.length > query.limit && last ? { nextCursor: encodeCursor(last.boot_id) } : {}),
      };
    },
  );
}
