import type { Migration } from '@ocpp-csms/storage';
import { type Kysely, sql } from 'kysely';

// A number that a charge point sends is numeric: no number that JSON can hold is too large for it.
const tables = [
  `create table installation (name text primary key, value text not null)`,
  `create table sequence (name text primary key, value bigint not null)`,
  `create table outcome (envelope_id text primary key, answer text not null, events text not null, decided_at text not null)`,
  `create table charge_point (client text primary key, protocol text not null, booted_at text not null)`,
  `create table id_token (
    token_key text primary key, id_token text not null, type text, status text not null, expires_at text,
    parent_id_token text, charge_points text not null, allow_concurrent bigint not null, note text, language text,
    created_at text not null, updated_at text not null)`,
  `create table unknown_token (
    token_key text primary key, id_token text not null, type text, first_seen_at text not null,
    last_seen_at text not null, count bigint not null, last_client text not null, last_action text not null)`,
  `create table authorization_log (
    id text primary key, at text not null, client text not null, action text not null, id_token text not null,
    type text, status text not null, reason text not null)`,
  `create table charging_transaction (
    id text primary key, client text not null, dialect text not null, protocol text not null, transaction_id text not null,
    start_key text, start_generation bigint, connector_id numeric, evse_id numeric,
    id_token text, token_key text, id_token_type text, parent_id_token text, authorization_status text,
    active bigint not null, started_at text not null, started_at_raw text, start_received_at text not null,
    stopped_at text, stopped_at_raw text, stop_received_at text,
    meter_start_wh double precision, meter_stop_wh double precision, energy_wh double precision, disputed bigint not null,
    reason text, stop_id_token text, charging_state text, offline bigint not null, reservation_id numeric,
    remote_start text, stop_requested_at text, flags text not null, merged text, updated_at text not null)`,
  `create table transaction_event (
    client text not null, transaction_id text not null, seq_no numeric not null, event_type text not null,
    timestamp_raw text not null, happened_at text not null, received_at text not null, envelope_id text not null,
    trigger_reason text, charging_state text, offline bigint not null,
    primary key (client, transaction_id, seq_no, event_type, timestamp_raw))`,
  `create table evidence (
    subject_id text not null, envelope_id text not null, message_type text not null, received_at text not null,
    repeated bigint not null, primary key (subject_id, envelope_id))`,
  `create table orphan_message (
    id text primary key, client text not null, orphan_key text not null, message_type text not null, transaction_id text,
    id_token text, stopped_at text not null, meter_stop_wh double precision, request text not null, flags text not null,
    received_at text not null, envelope_id text not null, adopted_by text)`,
  `create table meter_value (
    id text primary key, client text not null, transaction_ref text not null, measured_at text not null,
    register_wh double precision, body text not null)`,
  `create table remote_start (
    call_id text primary key, client text not null, message_id text not null, token_key text not null, outlet numeric,
    remote_start_id numeric, requested_at text not null, led_to text)`,
  `create table reservation (
    client text not null, reservation_id numeric not null, status text not null, detail text, id_token text not null,
    id_token_type text, parent_id_token text, outlet numeric, expires_at text not null, created_at text not null,
    updated_at text not null, used_by text, call_id text, primary key (client, reservation_id))`,
  `create table local_list (
    client text primary key, version numeric not null, entries text not null, sent_at text, reported_version numeric,
    reported_at text)`,
];

// The unique ones are the natural keys of field-faults rows 33, 34 and 37: a repeat finds what is there.
const indexes = [
  `create index outcome_age on outcome (decided_at)`,
  `create index unknown_token_age on unknown_token (last_seen_at)`,
  `create unique index transaction_identity on charging_transaction (client, dialect, transaction_id)`,
  `create unique index transaction_start on charging_transaction (client, start_key, start_generation)`,
  `create index transaction_open on charging_transaction (client, active, id)`,
  `create index transaction_client on charging_transaction (client, id)`,
  `create index transaction_token on charging_transaction (token_key, active)`,
  `create index transaction_number on charging_transaction (transaction_id, dialect)`,
  `create index transaction_unstopped on charging_transaction (client, dialect, id) where stopped_at is null`,
  `create index transaction_flagged on charging_transaction (id) where flags <> '[]'`,
  `create index transaction_active on charging_transaction (active, id)`,
  `create index transaction_begun on charging_transaction (started_at)`,
  `create unique index orphan_identity on orphan_message (client, orphan_key)`,
  // Each charge point has a page of its own in it, to be written with each of its values: only where it is looked for.
  `create index meter_value_transaction on meter_value (client, transaction_ref, measured_at) where transaction_ref <> ''`,
  `create index remote_start_client on remote_start (client, requested_at)`,
  `create index remote_start_age on remote_start (requested_at)`,
  `create index reservation_number on reservation (reservation_id)`,
  `create index reservation_age on reservation (created_at, client, reservation_id)`,
  `create index reservation_expiry on reservation (status, expires_at)`,
];

export const createTables: Migration = {
  name: '0001-ledger',
  async up(database: Kysely<unknown>, engine) {
    for (const statement of [...tables, ...indexes]) {
      // SQLite then keeps the rows in the order of their ids, in one tree instead of two.
      const suffix = engine === 'sqlite' && statement.startsWith('create table meter_value') ? ' without rowid' : '';
      await sql.raw(statement + suffix).execute(database);
    }
  },
};
