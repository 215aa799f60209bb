BEGIN;
CREATE TABLE migration (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL);
CREATE TABLE counter (name text primary key, value bigint not null);
CREATE TABLE outcome (envelope_id text primary key, answer text not null, events text not null, decided_at text not null);
CREATE TABLE charge_point (
    charge_point_id text primary key, network_id text not null unique, name text not null, serial_number text,
    template_id text, plug_and_charge bigint not null, vendor text, model text, firmware_version text,
    security_profile bigint not null, password_digests text not null, enabled bigint not null, tags text not null,
    registration text not null, heartbeat_interval_seconds bigint, assumed_protocol text, strict bigint not null,
    no_ping bigint not null, max_frame_bytes bigint, revision bigint not null, created_at text not null,
    updated_at text not null, last_seen_at text, last_protocol text, booted_at text, reset_at text);
CREATE TABLE auth_outbox (network_id text primary key, revision bigint not null);
CREATE TABLE refused_connection (
    network_id text primary key, reason text not null, words text not null, status bigint not null, remote_address text,
    path text, subprotocols text not null, credentials text not null, password_digests text not null,
    count bigint not null, first_at text not null, last_at text not null);
CREATE TABLE boot (
    boot_id text primary key, network_id text not null, at text not null, protocol text not null, vendor text, model text,
    serial_number text, firmware_version text, reason text, iccid text, imsi text, answered text, expected bigint not null);
CREATE TABLE connector (
    network_id text not null, evse_id numeric not null, connector_id numeric not null, status text not null,
    error_code text, info text, vendor_id text, vendor_error_code text, status_at text not null, received_at text not null,
    primary key (network_id, evse_id, connector_id));
CREATE TABLE availability_wish (
    network_id text not null, evse_id numeric not null, connector_id numeric not null, operative bigint not null,
    answer text not null, at text not null, primary key (network_id, evse_id, connector_id));
CREATE TABLE configuration (
    network_id text not null, name text not null, key_name text, component text, variable text, attribute text not null,
    value text, secret bigint not null, read_only bigint, mutability text, characteristics text, source text not null,
    at text not null, primary key (network_id, name));
CREATE TABLE network_profile (network_id text not null, slot numeric not null, profile text not null, set_at text not null, primary key (network_id, slot));
CREATE TABLE command (
    command_id text primary key, network_id text not null, charge_point_id text not null, action text not null,
    protocol text not null, payload text not null, status text not null, response text, error_code text,
    error_description text, requested_by text not null, requested_at text not null, handed_at text, sent_at text,
    finished_at text, not_after text not null, instance text not null, idempotency_key text, request_hash text);
CREATE TABLE template (template_id text primary key, name text not null unique, settings text not null, created_at text not null, updated_at text not null);
CREATE TABLE template_job (
    network_id text primary key, template_id text not null, cause_id text not null, cause text not null, status text not null,
    attempts bigint not null, report text, requested_at text not null, finished_at text, claimed_by text, claimed_until text);
CREATE TABLE template_write (
    network_id text not null, firmware_version text not null, name text not null, value text not null, outcome text not null,
    writes bigint not null, at text not null, primary key (network_id, firmware_version, name));
CREATE TABLE status_job (
    job_id text primary key, network_id text not null, kind text not null, action text, request_id numeric, status text not null,
    history text not null, detail text not null, requested_at text not null, updated_at text not null, finished_at text);
CREATE TABLE data_transfer (
    data_transfer_id text primary key, network_id text not null, vendor_id text not null, message_id text, data text, received_at text not null);
CREATE TABLE security_event (
    security_event_id text primary key, network_id text not null, type text not null, tech_info text, occurred_at text not null, received_at text not null);
CREATE TABLE certificate (
    network_id text not null, certificate_key text not null, type text not null, hash_data text, source text not null,
    at text not null, primary key (network_id, certificate_key));
CREATE TABLE charging_profile (
    network_id text not null, profile_id numeric not null, evse_id numeric not null, purpose text not null,
    stack_level numeric not null, profile text not null, source text not null, at text not null,
    primary key (network_id, profile_id));
