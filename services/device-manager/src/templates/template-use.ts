import { decodeCursor, encodeCursor, type Static, Type } from '@ocpp-csms/http';
import type { Reader } from '../context.ts';
import type { ChargePointTable, ConfigurationTable, TemplateJobTable } from '../schema.ts';
import { settingName, settingsFor, type TemplateSetting } from './template.ts';

const nullableText = Type.Union([Type.String(), Type.Null()]);

/** A charge point that has a template, and how far it is from it. */
export const templateUse = Type.Object(
  {
    networkId: Type.String(),
    name: Type.String(),
    readAt: Type.Union([Type.String(), Type.Null()], {
      description: 'When its configuration was last read from it. null: it was not yet.',
    }),
    differing: Type.Union([Type.Integer(), Type.Null()], {
      description: 'How many settings are not as wanted, as last read or set. null: nothing is known of it.',
    }),
    job: Type.Union(
      [
        Type.Object({
          status: Type.Enum(['waiting', 'done', 'failed']),
          requestedAt: Type.String(),
          finishedAt: nullableText,
          error: Type.Optional(Type.String()),
        }),
        Type.Null(),
      ],
      { description: 'What came of applying it last. null: it was not applied yet.' },
    ),
  },
  { title: 'TemplateUse' },
);
export type TemplateUse = Static<typeof templateUse>;

interface Template {
  templateId: string;
  settings: readonly TemplateSetting[];
}

/** The charge points that have it, in the order of their networkIds. */
export async function usesOf(
  { templateId, settings }: Template,
  reader: Reader,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<{ items: TemplateUse[]; nextCursor?: string }> {
  let select = reader.selectFrom('charge_point').selectAll().where('template_id', '=', templateId);
  if (cursor !== undefined) select = select.where('network_id', '>', String(decodeCursor(cursor)));
  const rows = await select
    .orderBy('network_id')
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const known = await knownOf(page, settings, reader);
  const jobs = await jobsOf(page, templateId, reader);
  const last = page.at(-1);
  return {
    items: page.map((row) => useOf(row, settings, known.get(row.network_id) ?? nothing, jobs.get(row.network_id))),
    ...(rows.length > limit && last ? { nextCursor: encodeCursor(last.network_id) } : {}),
  };
}

interface Known {
  readAt: string | null;
  values: ReadonlyMap<string, string | null>;
}

const nothing: Known = { readAt: null, values: new Map() };

function useOf(
  row: ChargePointTable,
  settings: readonly TemplateSetting[],
  { readAt, values }: Known,
  job: TemplateJobTable | undefined,
): TemplateUse {
  const wanted = settingsFor(settings, row.last_protocol);
  const differing = wanted.filter((setting) => values.get(settingName(setting)) !== setting.value).length;
  return {
    networkId: row.network_id,
    name: row.name,
    readAt,
    differing: readAt === null && values.size === 0 ? null : differing,
    job: job === undefined ? null : jobOf(job),
  };
}

function jobOf({ status, requested_at, finished_at, report }: TemplateJobTable): NonNullable<TemplateUse['job']> {
  const error: unknown = report === null ? undefined : JSON.parse(report).error;
  return {
    status: status as 'waiting' | 'done' | 'failed',
    requestedAt: requested_at,
    finishedAt: finished_at,
    ...(typeof error === 'string' ? { error } : {}),
  };
}

/** What is known of the settings alone, not of all that a charge point has. */
async function knownOf(
  rows: readonly ChargePointTable[],
  settings: readonly TemplateSetting[],
  reader: Reader,
): Promise<Map<string, Known>> {
  if (rows.length === 0) return new Map();
  const networkIds = rows.map(({ network_id }) => network_id);
  const [values, reads] = await Promise.all([
    settings.length === 0
      ? []
      : reader
          .selectFrom('configuration')
          .select(['network_id', 'name', 'value'])
          .where('network_id', 'in', networkIds)
          .where('name', 'in', settings.map(settingName))
          .execute(),
    reader
      .selectFrom('configuration')
      .select(['network_id', (select) => select.fn.max<string>('at').as('at')])
      .where('network_id', 'in', networkIds)
      .where('source', '=', 'read')
      .groupBy('network_id')
      .execute(),
  ]);
  const readAt = new Map(reads.map(({ network_id, at }) => [network_id, at]));
  const byChargePoint = Map.groupBy(values, ({ network_id }) => network_id);
  return new Map(
    networkIds.map((networkId) => [
      networkId,
      { readAt: readAt.get(networkId) ?? null, values: valuesOf(byChargePoint.get(networkId) ?? []) },
    ]),
  );
}

const valuesOf = (rows: readonly Pick<ConfigurationTable, 'name' | 'value'>[]) =>
  new Map(rows.map(({ name, value }) => [name, value]));

async function jobsOf(
  rows: readonly ChargePointTable[],
  templateId: string,
  reader: Reader,
): Promise<Map<string, TemplateJobTable>> {
  if (rows.length === 0) return new Map();
  const networkIds = rows.map(({ network_id }) => network_id);
  const jobs = await reader
    .selectFrom('template_job')
    .selectAll()
    .where('network_id', 'in', networkIds)
    .where('template_id', '=', templateId)
    .execute();
  return new Map(jobs.map((job) => [job.network_id, job]));
}
