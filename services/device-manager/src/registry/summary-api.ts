import { type App, reachableHost, Type } from '@ocpp-csms/http';
import type { ApiContext } from '../api-context.ts';
import { chargePointUrl } from './charge-point-url.ts';

const counts = (description: string) => Type.Record(Type.String(), Type.Integer(), { description });

const summary = Type.Object(
  {
    chargePoints: Type.Integer({ description: 'Registered.' }),
    connected: Type.Integer(),
    refused: Type.Integer({ description: 'Refused and not let in since, one for each networkId.' }),
    connectors: counts('How many connectors of connected charge points have which status, in the words of OCPP.'),
    chargePointUrl: Type.String({ description: 'What to put into a charge point, its own identity at the end.' }),
    tags: counts('How many charge points have which tag; the 200 most used.'),
  },
  { title: 'Summary' },
);

const mostTags = 200;

/** GET /summary */
export async function summaryApi(app: App, { read, connections, settings }: ApiContext): Promise<void> {
  app.get(
    '/summary',
    { schema: { tags: ['charge points'], summary: 'How many there are of what', response: { 200: summary } } },
    async (request) => {
      const [directory, chargePoints, connectors, refused] = await Promise.all([
        connections.list(),
        read.selectFrom('charge_point').select(['network_id', 'tags']).execute(),
        read.selectFrom('connector').select(['network_id', 'status', 'evse_id', 'connector_id']).execute(),
        read
          .selectFrom('refused_connection')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow(),
      ]);
      const connected = new Set(directory.map(({ networkId }) => networkId));
      return {
        chargePoints: chargePoints.length,
        connected: chargePoints.filter(({ network_id }) => connected.has(network_id)).length,
        refused: Number(refused.count),
        connectors: countBy(
          connectors
            .filter(({ evse_id, connector_id }) => evse_id > 0 || connector_id > 0)
            .filter(({ network_id }) => connected.has(network_id))
            .map(({ status }) => status),
        ),
        chargePointUrl: chargePointUrl(settings, reachableHost(request, settings.http.host), ''),
        tags: countBy(
          chargePoints.flatMap(({ tags }) => JSON.parse(tags) as string[]),
          mostTags,
        ),
      };
    },
  );
}

/** The most frequent first. */
function countBy(values: readonly string[], most = Number.POSITIVE_INFINITY): Record<string, number> {
  const counted = new Map<string, number>();
  for (const value of values) counted.set(value, (counted.get(value) ?? 0) + 1);
  return Object.fromEntries([...counted].toSorted(([, a], [, b]) => b - a).slice(0, most));
}
