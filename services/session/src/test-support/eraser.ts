import { type Database, openDatabase } from '@ocpp-csms/storage';
import { sql } from 'kysely';
import { migrations } from '../migrations/index.ts';
import type { SessionSchema } from '../schema.ts';

/** The service has read these when it was started. */
const kept = ['installation', 'migration'];

/** Empties the tables of a service that runs. Its connection is opened when it is first needed. */
export function createEraser(directory: string) {
  let opened: Promise<Database<SessionSchema>> | undefined;
  return {
    async erase() {
      opened ??= openDatabase<SessionSchema>({ name: 'session', directory, migrations, synchronous: 'normal' });
      await (await opened).write(async (transaction) => {
        const tables = sql<{ name: string }>`select name from sqlite_master where type = 'table'`;
        for (const { name } of (await tables.execute(transaction)).rows)
          if (!kept.includes(name)) await sql`delete from ${sql.table(name)}`.execute(transaction);
      });
    },
    async close() {
      await (await opened)?.close();
    },
  };
}
