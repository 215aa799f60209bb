import {
  type App,
  decodeCursor,
  encodeCursor,
  Problem,
  pageOf,
  pageQuery,
  problemResponses,
  type Static,
  Type,
} from '@ocpp-csms/http';
import type { ApiContext } from '../api-context.ts';
import type { Reader } from '../context.ts';
import { getChargePoint, updateChargePoint } from '../registry/charge-point-store.ts';
import type { DeviceSchema } from '../schema.ts';
import { settingFault, settingName, type TemplateSetting, templateSetting } from './template.ts';
import { requestTemplate } from './template-job-store.ts';
import { templateUse, usesOf } from './template-use.ts';

const tags = ['templates'];
const byId = Type.Object({ templateId: Type.String() });
const creation = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 200 }), settings: Type.Array(templateSetting, { maxItems: 500 }) },
  { additionalProperties: false },
);
const view = Type.Object(
  { templateId: Type.String(), ...creation.properties, createdAt: Type.String(), updatedAt: Type.String() },
  { title: 'Template' },
);
const nullableText = Type.Union([Type.String(), Type.Null()]);
const jobView = Type.Object(
  {
    templateId: Type.String(),
    cause: Type.Enum(['boot', 'demand']),
    status: Type.Enum(['waiting', 'done', 'failed']),
    attempts: Type.Integer(),
    requestedAt: Type.String(),
    finishedAt: nullableText,
    settings: Type.Array(
      Type.Object({
        name: Type.String(),
        desired: Type.String(),
        actual: nullableText,
        outcome: Type.String({ description: 'unchanged, not-there, left (and why), or what the charge point said.' }),
      }),
    ),
    error: Type.Optional(Type.String()),
  },
  { title: 'TemplateJob' },
);

