import { openDatabase } from '@ocpp-csms/storage';
import { createTestPlace, postgresMissing } from '@ocpp-csms/storage/test-support';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { plans } from './parts.ts';

const missing = await postgresMissing();
/** Of the storage, in every database. */
const ofStorage = ['migration', 'storage_probe'];

test.each(Object.values(plans))(
  'no table of $database is forgotten, and each has the key that is named',
  async (plan) => {
    const place = await createTestPlace('sqlite');
    onTestFinished(() => place.remove());
    const database = await openDatabase<unknown>({ name: 'any', ...place.options, migrations: plan.migrations });
    onTestFinished(() => database.close());
    const { rows } = await sql<{ name: string }>`
    select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`.execute(database.read);
    const known = [...plan.tables.map(({ name }) => name), ...Object.keys(plan.leftOut), ...ofStorage];
    expect(rows.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
    for (const { name, key } of plan.tables) {
      const columns = await sql<{ name: string }>`
      select name from pragma_table_info(${name}) where pk > 0 order by pk`.execute(database.read);
      expect(
        columns.rows.map((column) => column.name),
        name,
      ).toEqual(key);
    }
  },
);

test.for(Object.values(plans))('$database has the same tables on PostgreSQL', async (plan, context) => {
  if (missing !== undefined) context.skip(missing);
  const place = await createTestPlace('postgresql');
  onTestFinished(() => place.remove());
  const database = await openDatabase<unknown>({ name: 'any', ...place.options, migrations: plan.migrations });
  onTestFinished(() => database.close());
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = current_schema()`.execute(database.read);
  const known = [...plan.tables.map(({ name }) => name), ...Object.keys(plan.leftOut), ...ofStorage];
  expect(rows.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
});
