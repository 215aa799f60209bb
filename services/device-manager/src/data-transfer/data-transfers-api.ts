import { type App, decodeCursor, encodeCursor, pageOf, pageQuery, problemResponses, Type } from '@ocpp-csms/http';
import type { ApiContext } from '../api-context.ts';
import { getChargePoint } from '../registry/charge-point-store.ts';

const nullableText = Type.Union([Type.String(), Type.Null()]);

/** GET /charge-points/{id}/data-transfers */
export async function dataTransfersApi(app: App, { read }: ApiContext): Promise<void> {
  app.get(
    '/charge-points/:id/data-transfers',
    {
      schema: {
        tags: ['charge points'],
        summary: 'DataTransfer messages of a charge point, the latest first',
        description: 'They were answered UnknownVendorId: no vendor is known here.',
        params: Type.Object({ id: Type.String() }),
        querystring: pageQuery,
        response: {
          200: pageOf(
            Type.Object(
              {
                dataTransferId: Type.String(),
                vendorId: Type.String(),
                messageId: nullableText,
                data: nullableText,
                receivedAt: Type.String(),
              },
              { title: 'DataTransfer' },
            ),
          ),
          ...problemResponses(404),
        },
      },
    },
    async ({ params, query }) => {
      const { network_id } = await getChargePoint(read, params.id);
      let select = read.selectFrom('data_transfer').selectAll().where('network_id', '=', network_id);
      if (query.cursor !== undefined)
        select = select.where('data_transfer_id', '<', String(decodeCursor(query.cursor)));
      const rows = await select
        .orderBy('data_transfer_id', 'desc')
        .limit(query.limit + 1)
        .execute();
      const page = rows.slice(0, query.limit);
      const last = page.at(-1);
      return {
        items: page.map((row) => ({
          dataTransferId: row.data_transfer_id,
          vendorId: row.vendor_id,
          messageId: row.message_id,
          data: row.data,
          receivedAt: row.received_at,
        })),
        ...(rows.length > query.limit && last ? { nextCursor: encodeCursor(last.data_transfer_id) } : {}),
      };
    },
  );
}
