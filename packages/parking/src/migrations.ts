import type { Migration } from '@ocpp-csms/storage';
import { sql } from 'kysely';

export const migrations: readonly Migration[] = [
  {
    name: '0001-parking',
    up: async (database) => {
      await sql`create table parked (group_name text not null, id text not null, topic text not null, client text not null,
        parked_at text not null, attempts bigint not null, reason text not null, content text not null,
        primary key (id, group_name))`.execute(database);
    },
  },
];
