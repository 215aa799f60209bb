import type { SessionDatabase } from '../schema.ts';
import type { ListMessage } from './list-message.ts';
import { applyChanges, type LocalListEntry } from './local-list.ts';

export interface LocalList {
  /** As last sent and accepted; 0: none that we know of. */
  version: number;
  entries: readonly LocalListEntry[];
  sentAt?: string;
  /** As the charge point last said: 0 is an empty list, −1 that it has none (1.6 §5.10). */
  reportedVersion?: number;
  reportedAt?: string;
}

export async function findLocalList(database: SessionDatabase, client: string): Promise<LocalList> {
  const row = await database.selectFrom('local_list').selectAll().where('client', '=', client).executeTakeFirst();
  if (row === undefined) return { version: 0, entries: [] };
  return {
    version: Number(row.version),
    entries: JSON.parse(row.entries) as LocalListEntry[],
    ...(row.sent_at === null ? {} : { sentAt: row.sent_at }),
    ...(row.reported_version === null ? {} : { reportedVersion: Number(row.reported_version) }),
    ...(row.reported_at === null ? {} : { reportedAt: row.reported_at }),
  };
}

/** The charge point has accepted it: this is what it has now. */
export async function keepAccepted(
  database: SessionDatabase,
  client: string,
  message: ListMessage,
  at: string,
): Promise<void> {
  const { entries: before } = await findLocalList(database, client);
  const entries = JSON.stringify(applyChanges(message.mode === 'Full' ? [] : before, message));
  const now = { version: message.version, entries, sent_at: at, reported_version: message.version, reported_at: at };
  await database
    .insertInto('local_list')
    .values({ client, ...now })
    .onConflict((conflict) => conflict.column('client').doUpdateSet(now))
    .execute();
}

export async function keepReported(
  database: SessionDatabase,
  client: string,
  version: number,
  at: string,
): Promise<void> {
  const reported = { reported_version: version, reported_at: at };
  await database
    .insertInto('local_list')
    .values({ client, version: 0, entries: '[]', sent_at: null, ...reported })
    .onConflict((conflict) => conflict.column('client').doUpdateSet(reported))
    .execute();
}