/** /templates, and POST /charge-points/{id}/apply-template */
export async function templatesApi(app: App, { read, transact, mirrored, clock, newId }: ApiContext): Promise<void> {
  app.post(
    '/templates',
    { schema: { tags, summary: 'Make a template', body: creation, response: { 201: view, ...problemResponses(409) } } },
    async ({ body }, reply) => {
      checkSettings(body.settings);
      const now = clock.now().toISOString();
      const row = {
        template_id: newId(),
        name: body.name,
        settings: JSON.stringify(body.settings),
        created_at: now,
        updated_at: now,
      };
      await transact(async ({ tx }) => {
        await refuseTakenName(tx, body.name);
        await tx.insertInto('template').values(row).execute();
      });
      return reply.code(201).header('location', `/device-manager/templates/${row.template_id}`).send(viewOf(row));
    },
  );

  app.get(
    '/templates',
    { schema: { tags, summary: 'List templates', querystring: pageQuery, response: { 200: pageOf(view) } } },
    async ({ query }) => {
      let select = read.selectFrom('template').selectAll();
      if (query.cursor !== undefined) select = select.where('template_id', '>', String(decodeCursor(query.cursor)));
      const rows = await select
        .orderBy('template_id')
        .limit(query.limit + 1)
        .execute();
      const page = rows.slice(0, query.limit);
      const last = page.at(-1);
      return {
        items: page.map(viewOf),
        ...(rows.length > query.limit && last ? { nextCursor: encodeCursor(last.template_id) } : {}),
      };
    },
  );

  app.get(
    '/templates/:templateId',
    { schema: { tags, summary: 'Read a template', params: byId, response: { 200: view, ...problemResponses(404) } } },
    async ({ params }) => viewOf(await getTemplate(read, params.templateId)),
  );

  app.patch(
    '/templates/:templateId',
    {
      schema: {
        tags,
        summary: 'Change a template',
        description: 'The charge points that have it get it at their next boot, or by apply-template.',
        params: byId,
        body: Type.Partial(creation, { additionalProperties: false }),
        response: { 200: view, ...problemResponses(404, 409) },
      },
    },
    async ({ params, body }) => {
      const { name, settings } = body as Partial<Static<typeof creation>>;
      if (settings) checkSettings(settings);
      return transact(async ({ tx }) => {
        const before = await getTemplate(tx, params.templateId);
        if (name !== undefined && name !== before.name) await refuseTakenName(tx, name);
        const columns = {
          ...(name === undefined ? {} : { name }),
          ...(settings === undefined ? {} : { settings: JSON.stringify(settings) }),
          updated_at: clock.now().toISOString(),
        };
        await tx.updateTable('template').set(columns).where('template_id', '=', before.template_id).execute();
        return viewOf({ ...before, ...columns });
      });
    },
  );

  app.delete(
    '/templates/:templateId',
    {
      schema: {
        tags,
        summary: 'Delete a template',
        description: 'Charge points that have it are left as they are, without a template.',
        params: byId,
        response: { 204: Type.Null(), ...problemResponses(404) },
      },
    },
    async ({ params }, reply) => {
      await transact(async ({ tx }) => {
        const { template_id } = await getTemplate(tx, params.templateId);
        await tx.deleteFrom('template').where('template_id', '=', template_id).execute();
        await tx.deleteFrom('template_job').where('template_id', '=', template_id).execute();
        await tx
          .updateTable('charge_point')
          .set({ template_id: null })
          .where('template_id', '=', template_id)
          .execute();
      });
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/templates/:templateId/charge-points',
    {
      schema: {
        tags,
        summary: 'List the charge points that have a template',
        description: 'With how many of its settings are not as wanted there, and what came of applying it last.',
        params: byId,
        querystring: pageQuery,
        response: { 200: pageOf(templateUse), ...problemResponses(404) },
      },
    },
    async ({ params, query }) => {
      const { templateId, settings } = viewOf(await getTemplate(read, params.templateId));
      return usesOf({ templateId, settings }, read, query);
    },
  );

  app.post(
    '/charge-points/:id/apply-template',
    {
      schema: {
        tags,
        summary: 'Bring a charge point to what a template wants',
        description:
          'What differs is written as soon as the charge point is there; GET …/template-job tells what came of it. On demand, settings that asked for a reboot before are written again.',
        params: Type.Object({ id: Type.String() }),
        body: Type.Optional(
          Type.Union([
            Type.Object(
              {
                templateId: Type.Optional(
                  Type.String({ description: 'Without it, the one that the charge point has.' }),
                ),
                assign: Type.Optional(
                  Type.Boolean({
                    description:
                      'true: the charge point has the template from now on, so that it is applied after each boot and what drifts from it is seen. false: it is applied this once.',
                    default: false,
                  }),
                ),
              },
              { additionalProperties: false },
            ),
            Type.Null(),
          ]),
        ),
        response: { 202: jobView, ...problemResponses(404, 409) },
      },
    },
    async ({ params, body }, reply) => {
      const { templateId: given, assign = false } = (body ?? {}) as { templateId?: string; assign?: boolean };
      const networkId = await transact(async (context) => {
        const row = await getChargePoint(context.tx, params.id);
        const templateId = given ?? row.template_id;
        if (templateId === null)
          throw new Problem(
            409,
            'no-template',
            'The charge point has no template. Say which one: { "templateId": … }.',
          );
        await getTemplate(context.tx, templateId);
        if (assign && templateId !== row.template_id) await updateChargePoint(row, { templateId }, context);
        await requestTemplate({ networkId: row.network_id, templateId, cause: 'demand', causeId: newId() }, context);
        return row.network_id;
      });
      if (assign) await mirrored();
      return reply.code(202).send(await jobOf(networkId));
    },
  );

  app.get(
    '/charge-points/:id/template-job',
    {
      schema: {
        tags,
        summary: 'What came of the template last',
        params: Type.Object({ id: Type.String() }),
        response: { 200: jobView, ...problemResponses(404) },
      },
    },
    async ({ params }) => jobOf((await getChargePoint(read, params.id)).network_id),
  );

  async function jobOf(networkId: string): Promise<Static<typeof jobView>> {
    const job = await read
      .selectFrom('template_job')
      .selectAll()
      .where('network_id', '=', networkId)
      .executeTakeFirst();
    if (!job) throw new Problem(404, 'no-template-job', 'No template was applied to this charge point yet.');
    return {
      templateId: job.template_id,
      cause: job.cause as 'boot' | 'demand',
      status: job.status as 'waiting' | 'done' | 'failed',
      attempts: job.attempts,
      requestedAt: job.requested_at,
      finishedAt: job.finished_at,
      settings: [],
      ...(job.report === null ? {} : JSON.parse(job.report)),
    };
  }
}

type TemplateRow = DeviceSchema['template'];

function viewOf(row: TemplateRow): Static<typeof view> {
  return {
    templateId: row.template_id,
    name: row.name,
    settings: JSON.parse(row.settings),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

async function getTemplate(reader: Reader, templateId: string): Promise<TemplateRow> {
  const row = await reader.selectFrom('template').selectAll().where('template_id', '=', templateId).executeTakeFirst();
  if (row) return row;
  throw new Problem(404, 'no-such-template', `There is no template ${templateId.slice(0, 60)}.`);
}

async function refuseTakenName(reader: Reader, name: string): Promise<void> {
  const taken = await reader.selectFrom('template').select('template_id').where('name', '=', name).executeTakeFirst();
  if (taken)
    throw new Problem(409, 'template-name-taken', `There is a template of the name ${name} already.`, {
      templateId: taken.template_id,
    });
}

function checkSettings(settings: readonly TemplateSetting[]): void {
  const names = new Set<string>();
  const errors = settings.flatMap((setting, index) => {
    const name = settingName(setting);
    const fault = settingFault(setting) ?? (names.has(name) ? 'is there twice' : undefined);
    names.add(name);
    return fault === undefined ? [] : [{ path: `body.settings[${index}]`, message: fault }];
  });
  const [first] = errors;
  if (first) throw new Problem(400, 'invalid-template', `${first.path} ${first.message}.`, { errors });
}
