import {
  type App,
  decodeCursor,
  encodeCursor,
  pageOf,
  pageQuery,
  problemResponses,
  type Static,
  Type,
} from '@ocpp-csms/http';
import type { ApiContext } from '../api-context.ts';
import { getChargePoint } from '../registry/charge-point-store.ts';
import type { StatusJobTable } from '../schema.ts';
import type { JobKind } from './status-jobs.ts';

const view = Type.Object(
  {
    jobId: Type.String({ description: 'The command that asked for it.' }),
    kind: Type.Enum(['firmware', 'diagnostics', 'log']),
    action: Type.Union([Type.String(), Type.Null()], { description: 'null: not asked for by us.' }),
    requestId: Type.Union([Type.Integer(), Type.Null()]),
    status: Type.String({ description: 'What the charge point said last.' }),
    history: Type.Array(Type.Object({ status: Type.String(), at: Type.String(), messageId: Type.String() })),
    detail: Type.Record(Type.String(), Type.Unknown()),
    requestedAt: Type.String(),
    updatedAt: Type.String(),
    finishedAt: Type.Union([Type.String(), Type.Null()]),
  },
  { title: 'Job' },
);

const lists: { path: string; summary: string; kinds: JobKind[] }[] = [
  { path: 'firmware-jobs', summary: 'Firmware updates and how they went', kinds: ['firmware'] },
  {
    path: 'diagnostics-jobs',
    summary: 'Uploads of diagnostics and logs, and how they went',
    kinds: ['diagnostics', 'log'],
  },
];

/** GET /charge-points/{id}/firmware-jobs, …/diagnostics-jobs */
export async function jobsApi(app: App, { read }: ApiContext): Promise<void> {
  for (const { path, summary, kinds } of lists) {
    app.get(
      `/charge-points/:id/${path}`,
      {
        schema: {
          tags: ['firmware and diagnostics'],
          summary: `${summary}, the latest first`,
          params: Type.Object({ id: Type.String() }),
          querystring: pageQuery,
          response: { 200: pageOf(view), ...problemResponses(404) },
        },
      },
      async ({ params, query }) => {
        const { network_id } = await getChargePoint(read, params.id);
        let select = read
          .selectFrom('status_job')
          .selectAll()
          .where('network_id', '=', network_id)
          .where('kind', 'in', kinds);
        if (query.cursor !== undefined) select = select.where('job_id', '<', String(decodeCursor(query.cursor)));
        const rows = await select
          .orderBy('job_id', 'desc')
          .limit(query.limit + 1)
          .execute();
        const page = rows.slice(0, query.limit);
        const last = page.at(-1);
        return {
          items: page.map(viewOf),
          ...(rows.length > query.limit && last ? { nextCursor: encodeCursor(last.job_id) } : {}),
        };
      },
    );
  }
}

function viewOf(row: StatusJobTable): Static<typeof view> {
  return {
    jobId: row.job_id,
    kind: row.kind as JobKind,
    action: row.action,
    requestId: row.request_id,
    status: row.status,
    history: JSON.parse(row.history),
    detail: JSON.parse(row.detail),
    requestedAt: row.requested_at,
    updatedAt: row.updated_at,
    finishedAt: row.finished_at,
  };
}
