import { type App, problemResponses, Type } from '@ocpp-csms/http';
import type { ApiContext } from '../api-context.ts';
import { getChargePoint } from '../registry/charge-point-store.ts';
import type { AvailabilityWishTable, ConnectorTable } from '../schema.ts';

const wish = Type.Object({
  operative: Type.Boolean(),
  answer: Type.Enum(['Accepted', 'Scheduled'], { description: 'Scheduled: when the transaction has ended.' }),
  at: Type.String(),
});
const state = {
  status: Type.String(),
  errorCode: Type.Optional(Type.String()),
  info: Type.Optional(Type.String()),
  vendorId: Type.Optional(Type.String()),
  vendorErrorCode: Type.Optional(Type.String()),
  statusAt: Type.String({ description: 'When it became so, as far as the clock of the charge point can be believed.' }),
  receivedAt: Type.String(),
  availability: Type.Optional(wish),
};

/** GET /charge-points/{id}/connectors */
export async function connectorsApi(app: App, { read }: ApiContext): Promise<void> {
  app.get(
    '/charge-points/:id/connectors',
    {
      schema: {
        tags: ['charge points'],
        summary: 'Connectors and EVSEs with their status',
        description:
          'In 1.6, connector 0 is the charge point itself and is shown as such. `availability` is what was last set by ChangeAvailability.',
        params: Type.Object({ id: Type.String() }),
        response: {
          200: Type.Object({
            chargePoint: Type.Optional(Type.Object(state)),
            availability: Type.Optional(wish),
            items: Type.Array(
              Type.Object(
                { evseId: Type.Optional(Type.Integer()), connectorId: Type.Integer(), ...state },
                { title: 'Connector' },
              ),
            ),
          }),
          ...problemResponses(404),
        },
      },
    },
    async ({ params }) => {
      const { network_id } = await getChargePoint(read, params.id);
      const [connectors, wishes] = await Promise.all([
        read
          .selectFrom('connector')
          .selectAll()
          .where('network_id', '=', network_id)
          .orderBy('evse_id')
          .orderBy('connector_id')
          .execute(),
        read.selectFrom('availability_wish').selectAll().where('network_id', '=', network_id).execute(),
      ]);
      const whole = connectors.find(({ evse_id, connector_id }) => evse_id === 0 && connector_id === 0);
      const wholeWish = wishes.find(({ evse_id, connector_id }) => evse_id === 0 && connector_id === 0);
      return {
        ...(whole ? { chargePoint: stateOf(whole, wholeWish) } : {}),
        ...(wholeWish ? { availability: wishOf(wholeWish) } : {}),
        items: connectors
          .filter((row) => row !== whole)
          .map((row) => ({
            ...(row.evse_id > 0 ? { evseId: row.evse_id } : {}),
            connectorId: row.connector_id,
            ...stateOf(row, wishFor(row, wishes)),
          })),
      };
    },
  );
}

/** What was wished for this connector, else for its EVSE. */
function wishFor(
  { evse_id, connector_id }: ConnectorTable,
  wishes: readonly AvailabilityWishTable[],
): AvailabilityWishTable | undefined {
  const own = wishes.find((wish) => wish.evse_id === evse_id && wish.connector_id === connector_id);
  return own ?? wishes.find((wish) => evse_id > 0 && wish.evse_id === evse_id && wish.connector_id === 0);
}

const wishOf = ({ operative, answer, at }: AvailabilityWishTable) => ({
  operative: operative === 1,
  answer: answer as 'Accepted' | 'Scheduled',
  at,
});

function stateOf(row: ConnectorTable, wished: AvailabilityWishTable | undefined) {
  return {
    status: row.status,
    ...(row.error_code === null ? {} : { errorCode: row.error_code }),
    ...(row.info === null ? {} : { info: row.info }),
    ...(row.vendor_id === null ? {} : { vendorId: row.vendor_id }),
    ...(row.vendor_error_code === null ? {} : { vendorErrorCode: row.vendor_error_code }),
    statusAt: row.status_at,
    receivedAt: row.received_at,
    ...(wished ? { availability: wishOf(wished) } : {}),
  };
}
