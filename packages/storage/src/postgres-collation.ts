import { type Kysely, sql } from 'kysely';

/**
 * Gives every text column the collation "C": compared and sorted byte by byte, as in SQLite, whatever the database was
 * created with. Cursors rest on that order, and an index in another collation does not survive an update of the
 * system's locales. Quick where tables are new, which those of a migration are.
 */
export async function compareTextByBytes(database: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ table: string; columns: string }>`
    select c.relname as "table",
      string_agg(format('alter column %I type text collate "C"', a.attname), ', ' order by a.attnum) as "columns"
    from pg_class c join pg_attribute a on a.attrelid = c.oid join pg_collation l on l.oid = a.attcollation
    where c.relnamespace = (select oid from pg_namespace where nspname = current_schema()) and c.relkind in ('r', 'p')
      and not c.relispartition and not a.attisdropped and a.atttypid = 'text'::regtype and l.collname <> 'C'
    group by c.relname`.execute(database);
  for (const { table, columns } of rows)
    await sql`alter table ${sql.table(table)} ${sql.raw(columns)}`.execute(database);
}
