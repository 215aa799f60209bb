import { type App, Problem, problemResponses, Type } from '@ocpp-csms/http';
import type { ApiContext } from '../api-context.ts';
import { resolveChargePoint } from '../resolve-charge-point.ts';
import { findLocalList } from './local-list-store.ts';
import { sendList } from './send-list.ts';

const tags = ['local authorization lists'];
const byChargePoint = Type.Object({
  chargePoint: Type.String({ maxLength: 255, description: 'chargePointId or networkId.' }),
});

const listSchema = Type.Object(
  {
    networkId: Type.String(),
    version: Type.Integer({ description: 'As last sent and accepted; 0: none that we know of.' }),
    sentAt: Type.Optional(Type.String()),
    reportedVersion: Type.Optional(
      Type.Integer({ description: 'As the charge point last said; -1: it supports no list.' }),
    ),
    reportedAt: Type.Optional(Type.String()),
    entries: Type.Array(
      Type.Object({
        idToken: Type.String(),
        type: Type.Optional(Type.String()),
        status: Type.String(),
        expiresAt: Type.Optional(Type.String()),
        parentIdToken: Type.Optional(Type.String()),
      }),
    ),
  },
  { title: 'LocalList' },
);

const orderSchema = Type.Object(
  {
    mode: Type.Enum(['full', 'differential'], {
      description: 'differential becomes full where the charge point has another list than we think.',
    }),
    entriesPerMessage: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000,
        description: 'For charge points with a limit (SendLocalListMaxLength, ItemsPerMessage).',
      }),
    ),
  },
  { additionalProperties: false },
);

const outcomeSchema = Type.Object({
  networkId: Type.String(),
  status: Type.String({
    description: 'Accepted, Failed, NotSupported, VersionMismatch; Unchanged: there was nothing to send.',
  }),
  mode: Type.Enum(['full', 'differential']),
  version: Type.Integer(),
  entries: Type.Integer(),
});

/** More than any charge point keeps. */
const unlimited = 10_000;

export function localListRoutes(app: App, context: ApiContext): void {
  app.get(
    '/local-lists/:chargePoint',
    {
      schema: {
        summary: 'What a charge point has in its local authorization list',
        tags,
        params: byChargePoint,
        response: { 200: listSchema, ...problemResponses(404) },
      },
    },
    async ({ params }) => {
      const { networkId, isUnknown = false } = await resolveChargePoint(context.bus, params.chargePoint);
      const { entries, ...list } = await findLocalList(context.database.read, networkId);
      // The list outlives the registry: only when neither knows of it, there is nothing to show.
      if (isUnknown && list.version === 0 && list.reportedVersion === undefined)
        throw new Problem(404, 'charge-point-unknown', 'No such charge point, and no list that was sent to it.');
      return { networkId, ...list, entries: [...entries] };
    },
  );

  app.post(
    '/local-lists/:chargePoint',
    {
      schema: {
        summary: 'Send the id tokens that are allowed at a charge point as its local authorization list',
        tags,
        params: byChargePoint,
        body: orderSchema,
        response: { 200: outcomeSchema, ...problemResponses(409, 503, 504) },
      },
    },
    async ({ params, body: { mode, entriesPerMessage = unlimited }, caller }) => {
      const order = {
        chargePoint: params.chargePoint,
        mode: mode === 'full' ? 'Full' : 'Differential',
        entriesPerMessage,
        requestedBy: caller?.name ?? 'session',
      } as const;
      const outcome = await sendList(order, context);
      return { ...outcome, mode: outcome.mode === 'Full' ? ('full' as const) : ('differential' as const) };
    },
  );
}
