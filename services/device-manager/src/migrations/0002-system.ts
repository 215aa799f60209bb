import type { Migration } from '@ocpp-csms/storage';
import { sql } from 'kysely';

export const deviceManager0002: Migration = {
  name: '0002-system',
  async up(database) {
    await sql.raw(`create table system_setting (name text primary key, value text not null)`).execute(database);
  },
};
