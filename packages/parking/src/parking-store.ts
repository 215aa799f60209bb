import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ParkedMessage, ParkingStore, Topic } from '@ocpp-csms/bus';
import { type Database, type OpenOptions, openDatabase } from '@ocpp-csms/storage';
import { type Selectable, sql } from 'kysely';
import { migrations } from './migrations.ts';

interface ParkedRow {
  group_name: string;
  id: string;
  topic: string;
  client: string;
  parked_at: string;
  attempts: number;
  reason: string;
  content: string;
}
interface Schema {
  parked: ParkedRow;
}

export interface OpenParking extends ParkingStore {
  close(): Promise<void>;
}

/** Parked messages, in a database of their own called `bus` (`databaseOptions` says where). It is opened when it is first needed: most installations never park. */
export function createParkingStore(where: Pick<OpenOptions, 'directory' | 'synchronous' | 'postgresql'>): OpenParking {
  let opened: Promise<Database<Schema>> | undefined;
  const open = (): Promise<Database<Schema>> => {
    if (opened !== undefined) return opened;
    const opening = openDatabase<Schema>({ name: 'bus', ...where, migrations });
    opened = opening;
    // A failed opening (disk full) is tried again by the next message.
    opening.catch(() => {
      opened = undefined;
    });
    return opening;
  };
  /** A file is not made only to find out that there is nothing in it. */
  const used = () =>
    opened !== undefined || where.postgresql !== undefined || existsSync(join(where.directory, 'bus.sqlite'));

  return {
    async add(message) {
      const row = rowOf(message);
      await (await open()).write((tx) =>
        tx
          .insertInto('parked')
          .values(row)
          .onConflict((oc) =>
            oc.columns(['id', 'group_name']).doUpdateSet({ attempts: row.attempts, reason: row.reason }),
          )
          .execute(),
      );
    },
    async list({ limit, after }) {
      if (!used()) return [];
      let query = (await open()).read.selectFrom('parked').selectAll().orderBy('id').orderBy('group_name').limit(limit);
      if (after !== undefined)
        query = query
          .where(sql<string>`id || ' ' || group_name`, '>', after)
          .where('id', '>=', after.split(' ')[0] ?? after);
      return (await query.execute()).map(messageOf);
    },
    async get(group, id) {
      if (!used()) return undefined;
      const row = await (await open()).read
        .selectFrom('parked')
        .selectAll()
        .where('id', '=', id)
        .where('group_name', '=', group)
        .executeTakeFirst();
      return row === undefined ? undefined : messageOf(row);
    },
    async remove(group, id) {
      await (await open()).write((tx) =>
        tx.deleteFrom('parked').where('id', '=', id).where('group_name', '=', group).execute(),
      );
    },
    async count() {
      if (!used()) return 0;
      const { count } = await (await open()).read
        .selectFrom('parked')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return count;
    },
    async close() {
      await (await opened)?.close();
    },
  };
}

function rowOf({ group, parkedAt, content, id, topic, client, attempts, reason }: ParkedMessage): ParkedRow {
  return {
    group_name: group,
    id,
    topic,
    client,
    parked_at: parkedAt,
    attempts,
    reason,
    content: JSON.stringify(content),
  };
}

function messageOf({ group_name, parked_at, content, topic, ...row }: Selectable<ParkedRow>): ParkedMessage {
  return {
    ...row,
    topic: topic as Topic,
    group: group_name,
    parkedAt: parked_at,
    content: JSON.parse(content) as ParkedMessage['content'],
  };
}