CREATE INDEX outcome_decided_at on outcome (decided_at);
CREATE INDEX charge_point_template on charge_point (template_id);
CREATE INDEX refused_connection_last_at on refused_connection (last_at, network_id);
CREATE INDEX boot_network_id on boot (network_id, boot_id);
CREATE INDEX command_network_id on command (network_id, command_id);
CREATE INDEX command_open on command (network_id, command_id) where finished_at is null;
CREATE INDEX command_waiting on command (not_after) where finished_at is null;
CREATE INDEX command_finished_at on command (finished_at);
CREATE UNIQUE INDEX command_idempotency on command (requested_by, idempotency_key) where idempotency_key is not null;
CREATE INDEX status_job_network_id on status_job (network_id, kind, job_id);
CREATE INDEX data_transfer_network_id on data_transfer (network_id, data_transfer_id);
CREATE INDEX security_event_network_id on security_event (network_id, security_event_id);
INSERT INTO "migration" VALUES ('0001-registry','2026-11-26T12:24:40.894Z');
INSERT INTO "counter" VALUES ('revision',2);
INSERT INTO "charge_point" VALUES ('01a217d0-acc7-7266-ac88-5cbabec73157','UPGRADE-16','Öl & "Strom" UPGRADE-16',NULL,NULL,0,'Acme','One','1.0',1,'[{"salt":"nCfs5z+p7S3JgNq71kS9NQ==","digest":"rxuNtNiKzZtzjQsjg39PakBAyh0ktcM2Get1mwbYdAU="}]',1,'[]','Accepted',NULL,NULL,0,0,NULL,1,'2026-11-26T12:24:41.415Z','2026-11-26T12:24:41.415Z','2026-11-26T12:24:42.445Z','ocpp1.6','2026-11-26T12:24:41.846Z',NULL);
INSERT INTO "charge_point" VALUES ('01a217d0-ad2e-73be-b429-e91649ed1334','UPGRADE-201','Öl & "Strom" UPGRADE-201',NULL,NULL,0,'Acme','Two',NULL,1,'[{"salt":"zVlYXWE/+6gDVm3w6WylHg==","digest":"Px28uux42+/lm3PpzMV334rbcveu5UlmFwss04TnGww="}]',1,'[]','Accepted',NULL,NULL,0,0,NULL,2,'2026-11-26T12:24:41.518Z','2026-11-26T12:24:41.518Z','2026-11-26T12:24:42.761Z','ocpp2.0.1','2026-11-26T12:24:42.664Z',NULL);
INSERT INTO "refused_connection" VALUES ('UPGRADE-STRANGER','unknown-charge-point','This identity is not registered',404,'127.0.0.1','/ocpp/UPGRADE-STRANGER','["ocpp1.6"]','none','[]',1,'2026-11-26T12:24:41.782Z','2026-11-26T12:24:41.782Z');
INSERT INTO "boot" VALUES ('01a217d0-ae76-7273-a872-85c4715a3abd','UPGRADE-16','2026-11-26T12:24:41.846Z','ocpp1.6','Acme','One',NULL,'1.0',NULL,NULL,NULL,'Accepted',0);
INSERT INTO "boot" VALUES ('01a217d0-b1a8-71df-83db-451f930638fd','UPGRADE-201','2026-11-26T12:24:42.664Z','ocpp2.0.1','Acme','Two',NULL,NULL,'PowerUp',NULL,NULL,'Accepted',0);
INSERT INTO "connector" VALUES ('UPGRADE-16',0,0,'Available',NULL,NULL,NULL,NULL,'2026-11-26T12:24:41.986Z','2026-11-26T12:24:41.986Z');
INSERT INTO "connector" VALUES ('UPGRADE-16',0,1,'Available',NULL,NULL,NULL,NULL,'2026-11-26T12:24:42.030Z','2026-11-26T12:24:42.030Z');
INSERT INTO "connector" VALUES ('UPGRADE-201',1,1,'Available',NULL,NULL,NULL,NULL,'2026-01-02T03:04:05.000Z','2026-11-26T12:24:42.680Z');
INSERT INTO "configuration" VALUES ('UPGRADE-16','heartbeatinterval','HeartbeatInterval',NULL,NULL,'Actual','300',0,0,NULL,NULL,'read','2026-11-26T12:24:42.185Z');
INSERT INTO "command" VALUES ('01a217d0-afa1-73af-a9cf-9dead45853ab','UPGRADE-16','01a217d0-acc7-7266-ac88-5cbabec73157','ClearCache','ocpp1.6','{}','answered','{"status":"Accepted"}',NULL,NULL,'admin','2026-11-26T12:24:42.145Z','2026-11-26T12:24:42.145Z','2026-11-26T12:24:42.153Z','2026-11-26T12:24:42.159Z','2026-11-26T12:25:27.145Z','vm',NULL,NULL);
INSERT INTO "command" VALUES ('01a217d0-afb9-73c5-b5c4-071ef66d829f','UPGRADE-16','01a217d0-acc7-7266-ac88-5cbabec73157','GetConfiguration','ocpp1.6','{}','answered','{"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"value":"300"}],"unknownKey":[]}',NULL,NULL,'admin','2026-11-26T12:24:42.169Z','2026-11-26T12:24:42.169Z','2026-11-26T12:24:42.173Z','2026-11-26T12:24:42.184Z','2026-11-26T12:25:27.169Z','vm',NULL,NULL);
INSERT INTO "command" VALUES ('01a217d0-afd9-7355-930f-576781badd52','UPGRADE-16','01a217d0-acc7-7266-ac88-5cbabec73157','ReserveNow','ocpp1.6','{"connectorId":1,"expiryDate":"2099-01-02T03:04:05.000Z","idTag":"UPGRADE-CARD","reservationId":1}','answered','{"status":"Accepted"}',NULL,NULL,'admin','2026-11-26T12:24:42.201Z','2026-11-26T12:24:42.201Z','2026-11-26T12:24:42.204Z','2026-11-26T12:24:42.222Z','2026-11-26T12:25:27.201Z','vm',NULL,NULL);
INSERT INTO "template" VALUES ('01a217d0-ad6c-7082-9bee-c16ba0f18f6b','Upgrade','[{"key":"MeterValueSampleInterval","value":"60"}]','2026-11-26T12:24:41.580Z','2026-11-26T12:24:41.580Z');
COMMIT;
