import { type App, Type } from '@ocpp-csms/http';
import type { ApiContext } from '../api-context.ts';

const nameSchema = Type.String({
  maxLength: 60,
  description: 'What people call this system, such as the name of the operator. Empty: it has none.',
});
const system = Type.Object({ name: nameSchema }, { title: 'System' });

/** /system: what the system is called, for those who look at it. */
export async function systemApi(app: App, { read, transact }: ApiContext): Promise<void> {
  const tags = ['system'];

  app.get(
    '/system',
    { schema: { tags, summary: 'What the system is called', response: { 200: system } } },
    async () => {
      const row = await read.selectFrom('system_setting').select('value').where('name', '=', 'name').executeTakeFirst();
      return { name: row?.value ?? '' };
    },
  );

  app.patch(
    '/system',
    {
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'Give the system a name',
        body: Type.Object({ name: nameSchema }, { additionalProperties: false }),
        response: { 200: system },
      },
    },
    async ({ body }) => {
      const value = body.name.trim();
      await transact(({ tx }) =>
        tx
          .insertInto('system_setting')
          .values({ name: 'name', value })
          .onConflict((on) => on.column('name').doUpdateSet({ value }))
          .execute(),
      );
      return { name: value };
    },
  );
}
