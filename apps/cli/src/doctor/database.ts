import type { Settings } from '@ocpp-csms/config';
import { type Check, type DoctorContext, type Finding, failed, ok, warning } from './check.ts';

const name = 'database';
const upgrade =
  'It is migrated at the next start, which cannot be undone: make a backup first (docs/operations/move-and-backup.md).';

export const database: Check = {
  name,
  async run(context): Promise<Finding> {
    try {
      const server = await inspectServer(context);
      if (server.status === 'failed') return server;
      const contents = await inspectContents(context, server.words);
      return contents.status === 'ok' && server.status === 'warning' ? server : contents;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return failed(name, `storage.driver ${context.settings.storage.driver} does not work`, reason);
    }
  },
};

async function inspectServer({ settings, now }: DoctorContext): Promise<Finding> {
  const { storage, postgresql } = settings;
  if (storage.driver === 'sqlite') return ok(name, 'SQLite in the data folder');
  const { inspectPostgres } = await import('@ocpp-csms/storage');
  const server = await inspectPostgres(postgresql.url, now);
  const words = `PostgreSQL ${server.version} at ${server.place}`;
  if (server.isStandby)
    return failed(name, `${words}, a standby`, 'It can only be read. Point postgresql.url to the primary.');
  const wanted = databasesOf(settings).length * postgresql.maxConnections;
  if (server.freeConnections < wanted)
    return warning(
      name,
      `${words}, with ${server.freeConnections} connections left`,
      `The services may want ${wanted} (postgresql.maxConnections for each of ${databasesOf(settings).join(', ')}). Raise max_connections of the server, or lower the setting.`,
    );
  if (server.fsync !== 'on')
    return warning(
      name,
      `${words}, with fsync off`,
      'What was answered does not survive a power cut. Set fsync = on in postgresql.conf.',
    );
  if (!server.mayCreate)
    return warning(
      name,
      `${words}; its user may not create schemas`,
      'The first start needs it: GRANT CREATE ON DATABASE … TO … (docs/operations/postgresql.md).',
    );
  return ok(name, words);
}

/** What each service would find: nothing yet, its own, older or newer data. */
async function inspectContents({ settings, directory }: DoctorContext, words: string): Promise<Finding> {
  const { appliedMigrations, databaseOptions } = await import('@ocpp-csms/storage');
  const where = databaseOptions(settings, directory);
  const older: string[] = [];
  let present = 0;
  for (const { database, migrations } of await knownDatabases(settings)) {
    const applied = await appliedMigrations({ name: database, ...where });
    if (applied === undefined) continue;
    present++;
    const known = migrations.map((migration) => migration.name);
    const foreign = applied.filter((migration) => !known.includes(migration));
    if (foreign.length > 0)
      return failed(
        name,
        `${words}: ${database} was written by another version of ocpp-csms (it has ${foreign.join(', ')})`,
        'Start that version or a newer one, or restore a backup from before the upgrade.',
      );
    if (applied.length < known.length) older.push(database);
  }
  if (present === 0) return ok(name, `${words}, nothing in it yet`);
  if (older.length > 0) return warning(name, `${words}: ${older.join(', ')} is of an older version`, upgrade);
  return ok(name, `${words}, of this version`);
}

const databasesOf = ({ messageManager }: Settings): string[] => [
  'session',
  'device-manager',
  'bus',
  ...(messageManager.store === 'database' ? ['message-manager'] : []),
];

async function knownDatabases(settings: Settings) {
  const [{ plans }, { messageLogMigrations }] = await Promise.all([
    import('@ocpp-csms/transfer'),
    import('@ocpp-csms/message-manager'),
  ]);
  const all = [...Object.values(plans), { database: 'message-manager', migrations: messageLogMigrations }];
  const wanted = databasesOf(settings);
  return all.filter(({ database }) => wanted.includes(database));
}
