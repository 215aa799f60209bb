import type { Migration } from '@ocpp-csms/storage';
import { sql } from 'kysely';

// A number that a charge point sends is numeric: no number that JSON can hold is too large for it.
const statements = [
  `create table counter (name text primary key, value bigint not null)`,
  `insert into counter (name, value) values ('revision', 0)`,
  `create table outcome (envelope_id text primary key, answer text not null, events text not null, decided_at text not null)`,
  `create index outcome_decided_at on outcome (decided_at)`,
  `create table charge_point (
    charge_point_id text primary key, network_id text not null unique, name text not null, serial_number text,
    template_id text, plug_and_charge bigint not null, vendor text, model text, firmware_version text,
    security_profile bigint not null, password_digests text not null, enabled bigint not null, tags text not null,
    registration text not null, heartbeat_interval_seconds bigint, assumed_protocol text, strict bigint not null,
    no_ping bigint not null, max_frame_bytes bigint, revision bigint not null, created_at text not null,
    updated_at text not null, last_seen_at text, last_protocol text, booted_at text, reset_at text)`,
  `create index charge_point_template on charge_point (template_id)`,
  `create table auth_outbox (network_id text primary key, revision bigint not null)`,
  `create table refused_connection (
    network_id text primary key, reason text not null, words text not null, status bigint not null, remote_address text,
    path text, subprotocols text not null, credentials text not null, password_digests text not null,
    count bigint not null, first_at text not null, last_at text not null)`,
  `create index refused_connection_last_at on refused_connection (last_at, network_id)`,
  `create table boot (
    boot_id text primary key, network_id text not null, at text not null, protocol text not null, vendor text, model text,
    serial_number text, firmware_version text, reason text, iccid text, imsi text, answered text, expected bigint not null)`,
  `create index boot_network_id on boot (network_id, boot_id)`,
  `create table connector (
    network_id text not null, evse_id numeric not null, connector_id numeric not null, status text not null,
    error_code text, info text, vendor_id text, vendor_error_code text, status_at text not null, received_at text not null,
    primary key (network_id, evse_id, connector_id))`,
  `create table availability_wish (
    network_id text not null, evse_id numeric not null, connector_id numeric not null, operative bigint not null,
    answer text not null, at text not null, primary key (network_id, evse_id, connector_id))`,
  `create table configuration (
    network_id text not null, name text not null, key_name text, component text, variable text, attribute text not null,
    value text, secret bigint not null, read_only bigint, mutability text, characteristics text, source text not null,
    at text not null, primary key (network_id, name))`,
  `create table network_profile (network_id text not null, slot numeric not null, profile text not null, set_at text not null, primary key (network_id, slot))`,
  `create table command (
    command_id text primary key, network_id text not null, charge_point_id text not null, action text not null,
    protocol text not null, payload text not null, status text not null, response text, error_code text,
    error_description text, requested_by text not null, requested_at text not null, handed_at text, sent_at text,
    finished_at text, not_after text not null, instance text not null, idempotency_key text, request_hash text)`,
  `create index command_network_id on command (network_id, command_id)`,
  `create index command_open on command (network_id, command_id) where finished_at is null`,
  `create index command_waiting on command (not_after) where finished_at is null`,
  `create index command_finished_at on command (finished_at)`,
  `create unique index command_idempotency on command (requested_by, idempotency_key) where idempotency_key is not null`,
  `create table template (template_id text primary key, name text not null unique, settings text not null, created_at text not null, updated_at text not null)`,
  `create table template_job (
    network_id text primary key, template_id text not null, cause_id text not null, cause text not null, status text not null,
    attempts bigint not null, report text, requested_at text not null, finished_at text, claimed_by text, claimed_until text)`,
  `create table template_write (
    network_id text not null, firmware_version text not null, name text not null, value text not null, outcome text not null,
    writes bigint not null, at text not null, primary key (network_id, firmware_version, name))`,
  `create table status_job (
    job_id text primary key, network_id text not null, kind text not null, action text, request_id numeric, status text not null,
    history text not null, detail text not null, requested_at text not null, updated_at text not null, finished_at text)`,
  `create index status_job_network_id on status_job (network_id, kind, job_id)`,
  `create table data_transfer (
    data_transfer_id text primary key, network_id text not null, vendor_id text not null, message_id text, data text, received_at text not null)`,
  `create index data_transfer_network_id on data_transfer (network_id, data_transfer_id)`,
  `create table security_event (
    security_event_id text primary key, network_id text not null, type text not null, tech_info text, occurred_at text not null, received_at text not null)`,
  `create index security_event_network_id on security_event (network_id, security_event_id)`,
  `create table certificate (
    network_id text not null, certificate_key text not null, type text not null, hash_data text, source text not null,
    at text not null, primary key (network_id, certificate_key))`,
  `create table charging_profile (
    network_id text not null, profile_id numeric not null, evse_id numeric not null, purpose text not null,
    stack_level numeric not null, profile text not null, source text not null, at text not null,
    primary key (network_id, profile_id))`,
];

export const deviceManager0001: Migration = {
  name: '0001-registry',
  async up(database) {
    for (const statement of statements) await sql.raw(statement).execute(database);
  },
};
