SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA bus;
CREATE SCHEMA device_manager;
CREATE SCHEMA message_manager;
CREATE SCHEMA session;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE bus.migration (
    name text NOT NULL COLLATE pg_catalog."C",
    applied_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE bus.parked (
    group_name text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    topic text NOT NULL COLLATE pg_catalog."C",
    client text NOT NULL COLLATE pg_catalog."C",
    parked_at text NOT NULL COLLATE pg_catalog."C",
    attempts bigint NOT NULL,
    reason text NOT NULL COLLATE pg_catalog."C",
    content text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE device_manager.auth_outbox (
    network_id text NOT NULL COLLATE pg_catalog."C",
    revision bigint NOT NULL
);
CREATE TABLE device_manager.availability_wish (
    network_id text NOT NULL COLLATE pg_catalog."C",
    evse_id numeric NOT NULL,
    connector_id numeric NOT NULL,
    operative bigint NOT NULL,
    answer text NOT NULL COLLATE pg_catalog."C",
    at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE device_manager.boot (
    boot_id text NOT NULL COLLATE pg_catalog."C",
    network_id text NOT NULL COLLATE pg_catalog."C",
    at text NOT NULL COLLATE pg_catalog."C",
    protocol text NOT NULL COLLATE pg_catalog."C",
    vendor text COLLATE pg_catalog."C",
    model text COLLATE pg_catalog."C",
    serial_number text COLLATE pg_catalog."C",
    firmware_version text COLLATE pg_catalog."C",
    reason text COLLATE pg_catalog."C",
    iccid text COLLATE pg_catalog."C",
    imsi text COLLATE pg_catalog."C",
    answered text COLLATE pg_catalog."C",
    expected bigint NOT NULL
);
CREATE TABLE device_manager.certificate (
    network_id text NOT NULL COLLATE pg_catalog."C",
    certificate_key text NOT NULL COLLATE pg_catalog."C",
    type text NOT NULL COLLATE pg_catalog."C",
    hash_data text COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE device_manager.charge_point (
    charge_point_id text NOT NULL COLLATE pg_catalog."C",
    network_id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    serial_number text COLLATE pg_catalog."C",
    template_id text COLLATE pg_catalog."C",
    plug_and_charge bigint NOT NULL,
    vendor text COLLATE pg_catalog."C",
    model text COLLATE pg_catalog."C",
    firmware_version text COLLATE pg_catalog."C",
    security_profile bigint NOT NULL,
    password_digests text NOT NULL COLLATE pg_catalog."C",
    enabled bigint NOT NULL,
    tags text NOT NULL COLLATE pg_catalog."C",
    registration text NOT NULL COLLATE pg_catalog."C",
    heartbeat_interval_seconds bigint,
    assumed_protocol text COLLATE pg_catalog."C",
    strict bigint NOT NULL,
    no_ping bigint NOT NULL,
    max_frame_bytes bigint,
    revision bigint NOT NULL,
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    last_seen_at text COLLATE pg_catalog."C",
    last_protocol text COLLATE pg_catalog."C",
    booted_at text COLLATE pg_catalog."C",
    reset_at text COLLATE pg_catalog."C"
);
CREATE TABLE device_manager.charging_profile (
    network_id text NOT NULL COLLATE pg_catalog."C",
    profile_id numeric NOT NULL,
    evse_id numeric NOT NULL,
    purpose text NOT NULL COLLATE pg_catalog."C",
    stack_level numeric NOT NULL,
    profile text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE device_manager.command (
    command_id text NOT NULL COLLATE pg_catalog."C",
    network_id text NOT NULL COLLATE pg_catalog."C",
    charge_point_id text NOT NULL COLLATE pg_catalog."C",
    action text NOT NULL COLLATE pg_catalog."C",
    protocol text NOT NULL COLLATE pg_catalog."C",
    payload text NOT NULL COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    response text COLLATE pg_catalog."C",
    error_code text COLLATE pg_catalog."C",
    error_description text COLLATE pg_catalog."C",
    requested_by text NOT NULL COLLATE pg_catalog."C",
    requested_at text NOT NULL COLLATE pg_catalog."C",
    handed_at text COLLATE pg_catalog."C",
    sent_at text COLLATE pg_catalog."C",
    finished_at text COLLATE pg_catalog."C",
    not_after text NOT NULL COLLATE pg_catalog."C",
    instance text NOT NULL COLLATE pg_catalog."C",
    idempotency_key text COLLATE pg_catalog."C",
    request_hash text COLLATE pg_catalog."C"
);
CREATE TABLE device_manager.configuration (
    network_id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    key_name text COLLATE pg_catalog."C",
    component text COLLATE pg_catalog."C",
    variable text COLLATE pg_catalog."C",
    attribute text NOT NULL COLLATE pg_catalog."C",
    value text COLLATE pg_catalog."C",
    secret bigint NOT NULL,
    read_only bigint,
    mutability text COLLATE pg_catalog."C",
    characteristics text COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE device_manager.connector (
    network_id text NOT NULL COLLATE pg_catalog."C",
    evse_id numeric NOT NULL,
    connector_id numeric NOT NULL,
    status text NOT NULL COLLATE pg_catalog."C",
    error_code text COLLATE pg_catalog."C",
    info text COLLATE pg_catalog."C",
    vendor_id text COLLATE pg_catalog."C",
    vendor_error_code text COLLATE pg_catalog."C",
    status_at text NOT NULL COLLATE pg_catalog."C",
    received_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE device_manager.counter (
    name text NOT NULL COLLATE pg_catalog."C",
    value bigint NOT NULL
);
CREATE TABLE device_manager.data_transfer (
    data_transfer_id text NOT NULL COLLATE pg_catalog."C",
    network_id text NOT NULL COLLATE pg_catalog."C",
    vendor_id text NOT NULL COLLATE pg_catalog."C",
    message_id text COLLATE pg_catalog."C",
    data text COLLATE pg_catalog."C",
    received_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE device_manager.migration (
    name text NOT NULL COLLATE pg_catalog."C",
    applied_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE device_manager.network_profile (
    network_id text NOT NULL COLLATE pg_catalog."C",
    slot numeric NOT NULL,
    profile text NOT NULL COLLATE pg_catalog."C",
    set_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE device_manager.outcome (
    envelope_id text NOT NULL COLLATE pg_catalog."C",
    answer text NOT NULL COLLATE pg_catalog."C",
    events text NOT NULL COLLATE pg_catalog."C",
    decided_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE device_manager.refused_connection (
    network_id text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL COLLATE pg_catalog."C",
    words text NOT NULL COLLATE pg_catalog."C",
    status bigint NOT NULL,
    remote_address text COLLATE pg_catalog."C",
    path text COLLATE pg_catalog."C",
    subprotocols text NOT NULL COLLATE pg_catalog."C",
    credentials text NOT NULL COLLATE pg_catalog."C",
    password_digests text NOT NULL COLLATE pg_catalog."C",
    count bigint NOT NULL,
    first_at text NOT NULL COLLATE pg_catalog."C",
    last_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE device_manager.security_event (
    security_event_id text NOT NULL COLLATE pg_catalog."C",
    network_id text NOT NULL COLLATE pg_catalog."C",
    type text NOT NULL COLLATE pg_catalog."C",
    tech_info text COLLATE pg_catalog."C",
    occurred_at text NOT NULL COLLATE pg_catalog."C",
    received_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE device_manager.status_job (
    job_id text NOT NULL COLLATE pg_catalog."C",
    network_id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    action text COLLATE pg_catalog."C",
    request_id numeric,
    status text NOT NULL COLLATE pg_catalog."C",
    history text NOT NULL COLLATE pg_catalog."C",
    detail text NOT NULL COLLATE pg_catalog."C",
    requested_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    finished_at text COLLATE pg_catalog."C"
);
CREATE TABLE device_manager.template (
    template_id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    settings text NOT NULL COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE device_manager.template_job (
    network_id text NOT NULL COLLATE pg_catalog."C",
    template_id text NOT NULL COLLATE pg_catalog."C",
    cause_id text NOT NULL COLLATE pg_catalog."C",
    cause text NOT NULL COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    attempts bigint NOT NULL,
    report text COLLATE pg_catalog."C",
    requested_at text NOT NULL COLLATE pg_catalog."C",
    finished_at text COLLATE pg_catalog."C",
    claimed_by text COLLATE pg_catalog."C",
    claimed_until text COLLATE pg_catalog."C"
);
CREATE TABLE device_manager.template_write (
    network_id text NOT NULL COLLATE pg_catalog."C",
    firmware_version text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C",
    outcome text NOT NULL COLLATE pg_catalog."C",
    writes bigint NOT NULL,
    at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE message_manager.answers (
    seq bigint NOT NULL,
    call_id text NOT NULL COLLATE pg_catalog."C"
)
PARTITION BY RANGE (seq);
CREATE TABLE message_manager.answers_20783 (
    seq bigint NOT NULL,
    call_id text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE message_manager.answers_20784 (
    seq bigint NOT NULL,
    call_id text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE message_manager.answers_20785 (
    seq bigint NOT NULL,
    call_id text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE message_manager.answers_20786 (
    seq bigint NOT NULL,
    call_id text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE message_manager.block_index (
    seq bigint NOT NULL,
    first_time bigint NOT NULL,
    last_time bigint NOT NULL,
    first_id text NOT NULL COLLATE pg_catalog."C",
    last_id text NOT NULL COLLATE pg_catalog."C",
    count bigint NOT NULL,
    size bigint NOT NULL,
    kinds bigint NOT NULL,
    actions text COLLATE pg_catalog."C"
);
CREATE TABLE message_manager.blocks (
    seq bigint NOT NULL,
    first_time bigint NOT NULL,
    last_time bigint NOT NULL,
    first_id text NOT NULL COLLATE pg_catalog."C",
    last_id text NOT NULL COLLATE pg_catalog."C",
    count bigint NOT NULL,
    size bigint NOT NULL,
    kinds bigint NOT NULL,
    actions text COLLATE pg_catalog."C",
    clients text NOT NULL COLLATE pg_catalog."C",
    msg_ids text NOT NULL COLLATE pg_catalog."C",
    content text NOT NULL COLLATE pg_catalog."C",
    id_codes text NOT NULL COLLATE pg_catalog."C"
)
PARTITION BY RANGE (seq);
CREATE TABLE message_manager.log_state (
    indexed_to bigint NOT NULL,
    messages bigint NOT NULL
);
CREATE VIEW message_manager.block_refs AS
 SELECT block_index.seq,
    block_index.first_time,
    block_index.last_time,
    block_index.first_id,
    block_index.last_id,
    block_index.count,
    block_index.size,
    block_index.kinds,
    block_index.actions
   FROM message_manager.block_index
UNION ALL
 SELECT blocks.seq,
    blocks.first_time,
    blocks.last_time,
    blocks.first_id,
    blocks.last_id,
    blocks.count,
    blocks.size,
    blocks.kinds,
    blocks.actions
   FROM message_manager.blocks
  WHERE (blocks.seq > ( SELECT log_state.indexed_to
           FROM message_manager.log_state));
CREATE TABLE message_manager.blocks_20783 (
    seq bigint NOT NULL,
    first_time bigint NOT NULL,
    last_time bigint NOT NULL,
    first_id text NOT NULL COLLATE pg_catalog."C",
    last_id text NOT NULL COLLATE pg_catalog."C",
    count bigint NOT NULL,
    size bigint NOT NULL,
    kinds bigint NOT NULL,
    actions text COLLATE pg_catalog."C",
    clients text NOT NULL COLLATE pg_catalog."C",
    msg_ids text NOT NULL COLLATE pg_catalog."C",
    content text NOT NULL COLLATE pg_catalog."C",
    id_codes text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE message_manager.blocks_20784 (
    seq bigint NOT NULL,
    first_time bigint NOT NULL,
    last_time bigint NOT NULL,
    first_id text NOT NULL COLLATE pg_catalog."C",
    last_id text NOT NULL COLLATE pg_catalog."C",
    count bigint NOT NULL,
    size bigint NOT NULL,
    kinds bigint NOT NULL,
    actions text COLLATE pg_catalog."C",
    clients text NOT NULL COLLATE pg_catalog."C",
    msg_ids text NOT NULL COLLATE pg_catalog."C",
    content text NOT NULL COLLATE pg_catalog."C",
    id_codes text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE message_manager.blocks_20785 (
    seq bigint NOT NULL,
    first_time bigint NOT NULL,
    last_time bigint NOT NULL,
    first_id text NOT NULL COLLATE pg_catalog."C",
    last_id text NOT NULL COLLATE pg_catalog."C",
    count bigint NOT NULL,
    size bigint NOT NULL,
    kinds bigint NOT NULL,
    actions text COLLATE pg_catalog."C",
    clients text NOT NULL COLLATE pg_catalog."C",
    msg_ids text NOT NULL COLLATE pg_catalog."C",
    content text NOT NULL COLLATE pg_catalog."C",
    id_codes text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE message_manager.blocks_20786 (
    seq bigint NOT NULL,
    first_time bigint NOT NULL,
    last_time bigint NOT NULL,
    first_id text NOT NULL COLLATE pg_catalog."C",
    last_id text NOT NULL COLLATE pg_catalog."C",
    count bigint NOT NULL,
    size bigint NOT NULL,
    kinds bigint NOT NULL,
    actions text COLLATE pg_catalog."C",
    clients text NOT NULL COLLATE pg_catalog."C",
    msg_ids text NOT NULL COLLATE pg_catalog."C",
    content text NOT NULL COLLATE pg_catalog."C",
    id_codes text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE message_manager.log_mark (
    last_block bigint NOT NULL
);
CREATE TABLE message_manager.migration (
    name text NOT NULL COLLATE pg_catalog."C",
    applied_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE message_manager.msg_id_blocks (
    bucket text NOT NULL COLLATE pg_catalog."C",
    after_block bigint NOT NULL,
    last_block bigint NOT NULL,
    entries text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE message_manager.term_blocks (
    term text NOT NULL COLLATE pg_catalog."C",
    slice bigint NOT NULL,
    after_block bigint NOT NULL,
    blocks text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE session.authorization_log (
    id text NOT NULL COLLATE pg_catalog."C",
    at text NOT NULL COLLATE pg_catalog."C",
    client text NOT NULL COLLATE pg_catalog."C",
    action text NOT NULL COLLATE pg_catalog."C",
    id_token text NOT NULL COLLATE pg_catalog."C",
    type text COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE session.charge_point (
    client text NOT NULL COLLATE pg_catalog."C",
    protocol text NOT NULL COLLATE pg_catalog."C",
    booted_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE session.charging_transaction (
    id text NOT NULL COLLATE pg_catalog."C",
    client text NOT NULL COLLATE pg_catalog."C",
    dialect text NOT NULL COLLATE pg_catalog."C",
    protocol text NOT NULL COLLATE pg_catalog."C",
    transaction_id text NOT NULL COLLATE pg_catalog."C",
    start_key text COLLATE pg_catalog."C",
    start_generation bigint,
    connector_id numeric,
    evse_id numeric,
    id_token text COLLATE pg_catalog."C",
    token_key text COLLATE pg_catalog."C",
    id_token_type text COLLATE pg_catalog."C",
    parent_id_token text COLLATE pg_catalog."C",
    authorization_status text COLLATE pg_catalog."C",
    active bigint NOT NULL,
    started_at text NOT NULL COLLATE pg_catalog."C",
    started_at_raw text COLLATE pg_catalog."C",
    start_received_at text NOT NULL COLLATE pg_catalog."C",
    stopped_at text COLLATE pg_catalog."C",
    stopped_at_raw text COLLATE pg_catalog."C",
    stop_received_at text COLLATE pg_catalog."C",
    meter_start_wh double precision,
    meter_stop_wh double precision,
    energy_wh double precision,
    disputed bigint NOT NULL,
    reason text COLLATE pg_catalog."C",
    stop_id_token text COLLATE pg_catalog."C",
    charging_state text COLLATE pg_catalog."C",
    offline bigint NOT NULL,
    reservation_id numeric,
    remote_start text COLLATE pg_catalog."C",
    stop_requested_at text COLLATE pg_catalog."C",
    flags text NOT NULL COLLATE pg_catalog."C",
    merged text COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE session.evidence (
    subject_id text NOT NULL COLLATE pg_catalog."C",
    envelope_id text NOT NULL COLLATE pg_catalog."C",
    message_type text NOT NULL COLLATE pg_catalog."C",
    received_at text NOT NULL COLLATE pg_catalog."C",
    repeated bigint NOT NULL
);
CREATE TABLE session.id_token (
    token_key text NOT NULL COLLATE pg_catalog."C",
    id_token text NOT NULL COLLATE pg_catalog."C",
    type text COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    expires_at text COLLATE pg_catalog."C",
    parent_id_token text COLLATE pg_catalog."C",
    charge_points text NOT NULL COLLATE pg_catalog."C",
    allow_concurrent bigint NOT NULL,
    note text COLLATE pg_catalog."C",
    language text COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE session.installation (
    name text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE session.local_list (
    client text NOT NULL COLLATE pg_catalog."C",
    version numeric NOT NULL,
    entries text NOT NULL COLLATE pg_catalog."C",
    sent_at text COLLATE pg_catalog."C",
    reported_version numeric,
    reported_at text COLLATE pg_catalog."C"
);
CREATE TABLE session.meter_value (
    id text NOT NULL COLLATE pg_catalog."C",
    client text NOT NULL COLLATE pg_catalog."C",
    transaction_ref text NOT NULL COLLATE pg_catalog."C",
    measured_at text NOT NULL COLLATE pg_catalog."C",
    register_wh double precision,
    body text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE session.migration (
    name text NOT NULL COLLATE pg_catalog."C",
    applied_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE session.orphan_message (
    id text NOT NULL COLLATE pg_catalog."C",
    client text NOT NULL COLLATE pg_catalog."C",
    orphan_key text NOT NULL COLLATE pg_catalog."C",
    message_type text NOT NULL COLLATE pg_catalog."C",
    transaction_id text COLLATE pg_catalog."C",
    id_token text COLLATE pg_catalog."C",
    stopped_at text NOT NULL COLLATE pg_catalog."C",
    meter_stop_wh double precision,
    request text NOT NULL COLLATE pg_catalog."C",
    flags text NOT NULL COLLATE pg_catalog."C",
    received_at text NOT NULL COLLATE pg_catalog."C",
    envelope_id text NOT NULL COLLATE pg_catalog."C",
    adopted_by text COLLATE pg_catalog."C"
);
CREATE TABLE session.outcome (
    envelope_id text NOT NULL COLLATE pg_catalog."C",
    answer text NOT NULL COLLATE pg_catalog."C",
    events text NOT NULL COLLATE pg_catalog."C",
    decided_at text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE session.remote_start (
    call_id text NOT NULL COLLATE pg_catalog."C",
    client text NOT NULL COLLATE pg_catalog."C",
    message_id text NOT NULL COLLATE pg_catalog."C",
    token_key text NOT NULL COLLATE pg_catalog."C",
    outlet numeric,
    remote_start_id numeric,
    requested_at text NOT NULL COLLATE pg_catalog."C",
    led_to text COLLATE pg_catalog."C"
);
CREATE TABLE session.reservation (
    client text NOT NULL COLLATE pg_catalog."C",
    reservation_id numeric NOT NULL,
    status text NOT NULL COLLATE pg_catalog."C",
    detail text COLLATE pg_catalog."C",
    id_token text NOT NULL COLLATE pg_catalog."C",
    id_token_type text COLLATE pg_catalog."C",
    parent_id_token text COLLATE pg_catalog."C",
    outlet numeric,
    expires_at text NOT NULL COLLATE pg_catalog."C",
    created_at text NOT NULL COLLATE pg_catalog."C",
    updated_at text NOT NULL COLLATE pg_catalog."C",
    used_by text COLLATE pg_catalog."C",
    call_id text COLLATE pg_catalog."C"
);
CREATE TABLE session.sequence (
    name text NOT NULL COLLATE pg_catalog."C",
    value bigint NOT NULL
);
CREATE TABLE session.transaction_event (
    client text NOT NULL COLLATE pg_catalog."C",
    transaction_id text NOT NULL COLLATE pg_catalog."C",
    seq_no numeric NOT NULL,
    event_type text NOT NULL COLLATE pg_catalog."C",
    timestamp_raw text NOT NULL COLLATE pg_catalog."C",
    happened_at text NOT NULL COLLATE pg_catalog."C",
    received_at text NOT NULL COLLATE pg_catalog."C",
    envelope_id text NOT NULL COLLATE pg_catalog."C",
    trigger_reason text COLLATE pg_catalog."C",
    charging_state text COLLATE pg_catalog."C",
    offline bigint NOT NULL
);
CREATE TABLE session.unknown_token (
    token_key text NOT NULL COLLATE pg_catalog."C",
    id_token text NOT NULL COLLATE pg_catalog."C",
    type text COLLATE pg_catalog."C",
    first_seen_at text NOT NULL COLLATE pg_catalog."C",
    last_seen_at text NOT NULL COLLATE pg_catalog."C",
    count bigint NOT NULL,
    last_client text NOT NULL COLLATE pg_catalog."C",
    last_action text NOT NULL COLLATE pg_catalog."C"
);
ALTER TABLE ONLY message_manager.answers ATTACH PARTITION message_manager.answers_20783 FOR VALUES FROM ('7354987315200000') TO ('7355341209600000');
ALTER TABLE ONLY message_manager.answers ATTACH PARTITION message_manager.answers_20784 FOR VALUES FROM ('7355341209600000') TO ('7355695104000000');
ALTER TABLE ONLY message_manager.answers ATTACH PARTITION message_manager.answers_20785 FOR VALUES FROM ('7355695104000000') TO ('7356048998400000');
ALTER TABLE ONLY message_manager.answers ATTACH PARTITION message_manager.answers_20786 FOR VALUES FROM ('7356048998400000') TO ('7356402892800000');
ALTER TABLE ONLY message_manager.blocks ATTACH PARTITION message_manager.blocks_20783 FOR VALUES FROM ('112228200000') TO ('112233600000');
ALTER TABLE ONLY message_manager.blocks ATTACH PARTITION message_manager.blocks_20784 FOR VALUES FROM ('112233600000') TO ('112239000000');
ALTER TABLE ONLY message_manager.blocks ATTACH PARTITION message_manager.blocks_20785 FOR VALUES FROM ('112239000000') TO ('112244400000');
ALTER TABLE ONLY message_manager.blocks ATTACH PARTITION message_manager.blocks_20786 FOR VALUES FROM ('112244400000') TO ('112249800000');
INSERT INTO bus.migration VALUES ('0001-parking', '2026-11-26T12:24:56.275Z');
INSERT INTO bus.parked VALUES ('session', '01a217d0-b1f4-7134-826e-bb25a5ac6d9f', 'MessagesIn', 'UPGRADE-201', '2026-01-02T03:04:05.000Z', 3, 'bad', '{"serverNode":"vm","client":"UPGRADE-201","messageTime":"2026-11-26T12:24:42.740Z","body":{"direction":2,"msgId":"9c864950-312c-4e96-8a69-b4995ea3ad17","messageType":"TransactionEvent","messageBody":{"timestamp":"2026-01-02T03:04:05.000Z","evse":{"id":1,"connectorId":1},"idToken":{"idToken":"UPGRADE-CARD","type":"ISO14443"},"eventType":"Ended","triggerReason":"StopAuthorized","seqNo":1,"transactionInfo":{"transactionId":"upgrade-transaction","stoppedReason":"Local"},"meterValue":[{"timestamp":"2026-01-02T03:04:05.000Z","sampledValue":[{"value":5000,"measurand":"Energy.Active.Import.Register"}]}]}},"id":"01a217d0-b1f4-7134-826e-bb25a5ac6d9f","origin":"client","seq":5,"connection":1795695882661000,"protocol":"ocpp2.0.1","tenant":"default","answer":{"direction":3,"messageTime":"2026-11-26T12:24:42.761Z","messageBody":{"idTokenInfo":{"status":"Accepted"}},"id":"01a217d0-b208-701a-8a8f-16dad58df720"},"latencyMs":21}');
INSERT INTO device_manager.boot VALUES ('01a217d0-ae76-7273-a872-85c4715a3abd', 'UPGRADE-16', '2026-11-26T12:24:41.846Z', 'ocpp1.6', 'Acme', 'One', NULL, '1.0', NULL, NULL, NULL, 'Accepted', 0);
INSERT INTO device_manager.boot VALUES ('01a217d0-b1a8-71df-83db-451f930638fd', 'UPGRADE-201', '2026-11-26T12:24:42.664Z', 'ocpp2.0.1', 'Acme', 'Two', NULL, NULL, 'PowerUp', NULL, NULL, 'Accepted', 0);
INSERT INTO device_manager.charge_point VALUES ('01a217d0-acc7-7266-ac88-5cbabec73157', 'UPGRADE-16', 'Öl & "Strom" UPGRADE-16', NULL, NULL, 0, 'Acme', 'One', '1.0', 1, '[{"salt":"nCfs5z+p7S3JgNq71kS9NQ==","digest":"rxuNtNiKzZtzjQsjg39PakBAyh0ktcM2Get1mwbYdAU="}]', 1, '[]', 'Accepted', NULL, NULL, 0, 0, NULL, 1, '2026-11-26T12:24:41.415Z', '2026-11-26T12:24:41.415Z', '2026-11-26T12:24:42.445Z', 'ocpp1.6', '2026-11-26T12:24:41.846Z', NULL);
INSERT INTO device_manager.charge_point VALUES ('01a217d0-ad2e-73be-b429-e91649ed1334', 'UPGRADE-201', 'Öl & "Strom" UPGRADE-201', NULL, NULL, 0, 'Acme', 'Two', NULL, 1, '[{"salt":"zVlYXWE/+6gDVm3w6WylHg==","digest":"Px28uux42+/lm3PpzMV334rbcveu5UlmFwss04TnGww="}]', 1, '[]', 'Accepted', NULL, NULL, 0, 0, NULL, 2, '2026-11-26T12:24:41.518Z', '2026-11-26T12:24:41.518Z', '2026-11-26T12:24:42.761Z', 'ocpp2.0.1', '2026-11-26T12:24:42.664Z', NULL);
INSERT INTO device_manager.command VALUES ('01a217d0-afa1-73af-a9cf-9dead45853ab', 'UPGRADE-16', '01a217d0-acc7-7266-ac88-5cbabec73157', 'ClearCache', 'ocpp1.6', '{}', 'answered', '{"status":"Accepted"}', NULL, NULL, 'admin', '2026-11-26T12:24:42.145Z', '2026-11-26T12:24:42.145Z', '2026-11-26T12:24:42.153Z', '2026-11-26T12:24:42.159Z', '2026-11-26T12:25:27.145Z', 'vm', NULL, NULL);
INSERT INTO device_manager.command VALUES ('01a217d0-afb9-73c5-b5c4-071ef66d829f', 'UPGRADE-16', '01a217d0-acc7-7266-ac88-5cbabec73157', 'GetConfiguration', 'ocpp1.6', '{}', 'answered', '{"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"value":"300"}],"unknownKey":[]}', NULL, NULL, 'admin', '2026-11-26T12:24:42.169Z', '2026-11-26T12:24:42.169Z', '2026-11-26T12:24:42.173Z', '2026-11-26T12:24:42.184Z', '2026-11-26T12:25:27.169Z', 'vm', NULL, NULL);
INSERT INTO device_manager.command VALUES ('01a217d0-afd9-7355-930f-576781badd52', 'UPGRADE-16', '01a217d0-acc7-7266-ac88-5cbabec73157', 'ReserveNow', 'ocpp1.6', '{"connectorId":1,"expiryDate":"2099-01-02T03:04:05.000Z","idTag":"UPGRADE-CARD","reservationId":1}', 'answered', '{"status":"Accepted"}', NULL, NULL, 'admin', '2026-11-26T12:24:42.201Z', '2026-11-26T12:24:42.201Z', '2026-11-26T12:24:42.204Z', '2026-11-26T12:24:42.222Z', '2026-11-26T12:25:27.201Z', 'vm', NULL, NULL);
INSERT INTO device_manager.configuration VALUES ('UPGRADE-16', 'heartbeatinterval', 'HeartbeatInterval', NULL, NULL, 'Actual', '300', 0, 0, NULL, NULL, 'read', '2026-11-26T12:24:42.185Z');
INSERT INTO device_manager.connector VALUES ('UPGRADE-16', 0, 0, 'Available', NULL, NULL, NULL, NULL, '2026-11-26T12:24:41.986Z', '2026-11-26T12:24:41.986Z');
INSERT INTO device_manager.connector VALUES ('UPGRADE-16', 0, 1, 'Available', NULL, NULL, NULL, NULL, '2026-11-26T12:24:42.030Z', '2026-11-26T12:24:42.030Z');
INSERT INTO device_manager.connector VALUES ('UPGRADE-201', 1, 1, 'Available', NULL, NULL, NULL, NULL, '2026-01-02T03:04:05.000Z', '2026-11-26T12:24:42.680Z');
INSERT INTO device_manager.counter VALUES ('revision', 2);
INSERT INTO device_manager.migration VALUES ('0001-registry', '2026-11-26T12:24:56.106Z');
INSERT INTO device_manager.refused_connection VALUES ('UPGRADE-STRANGER', 'unknown-charge-point', 'This identity is not registered', 404, '127.0.0.1', '/ocpp/UPGRADE-STRANGER', '["ocpp1.6"]', 'none', '[]', 1, '2026-11-26T12:24:41.782Z', '2026-11-26T12:24:41.782Z');
INSERT INTO device_manager.template VALUES ('01a217d0-ad6c-7082-9bee-c16ba0f18f6b', 'Upgrade', '[{"key":"MeterValueSampleInterval","value":"60"}]', '2026-11-26T12:24:41.580Z', '2026-11-26T12:24:41.580Z');
INSERT INTO message_manager.answers_20783 VALUES (7355170395521028, '01a217d0-af43-73a5-8229-5d2e4988c757');
INSERT INTO message_manager.answers_20783 VALUES (7355170395521030, '01a217d0-af58-7059-8b7f-bb0144b48132');
INSERT INTO message_manager.answers_20783 VALUES (7355170395521032, '01a217d0-af64-731c-982c-850efffb1db5');
INSERT INTO message_manager.answers_20783 VALUES (7355170395521035, '01a217d0-af7c-71a8-9b77-d57aee755788');
INSERT INTO message_manager.answers_20783 VALUES (7355170395521037, '01a217d0-afa1-73af-a9cf-9dead45853ab');
INSERT INTO message_manager.answers_20783 VALUES (7355170395521039, '01a217d0-afb9-73c5-b5c4-071ef66d829f');
INSERT INTO message_manager.answers_20783 VALUES (7355170395521041, '01a217d0-afd9-7355-930f-576781badd52');
INSERT INTO message_manager.answers_20783 VALUES (7355170395521043, '01a217d0-b0b1-72cd-b287-9aacf2745574');
INSERT INTO message_manager.answers_20783 VALUES (7355170395521047, '01a217d0-b1c0-714b-8a14-3e682bb2a471');
INSERT INTO message_manager.answers_20783 VALUES (7355170395521049, '01a217d0-b1f4-7134-826e-bb25a5ac6d9f');
INSERT INTO message_manager.block_index VALUES (112230993584, 1795695881846, 1795695882761, '01a217d0-ae76-7273-a872-85c4715a3abd', '01a217d0-b208-701a-8a8f-16dad58df720', 26, 12452, 5516, '["BootNotification","StatusNotification","Authorize","StartTransaction","MeterValues","StopTransaction","ClearCache","GetConfiguration","ReserveNow","TransactionEvent"]');
INSERT INTO message_manager.blocks_20783 VALUES (112230993584, 1795695881846, 1795695882761, '01a217d0-ae76-7273-a872-85c4715a3abd', '01a217d0-b208-701a-8a8f-16dad58df720', 26, 12452, 5516, '["BootNotification","StatusNotification","Authorize","StartTransaction","MeterValues","StopTransaction","ClearCache","GetConfiguration","ReserveNow","TransactionEvent"]', '["UPGRADE-16","UPGRADE-201"]', 'RhhBIK_rBKm0GkOlGkOlYbmLYbmLiY5TiY5TTYSQspAnspAn_qhZ_qhZH46ZH46ZmXCdmXCdUeZfUeZflm6rGem3tJsmtJsmD6dDD6dD', '{"serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:41.846Z","body":{"direction":2,"msgId":"8ec5a38a-54c6-4ccc-a735-68224b59f12c","messageType":"BootNotification","messageBody":{"chargePointVendor":"Acme","chargePointModel":"One","firmwareVersion":"1.0"}},"id":"01a217d0-ae76-7273-a872-85c4715a3abd","origin":"client","seq":1,"connection":1795695881822000,"protocol":"ocpp1.6","tenant":"default","answer":{"direction":3,"messageTime":"2026-11-26T12:24:41.846Z","messageBody":{"status":"Accepted","currentTime":"2026-11-26T12:24:41.846Z","interval":300}}}
{"serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:41.986Z","body":{"direction":2,"msgId":"70dc716a-4a45-4844-ad3b-b55763fdf95b","messageType":"StatusNotification","messageBody":{"connectorId":0,"errorCode":"NoError","status":"Available"}},"id":"01a217d0-af02-728b-a6a0-84f8ef91430f","origin":"client","seq":2,"connection":1795695881822000,"protocol":"ocpp1.6","tenant":"default","answer":{"direction":3,"messageTime":"2026-11-26T12:24:41.986Z","messageBody":{}}}
{"serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.030Z","body":{"direction":2,"msgId":"de3cda9d-085b-4dc4-83f1-e6ab46bea25a","messageType":"StatusNotification","messageBody":{"connectorId":1,"errorCode":"NoError","status":"Available"}},"id":"01a217d0-af2e-71a1-aaeb-c01c270d56b5","origin":"client","seq":3,"connection":1795695881822000,"protocol":"ocpp1.6","tenant":"default","answer":{"direction":3,"messageTime":"2026-11-26T12:24:42.030Z","messageBody":{}}}
{"serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.051Z","body":{"direction":2,"msgId":"4e48fcbc-d08f-49aa-9a1d-be48578feaea","messageType":"Authorize","messageBody":{"idTag":"UPGRADE-CARD"}},"id":"01a217d0-af43-73a5-8229-5d2e4988c757","origin":"client","seq":4,"connection":1795695881822000,"protocol":"ocpp1.6","tenant":"default"}
{"serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.067Z","body":{"direction":3,"msgId":"4e48fcbc-d08f-49aa-9a1d-be48578feaea","messageType":"Authorize","messageBody":{"idTagInfo":{"status":"Accepted"}}},"id":"01a217d0-af50-733f-ad09-4191ffa499bc","origin":"server","connection":1795695881822000,"protocol":"ocpp1.6","tenant":"default","answerTo":"01a217d0-af43-73a5-8229-5d2e4988c757","seq":5}
{"serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.072Z","body":{"direction":2,"msgId":"7ad12ca2-2394-48ef-bd81-d1db63391bdf","messageType":"Authorize","messageBody":{"idTag":"UPGRADE-UNKNOWN"}},"id":"01a217d0-af58-7059-8b7f-bb0144b48132","origin":"client","seq":6,"connection":1795695881822000,"protocol":"ocpp1.6","tenant":"default"}
{"serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.081Z","body":{"direction":3,"msgId":"7ad12ca2-2394-48ef-bd81-d1db63391bdf","messageType":"Authorize","messageBody":{"idTagInfo":{"status":"Invalid"}}},"id":"01a217d0-af5f-71a7-9bf2-f8b05d3e84e5","origin":"server","connection":1795695881822000,"protocol":"ocpp1.6","tenant":"default","answerTo":"01a217d0-af58-7059-8b7f-bb0144b48132","seq":7}
{"serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.084Z","body":{"direction":2,"msgId":"db3d0da4-7f79-49f2-add0-a9993029b376","messageType":"StartTransaction","messageBody":{"connectorId":1,"idTag":"UPGRADE-CARD","meterStart":1000,"timestamp":"2026-01-02T03:04:05.000Z"}},"id":"01a217d0-af64-731c-982c-850efffb1db5","origin":"client","seq":8,"connection":1795695881822000,"protocol":"ocpp1.6","tenant":"default"}
{"serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.096Z","body":{"direction":3,"msgId":"db3d0da4-7f79-49f2-add0-a9993029b376","messageType":"StartTransaction","messageBody":{"transactionId":697825833,"idTagInfo":{"status":"Accepted"}}},"id":"01a217d0-af6d-70db-be60-e0fe4e20fa24","origin":"server","connection":1795695881822000,"protocol":"ocpp1.6","tenant":"default","answerTo":"01a217d0-af64-731c-982c-850efffb1db5","seq":9}
{"serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.101Z","body":{"direction":2,"msgId":"af393e4f-6c3d-4809-a1fc-c83585519d6a","messageType":"MeterValues","messageBody":{"connectorId":1,"transactionId":697825833,"meterValue":[{"timestamp":"2026-01-02T03:04:05.000Z","sampledValue":[{"value":"2000","measurand":"Energy.Active.Import.Register"}]}]}},"id":"01a217d0-af75-701c-8381-c17ba22fd975","origin":"client","seq":10,"connection":1795695881822000,"protocol":"ocpp1.6","tenant":"default","answer":{"direction":3,"messageTime":"2026-11-26T12:24:42.101Z","messageBody":{}}}
{"serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.108Z","body":{"direction":2,"msgId":"1154bf6f-c370-4b89-8b6c-022b247bdf23","messageType":"StopTransaction","messageBody":{"transactionId":697825833,"meterStop":3000,"timestamp":"2026-01-02T03:04:05.000Z","reason":"Local"}},"id":"01a217d0-af7c-71a8-9b77-d57aee755788","origin":"client","seq":11,"connection":1795695881822000,"protocol":"ocpp1.6","tenant":"default"}
{"serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.117Z","body":{"direction":3,"msgId":"1154bf6f-c370-4b89-8b6c-022b247bdf23","messageType":"StopTransaction","messageBody":{}},"id":"01a217d0-af83-714a-bf6e-f32b22da9ef5","origin":"server","connection":1795695881822000,"protocol":"ocpp1.6","tenant":"default","answerTo":"01a217d0-af7c-71a8-9b77-d57aee755788","seq":12}
{"serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.153Z","body":{"direction":2,"msgId":"01a217d0-afa1-73af-a9cf-9dead45853ab","messageType":"ClearCache","messageBody":{}},"id":"01a217d0-afa1-73af-a9cf-9dead45853ab","origin":"server","connection":1795695881822000,"protocol":"ocpp1.6","notAfter":"2026-11-26T12:25:27.145Z","replyTo":"vm/device-manager","seq":13}
{"serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.157Z","body":{"direction":3,"msgId":"01a217d0-afa1-73af-a9cf-9dead45853ab","messageType":"ClearCache","messageBody":{"status":"Accepted"}},"id":"01a217d0-afad-7295-bbae-69d3e1e653cb","origin":"client","seq":14,"connection":1795695881822000,"protocol":"ocpp1.6","tenant":"default","answerTo":"01a217d0-afa1-73af-a9cf-9dead45853ab","request":{}}
{"serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.173Z","body":{"direction":2,"msgId":"01a217d0-afb9-73c5-b5c4-071ef66d829f","messageType":"GetConfiguration","messageBody":{}},"id":"01a217d0-afb9-73c5-b5c4-071ef66d829f","origin":"server","connection":1795695881822000,"protocol":"ocpp1.6","notAfter":"2026-11-26T12:25:27.169Z","replyTo":"vm/device-manager","seq":15}
{"serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.176Z","body":{"direction":3,"msgId":"01a217d0-afb9-73c5-b5c4-071ef66d829f","messageType":"GetConfiguration","messageBody":{"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"value":"300"}],"unknownKey":[]}},"id":"01a217d0-afc0-732b-aef1-fd62ec31c7fe","origin":"client","seq":16,"connection":1795695881822000,"protocol":"ocpp1.6","tenant":"default","answerTo":"01a217d0-afb9-73c5-b5c4-071ef66d829f","request":{}}
{"serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.204Z","body":{"direction":2,"msgId":"01a217d0-afd9-7355-930f-576781badd52","messageType":"ReserveNow","messageBody":{"connectorId":1,"expiryDate":"2099-01-02T03:04:05.000Z","idTag":"UPGRADE-CARD","reservationId":1}},"id":"01a217d0-afd9-7355-930f-576781badd52","origin":"server","connection":1795695881822000,"protocol":"ocpp1.6","notAfter":"2026-11-26T12:25:27.201Z","replyTo":"vm/device-manager","seq":17}
{"serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.213Z","body":{"direction":3,"msgId":"01a217d0-afd9-7355-930f-576781badd52","messageType":"ReserveNow","messageBody":{"status":"Accepted"}},"id":"01a217d0-afe5-718c-8729-20787b0e5622","origin":"client","seq":18,"connection":1795695881822000,"protocol":"ocpp1.6","tenant":"default","answerTo":"01a217d0-afd9-7355-930f-576781badd52","request":{"connectorId":1,"expiryDate":"2099-01-02T03:04:05.000Z","idTag":"UPGRADE-CARD","reservationId":1}}
{"serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.417Z","body":{"direction":2,"msgId":"645e4c86-b1ed-4c85-bc50-cf381f72e4dc","messageType":"StartTransaction","messageBody":{"connectorId":1,"idTag":"UPGRADE-CARD","meterStart":3000,"timestamp":"2026-01-02T03:04:05.000Z"}},"id":"01a217d0-b0b1-72cd-b287-9aacf2745574","origin":"client","seq":19,"connection":1795695881822000,"protocol":"ocpp1.6","tenant":"default"}
{"serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.428Z","body":{"direction":3,"msgId":"645e4c86-b1ed-4c85-bc50-cf381f72e4dc","messageType":"StartTransaction","messageBody":{"transactionId":2026882442,"idTagInfo":{"status":"Accepted"}}},"id":"01a217d0-b0b8-7259-b025-f1d275e16783","origin":"server","connection":1795695881822000,"protocol":"ocpp1.6","tenant":"default","answerTo":"01a217d0-b0b1-72cd-b287-9aacf2745574","seq":20}
{"serverNode":"vm","client":"UPGRADE-201","messageTime":"2026-11-26T12:24:42.664Z","body":{"direction":2,"msgId":"0ef2cade-6f02-4979-8bc1-4588187f87ad","messageType":"BootNotification","messageBody":{"reason":"PowerUp","chargingStation":{"vendorName":"Acme","model":"Two"}}},"id":"01a217d0-b1a8-71df-83db-451f930638fd","origin":"client","seq":1,"connection":1795695882661000,"protocol":"ocpp2.0.1","tenant":"default","answer":{"direction":3,"messageTime":"2026-11-26T12:24:42.664Z","messageBody":{"status":"Accepted","currentTime":"2026-11-26T12:24:42.663Z","interval":300}}}
{"serverNode":"vm","client":"UPGRADE-201","messageTime":"2026-11-26T12:24:42.680Z","body":{"direction":2,"msgId":"f30ce3ea-a17e-48b9-9437-d9cb1211d9f2","messageType":"StatusNotification","messageBody":{"timestamp":"2026-01-02T03:04:05.000Z","connectorStatus":"Available","evseId":1,"connectorId":1}},"id":"01a217d0-b1b8-71df-8ceb-31f820cf670e","origin":"client","seq":2,"connection":1795695882661000,"protocol":"ocpp2.0.1","tenant":"default","answer":{"direction":3,"messageTime":"2026-11-26T12:24:42.680Z","messageBody":{}}}
{"serverNode":"vm","client":"UPGRADE-201","messageTime":"2026-11-26T12:24:42.688Z","body":{"direction":2,"msgId":"a9fa2282-c041-4092-92c2-f8e5d5fbcac2","messageType":"TransactionEvent","messageBody":{"timestamp":"2026-01-02T03:04:05.000Z","evse":{"id":1,"connectorId":1},"idToken":{"idToken":"UPGRADE-CARD","type":"ISO14443"},"eventType":"Started","triggerReason":"Authorized","seqNo":0,"transactionInfo":{"transactionId":"upgrade-transaction"},"meterValue":[{"timestamp":"2026-01-02T03:04:05.000Z","sampledValue":[{"value":1000,"measurand":"Energy.Active.Import.Register"}]}]}},"id":"01a217d0-b1c0-714b-8a14-3e682bb2a471","origin":"client","seq":3,"connection":1795695882661000,"protocol":"ocpp2.0.1","tenant":"default"}
{"serverNode":"vm","client":"UPGRADE-201","messageTime":"2026-11-26T12:24:42.728Z","body":{"direction":3,"msgId":"a9fa2282-c041-4092-92c2-f8e5d5fbcac2","messageType":"TransactionEvent","messageBody":{"idTokenInfo":{"status":"Accepted"}}},"id":"01a217d0-b1e7-7374-8eb9-349b0b6ba29b","origin":"server","connection":1795695882661000,"protocol":"ocpp2.0.1","tenant":"default","answerTo":"01a217d0-b1c0-714b-8a14-3e682bb2a471","seq":4}
{"serverNode":"vm","client":"UPGRADE-201","messageTime":"2026-11-26T12:24:42.740Z","body":{"direction":2,"msgId":"9c864950-312c-4e96-8a69-b4995ea3ad17","messageType":"TransactionEvent","messageBody":{"timestamp":"2026-01-02T03:04:05.000Z","evse":{"id":1,"connectorId":1},"idToken":{"idToken":"UPGRADE-CARD","type":"ISO14443"},"eventType":"Ended","triggerReason":"StopAuthorized","seqNo":1,"transactionInfo":{"transactionId":"upgrade-transaction","stoppedReason":"Local"},"meterValue":[{"timestamp":"2026-01-02T03:04:05.000Z","sampledValue":[{"value":5000,"measurand":"Energy.Active.Import.Register"}]}]}},"id":"01a217d0-b1f4-7134-826e-bb25a5ac6d9f","origin":"client","seq":5,"connection":1795695882661000,"protocol":"ocpp2.0.1","tenant":"default"}
{"serverNode":"vm","client":"UPGRADE-201","messageTime":"2026-11-26T12:24:42.761Z","body":{"direction":3,"msgId":"9c864950-312c-4e96-8a69-b4995ea3ad17","messageType":"TransactionEvent","messageBody":{"idTokenInfo":{"status":"Accepted"}}},"id":"01a217d0-b208-701a-8a8f-16dad58df720","origin":"server","connection":1795695882661000,"protocol":"ocpp2.0.1","tenant":"default","answerTo":"01a217d0-b1f4-7134-826e-bb25a5ac6d9f","seq":6}', 'mkb2NiYrVsaEoGzPPIuMZd17DWFa2c30P4u6NbiJXzttY5C2Gn27N11Qn0x9H8zEAqJtLVP-bqmTC_eNDgmZElR8ssNwKGHmX6Aq_qhZNOtVAzCMSHNEH46ZWeXA6wQ5_ybimXCdLNgU_-615JFlKGtDpUmrilcJyGpsZDWEP_Di0Wb4fTStbNgfVID1uEsi-UJ-vx6hjx-G735z');
INSERT INTO message_manager.log_mark VALUES (112230993584);
INSERT INTO message_manager.log_state VALUES (112230993584, 26);
INSERT INTO message_manager.migration VALUES ('0001-log', '2026-11-26T12:24:56.524Z');
INSERT INTO message_manager.msg_id_blocks VALUES ('B', 112230993583, 112230993584, 'Km0AAB');
INSERT INTO message_manager.msg_id_blocks VALUES ('D', 112230993583, 112230993584, '6dDAAB6dDAAB');
INSERT INTO message_manager.msg_id_blocks VALUES ('G', 112230993583, 112230993584, 'kOlAABkOlAABem3AAB');
INSERT INTO message_manager.msg_id_blocks VALUES ('H', 112230993583, 112230993584, '46ZAAB46ZAAB');
INSERT INTO message_manager.msg_id_blocks VALUES ('I', 112230993583, 112230993584, 'K_rAAB');
INSERT INTO message_manager.msg_id_blocks VALUES ('R', 112230993583, 112230993584, 'hhBAAB');
INSERT INTO message_manager.msg_id_blocks VALUES ('T', 112230993583, 112230993584, 'YSQAAB');
INSERT INTO message_manager.msg_id_blocks VALUES ('U', 112230993583, 112230993584, 'eZfAABeZfAAB');
INSERT INTO message_manager.msg_id_blocks VALUES ('Y', 112230993583, 112230993584, 'bmLAABbmLAAB');
INSERT INTO message_manager.msg_id_blocks VALUES ('_', 112230993583, 112230993584, 'qhZAABqhZAAB');
INSERT INTO message_manager.msg_id_blocks VALUES ('i', 112230993583, 112230993584, 'Y5TAABY5TAAB');
INSERT INTO message_manager.msg_id_blocks VALUES ('l', 112230993583, 112230993584, 'm6rAAB');
INSERT INTO message_manager.msg_id_blocks VALUES ('m', 112230993583, 112230993584, 'XCdAABXCdAAB');
INSERT INTO message_manager.msg_id_blocks VALUES ('s', 112230993583, 112230993584, 'pAnAABpAnAAB');
INSERT INTO message_manager.msg_id_blocks VALUES ('t', 112230993583, 112230993584, 'JsmAABJsmAAB');
INSERT INTO message_manager.term_blocks VALUES ('action Authorize', 59856529, 112230993583, '[112230993584]');
INSERT INTO message_manager.term_blocks VALUES ('action BootNotification', 59856529, 112230993583, '[112230993584]');
INSERT INTO message_manager.term_blocks VALUES ('action ClearCache', 59856529, 112230993583, '[112230993584]');
INSERT INTO message_manager.term_blocks VALUES ('action GetConfiguration', 59856529, 112230993583, '[112230993584]');
INSERT INTO message_manager.term_blocks VALUES ('action MeterValues', 59856529, 112230993583, '[112230993584]');
INSERT INTO message_manager.term_blocks VALUES ('action ReserveNow', 59856529, 112230993583, '[112230993584]');
INSERT INTO message_manager.term_blocks VALUES ('action StartTransaction', 59856529, 112230993583, '[112230993584]');
INSERT INTO message_manager.term_blocks VALUES ('action StatusNotification', 59856529, 112230993583, '[112230993584]');
INSERT INTO message_manager.term_blocks VALUES ('action StopTransaction', 59856529, 112230993583, '[112230993584]');
INSERT INTO message_manager.term_blocks VALUES ('action TransactionEvent', 59856529, 112230993583, '[112230993584]');
INSERT INTO message_manager.term_blocks VALUES ('client UPGRADE-16', 59856529, 112230993583, '[112230993584]');
INSERT INTO message_manager.term_blocks VALUES ('client UPGRADE-201', 59856529, 112230993583, '[112230993584]');
INSERT INTO session.authorization_log VALUES ('01a217d0-af4c-7269-895e-4ca4ee862dce', '2026-11-26T12:24:42.059Z', 'UPGRADE-16', 'Authorize', 'UPGRADE-CARD', NULL, 'Accepted', 'known and accepted');
INSERT INTO session.authorization_log VALUES ('01a217d0-af5c-72ec-9308-29231cbbe96f', '2026-11-26T12:24:42.075Z', 'UPGRADE-16', 'Authorize', 'UPGRADE-UNKNOWN', NULL, 'Unknown', 'not known');
INSERT INTO session.authorization_log VALUES ('01a217d0-af67-7190-98d2-0b5e73d8f0f8', '2026-11-26T12:24:42.086Z', 'UPGRADE-16', 'StartTransaction', 'UPGRADE-CARD', NULL, 'Accepted', 'known and accepted');
INSERT INTO session.authorization_log VALUES ('01a217d0-b0b3-70c1-9ad3-95a272811414', '2026-11-26T12:24:42.419Z', 'UPGRADE-16', 'StartTransaction', 'UPGRADE-CARD', NULL, 'Accepted', 'known and accepted');
INSERT INTO session.authorization_log VALUES ('01a217d0-b1d2-7358-b912-ad4e3a45d711', '2026-11-26T12:24:42.705Z', 'UPGRADE-201', 'TransactionEvent', 'UPGRADE-CARD', 'ISO14443', 'Accepted', 'known and accepted');
INSERT INTO session.authorization_log VALUES ('01a217d0-b206-721a-af3a-ed0169e04138', '2026-11-26T12:24:42.757Z', 'UPGRADE-201', 'TransactionEvent', 'UPGRADE-CARD', 'ISO14443', 'Accepted', 'known and accepted');
INSERT INTO session.charge_point VALUES ('UPGRADE-16', 'ocpp1.6', '2026-11-26T12:24:41.846Z');
INSERT INTO session.charge_point VALUES ('UPGRADE-201', 'ocpp2.0.1', '2026-11-26T12:24:42.664Z');
INSERT INTO session.charging_transaction VALUES ('01a217d0-af68-736a-84bf-2ecaa520642c', 'UPGRADE-16', '1.6', 'ocpp1.6', '697825833', '[1,"upgrade-card","2026-01-02T03:04:05.000Z",1000]', 0, 1, NULL, 'UPGRADE-CARD', 'upgrade-card', NULL, NULL, 'Accepted', 0, '2026-01-02T03:04:05.000Z', '2026-01-02T03:04:05.000Z', '2026-11-26T12:24:42.084Z', '2026-01-02T03:04:05.000Z', '2026-01-02T03:04:05.000Z', '2026-11-26T12:24:42.108Z', 1000, 3000, 2000, 0, 'Local', NULL, NULL, 0, NULL, NULL, NULL, '[]', NULL, '2026-11-26T12:24:42.112Z');
INSERT INTO session.charging_transaction VALUES ('01a217d0-b0b4-713b-8d78-a0c413061733', 'UPGRADE-16', '1.6', 'ocpp1.6', '2026882442', '[1,"upgrade-card","2026-01-02T03:04:05.000Z",3000]', 0, 1, NULL, 'UPGRADE-CARD', 'upgrade-card', NULL, NULL, 'Accepted', 1, '2026-01-02T03:04:05.000Z', '2026-01-02T03:04:05.000Z', '2026-11-26T12:24:42.417Z', NULL, NULL, NULL, 3000, NULL, NULL, 0, NULL, NULL, NULL, 0, NULL, NULL, NULL, '[]', NULL, '2026-11-26T12:24:42.420Z');
INSERT INTO session.charging_transaction VALUES ('01a217d0-b1c9-716e-9440-bf7c4ca0a7a7', 'UPGRADE-201', '2.x', 'ocpp2.0.1', 'upgrade-transaction', NULL, NULL, 1, 1, 'UPGRADE-CARD', 'upgrade-card', 'ISO14443', NULL, 'Accepted', 0, '2026-01-02T03:04:05.000Z', '2026-01-02T03:04:05.000Z', '2026-11-26T12:24:42.688Z', '2026-01-02T03:04:05.000Z', '2026-01-02T03:04:05.000Z', '2026-11-26T12:24:42.740Z', 1000, 5000, 4000, 0, 'Local', 'UPGRADE-CARD', NULL, 0, NULL, NULL, NULL, '[]', '{"seqNos":2,"highestSeqNo":1,"earliest":{"place":"0000000000000001 2026-01-02T03:04:05.000Z Started 2026-01-02T03:04:05.000Z","value":{"at":"2026-01-02T03:04:05.000Z","raw":"2026-01-02T03:04:05.000Z","receivedAt":"2026-11-26T12:24:42.688Z"}},"started":{"place":"0000000000000001 2026-01-02T03:04:05.000Z Started 2026-01-02T03:04:05.000Z","value":{"at":"2026-01-02T03:04:05.000Z","raw":"2026-01-02T03:04:05.000Z","receivedAt":"2026-11-26T12:24:42.688Z"}},"ended":{"place":"0000000000000002 2026-01-02T03:04:05.000Z Ended 2026-01-02T03:04:05.000Z","value":{"at":"2026-01-02T03:04:05.000Z","raw":"2026-01-02T03:04:05.000Z","receivedAt":"2026-11-26T12:24:42.740Z","reason":"Local"}},"evseId":{"place":"0000000000000001 2026-01-02T03:04:05.000Z Started 2026-01-02T03:04:05.000Z","value":1},"connectorId":{"place":"0000000000000001 2026-01-02T03:04:05.000Z Started 2026-01-02T03:04:05.000Z","value":1},"idToken":{"place":"0000000000000001 2026-01-02T03:04:05.000Z Started 2026-01-02T03:04:05.000Z","value":{"idToken":"UPGRADE-CARD","type":"ISO14443"}},"stopToken":{"place":"0000000000000002 2026-01-02T03:04:05.000Z Ended 2026-01-02T03:04:05.000Z","value":{"idToken":"UPGRADE-CARD","type":"ISO14443"}},"flags":[]}', '2026-11-26T12:24:42.750Z');
INSERT INTO session.evidence VALUES ('01a217d0-af68-736a-84bf-2ecaa520642c', '01a217d0-af64-731c-982c-850efffb1db5', 'StartTransaction', '2026-11-26T12:24:42.084Z', 0);
INSERT INTO session.evidence VALUES ('01a217d0-af68-736a-84bf-2ecaa520642c', '01a217d0-af7c-71a8-9b77-d57aee755788', 'StopTransaction', '2026-11-26T12:24:42.108Z', 0);
INSERT INTO session.evidence VALUES ('01a217d0-b0b4-713b-8d78-a0c413061733', '01a217d0-b0b1-72cd-b287-9aacf2745574', 'StartTransaction', '2026-11-26T12:24:42.417Z', 0);
INSERT INTO session.evidence VALUES ('01a217d0-b1c9-716e-9440-bf7c4ca0a7a7', '01a217d0-b1c0-714b-8a14-3e682bb2a471', 'TransactionEvent', '2026-11-26T12:24:42.688Z', 0);
INSERT INTO session.evidence VALUES ('01a217d0-b1c9-716e-9440-bf7c4ca0a7a7', '01a217d0-b1f4-7134-826e-bb25a5ac6d9f', 'TransactionEvent', '2026-11-26T12:24:42.740Z', 0);
INSERT INTO session.id_token VALUES ('upgrade-blocked', 'UPGRADE-BLOCKED', NULL, 'Blocked', NULL, NULL, '[]', 1, NULL, NULL, '2026-11-26T12:24:41.554Z', '2026-11-26T12:24:41.554Z');
INSERT INTO session.id_token VALUES ('upgrade-card', 'UPGRADE-CARD', NULL, 'Accepted', NULL, NULL, '[]', 1, NULL, NULL, '2026-11-26T12:24:41.542Z', '2026-11-26T12:24:41.542Z');
INSERT INTO session.installation VALUES ('transaction-id-key', 'uLHTbwwGNSII/MkBv65S8Ycp79HZ3z47qQQ374s2FUk=');
INSERT INTO session.meter_value VALUES ('01a217d0-af75-701c-8381-c17ba22fd975:00000', 'UPGRADE-16', '697825833', '2026-01-02T03:04:05.000Z', 2000, '{"messageType":"MeterValues","receivedAt":"2026-11-26T12:24:42.101Z","outlet":1,"raw":"2026-01-02T03:04:05.000Z","samples":[{"measurand":"Energy.Active.Import.Register","value":2000,"unit":"Wh"}]}');
INSERT INTO session.meter_value VALUES ('01a217d0-b1c0-714b-8a14-3e682bb2a471:00000', 'UPGRADE-201', 'upgrade-transaction', '2026-01-02T03:04:05.000Z', 1000, '{"messageType":"TransactionEvent","receivedAt":"2026-11-26T12:24:42.688Z","outlet":1,"raw":"2026-01-02T03:04:05.000Z","samples":[{"measurand":"Energy.Active.Import.Register","value":1000,"unit":"Wh"}]}');
INSERT INTO session.meter_value VALUES ('01a217d0-b1f4-7134-826e-bb25a5ac6d9f:00000', 'UPGRADE-201', 'upgrade-transaction', '2026-01-02T03:04:05.000Z', 5000, '{"messageType":"TransactionEvent","receivedAt":"2026-11-26T12:24:42.740Z","outlet":1,"raw":"2026-01-02T03:04:05.000Z","samples":[{"measurand":"Energy.Active.Import.Register","value":5000,"unit":"Wh"}]}');
INSERT INTO session.migration VALUES ('0001-ledger', '2026-11-26T12:24:55.013Z');
INSERT INTO session.outcome VALUES ('01a217d0-af43-73a5-8229-5d2e4988c757', '{"ok":true,"payload":{"idTagInfo":{"status":"Accepted"}}}', '[]', '2026-11-26T12:24:42.061Z');
INSERT INTO session.outcome VALUES ('01a217d0-af58-7059-8b7f-bb0144b48132', '{"ok":true,"payload":{"idTagInfo":{"status":"Invalid"}}}', '[{"id":"01a217d0-af5c-72ed-819a-3afcd95adb11","serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.076Z","tenant":"default","event":"IdTokenRefused","data":{"idToken":"UPGRADE-UNKNOWN","status":"Unknown"}}]', '2026-11-26T12:24:42.076Z');
INSERT INTO session.outcome VALUES ('01a217d0-af64-731c-982c-850efffb1db5', '{"ok":true,"payload":{"transactionId":697825833,"idTagInfo":{"status":"Accepted"}}}', '[{"id":"01a217d0-af6b-73e2-ad1a-b5e1d0098b83","serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.091Z","tenant":"default","event":"TransactionStarted","data":{"id":"01a217d0-af68-736a-84bf-2ecaa520642c","transactionId":"697825833","connectorId":1,"idToken":"UPGRADE-CARD","flags":[]}}]', '2026-11-26T12:24:42.092Z');
INSERT INTO session.outcome VALUES ('01a217d0-af7c-71a8-9b77-d57aee755788', '{"ok":true,"payload":{}}', '[{"id":"01a217d0-af81-72b8-811f-6b556dc7c6a8","serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.113Z","tenant":"default","event":"TransactionEnded","data":{"id":"01a217d0-af68-736a-84bf-2ecaa520642c","transactionId":"697825833","connectorId":1,"idToken":"UPGRADE-CARD","energyWh":2000,"flags":[]}}]', '2026-11-26T12:24:42.113Z');
INSERT INTO session.outcome VALUES ('01a217d0-b0b1-72cd-b287-9aacf2745574', '{"ok":true,"payload":{"transactionId":2026882442,"idTagInfo":{"status":"Accepted"}}}', '[{"id":"01a217d0-b0b6-739d-a8cd-dbbc35cbe703","serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.422Z","tenant":"default","event":"TransactionStarted","data":{"id":"01a217d0-b0b4-713b-8d78-a0c413061733","transactionId":"2026882442","connectorId":1,"idToken":"UPGRADE-CARD","flags":[]}}]', '2026-11-26T12:24:42.422Z');
INSERT INTO session.outcome VALUES ('01a217d0-b1c0-714b-8a14-3e682bb2a471', '{"ok":true,"payload":{"idTokenInfo":{"status":"Accepted"}}}', '[{"id":"01a217d0-b1cf-7336-8fce-da476233ef91","serverNode":"vm","client":"UPGRADE-201","messageTime":"2026-11-26T12:24:42.703Z","tenant":"default","event":"TransactionStarted","data":{"id":"01a217d0-b1c9-716e-9440-bf7c4ca0a7a7","transactionId":"upgrade-transaction","evseId":1,"connectorId":1,"idToken":"UPGRADE-CARD","flags":[]}}]', '2026-11-26T12:24:42.707Z');
INSERT INTO session.outcome VALUES ('01a217d0-b1f4-7134-826e-bb25a5ac6d9f', '{"ok":true,"payload":{"idTokenInfo":{"status":"Accepted"}}}', '[{"id":"01a217d0-b205-72df-9c79-f92f4030614a","serverNode":"vm","client":"UPGRADE-201","messageTime":"2026-11-26T12:24:42.757Z","tenant":"default","event":"TransactionEnded","data":{"id":"01a217d0-b1c9-716e-9440-bf7c4ca0a7a7","transactionId":"upgrade-transaction","evseId":1,"connectorId":1,"idToken":"UPGRADE-CARD","energyWh":4000,"flags":[]}}]', '2026-11-26T12:24:42.758Z');
INSERT INTO session.reservation VALUES ('UPGRADE-16', 1, 'accepted', NULL, 'UPGRADE-CARD', NULL, NULL, 1, '2099-01-02T03:04:05.000Z', '2026-11-26T12:24:42.199Z', '2026-11-26T12:24:42.216Z', NULL, '01a217d0-afd9-7355-930f-576781badd52');
INSERT INTO session.sequence VALUES ('reservation-id', 1);
INSERT INTO session.sequence VALUES ('transaction-id', 2);
INSERT INTO session.transaction_event VALUES ('UPGRADE-201', 'upgrade-transaction', 0, 'Started', '2026-01-02T03:04:05.000Z', '2026-01-02T03:04:05.000Z', '2026-11-26T12:24:42.688Z', '01a217d0-b1c0-714b-8a14-3e682bb2a471', 'Authorized', NULL, 0);
INSERT INTO session.transaction_event VALUES ('UPGRADE-201', 'upgrade-transaction', 1, 'Ended', '2026-01-02T03:04:05.000Z', '2026-01-02T03:04:05.000Z', '2026-11-26T12:24:42.740Z', '01a217d0-b1f4-7134-826e-bb25a5ac6d9f', 'StopAuthorized', NULL, 0);
INSERT INTO session.unknown_token VALUES ('upgrade-unknown', 'UPGRADE-UNKNOWN', NULL, '2026-11-26T12:24:42.075Z', '2026-11-26T12:24:42.075Z', 1, 'UPGRADE-16', 'Authorize');
ALTER TABLE ONLY bus.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (name);
ALTER TABLE ONLY bus.parked
    ADD CONSTRAINT parked_pkey PRIMARY KEY (id, group_name);
ALTER TABLE ONLY device_manager.auth_outbox
    ADD CONSTRAINT auth_outbox_pkey PRIMARY KEY (network_id);
ALTER TABLE ONLY device_manager.availability_wish
    ADD CONSTRAINT availability_wish_pkey PRIMARY KEY (network_id, evse_id, connector_id);
ALTER TABLE ONLY device_manager.boot
    ADD CONSTRAINT boot_pkey PRIMARY KEY (boot_id);
ALTER TABLE ONLY device_manager.certificate
    ADD CONSTRAINT certificate_pkey PRIMARY KEY (network_id, certificate_key);
ALTER TABLE ONLY device_manager.charge_point
    ADD CONSTRAINT charge_point_network_id_key UNIQUE (network_id);
ALTER TABLE ONLY device_manager.charge_point
    ADD CONSTRAINT charge_point_pkey PRIMARY KEY (charge_point_id);
ALTER TABLE ONLY device_manager.charging_profile
    ADD CONSTRAINT charging_profile_pkey PRIMARY KEY (network_id, profile_id);
ALTER TABLE ONLY device_manager.command
    ADD CONSTRAINT command_pkey PRIMARY KEY (command_id);
ALTER TABLE ONLY device_manager.configuration
    ADD CONSTRAINT configuration_pkey PRIMARY KEY (network_id, name);
ALTER TABLE ONLY device_manager.connector
    ADD CONSTRAINT connector_pkey PRIMARY KEY (network_id, evse_id, connector_id);
ALTER TABLE ONLY device_manager.counter
    ADD CONSTRAINT counter_pkey PRIMARY KEY (name);
ALTER TABLE ONLY device_manager.data_transfer
    ADD CONSTRAINT data_transfer_pkey PRIMARY KEY (data_transfer_id);
ALTER TABLE ONLY device_manager.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (name);
ALTER TABLE ONLY device_manager.network_profile
    ADD CONSTRAINT network_profile_pkey PRIMARY KEY (network_id, slot);
ALTER TABLE ONLY device_manager.outcome
    ADD CONSTRAINT outcome_pkey PRIMARY KEY (envelope_id);
ALTER TABLE ONLY device_manager.refused_connection
    ADD CONSTRAINT refused_connection_pkey PRIMARY KEY (network_id);
ALTER TABLE ONLY device_manager.security_event
    ADD CONSTRAINT security_event_pkey PRIMARY KEY (security_event_id);
ALTER TABLE ONLY device_manager.status_job
    ADD CONSTRAINT status_job_pkey PRIMARY KEY (job_id);
ALTER TABLE ONLY device_manager.template_job
    ADD CONSTRAINT template_job_pkey PRIMARY KEY (network_id);
ALTER TABLE ONLY device_manager.template
    ADD CONSTRAINT template_name_key UNIQUE (name);
ALTER TABLE ONLY device_manager.template
    ADD CONSTRAINT template_pkey PRIMARY KEY (template_id);
ALTER TABLE ONLY device_manager.template_write
    ADD CONSTRAINT template_write_pkey PRIMARY KEY (network_id, firmware_version, name);
ALTER TABLE ONLY message_manager.answers
    ADD CONSTRAINT answers_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY message_manager.answers_20783
    ADD CONSTRAINT answers_20783_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY message_manager.answers_20784
    ADD CONSTRAINT answers_20784_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY message_manager.answers_20785
    ADD CONSTRAINT answers_20785_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY message_manager.answers_20786
    ADD CONSTRAINT answers_20786_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY message_manager.block_index
    ADD CONSTRAINT block_index_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY message_manager.blocks
    ADD CONSTRAINT blocks_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY message_manager.blocks_20783
    ADD CONSTRAINT blocks_20783_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY message_manager.blocks_20784
    ADD CONSTRAINT blocks_20784_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY message_manager.blocks_20785
    ADD CONSTRAINT blocks_20785_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY message_manager.blocks_20786
    ADD CONSTRAINT blocks_20786_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY message_manager.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (name);
ALTER TABLE ONLY message_manager.msg_id_blocks
    ADD CONSTRAINT msg_id_blocks_pkey PRIMARY KEY (bucket, after_block);
ALTER TABLE ONLY message_manager.term_blocks
    ADD CONSTRAINT term_blocks_pkey PRIMARY KEY (term, slice, after_block);
ALTER TABLE ONLY session.authorization_log
    ADD CONSTRAINT authorization_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY session.charge_point
    ADD CONSTRAINT charge_point_pkey PRIMARY KEY (client);
ALTER TABLE ONLY session.charging_transaction
    ADD CONSTRAINT charging_transaction_pkey PRIMARY KEY (id);
ALTER TABLE ONLY session.evidence
    ADD CONSTRAINT evidence_pkey PRIMARY KEY (subject_id, envelope_id);
ALTER TABLE ONLY session.id_token
    ADD CONSTRAINT id_token_pkey PRIMARY KEY (token_key);
ALTER TABLE ONLY session.installation
    ADD CONSTRAINT installation_pkey PRIMARY KEY (name);
ALTER TABLE ONLY session.local_list
    ADD CONSTRAINT local_list_pkey PRIMARY KEY (client);
ALTER TABLE ONLY session.meter_value
    ADD CONSTRAINT meter_value_pkey PRIMARY KEY (id);
ALTER TABLE ONLY session.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (name);
ALTER TABLE ONLY session.orphan_message
    ADD CONSTRAINT orphan_message_pkey PRIMARY KEY (id);
ALTER TABLE ONLY session.outcome
    ADD CONSTRAINT outcome_pkey PRIMARY KEY (envelope_id);
ALTER TABLE ONLY session.remote_start
    ADD CONSTRAINT remote_start_pkey PRIMARY KEY (call_id);
ALTER TABLE ONLY session.reservation
    ADD CONSTRAINT reservation_pkey PRIMARY KEY (client, reservation_id);
ALTER TABLE ONLY session.sequence
    ADD CONSTRAINT sequence_pkey PRIMARY KEY (name);
ALTER TABLE ONLY session.transaction_event
    ADD CONSTRAINT transaction_event_pkey PRIMARY KEY (client, transaction_id, seq_no, event_type, timestamp_raw);
ALTER TABLE ONLY session.unknown_token
    ADD CONSTRAINT unknown_token_pkey PRIMARY KEY (token_key);
CREATE INDEX boot_network_id ON device_manager.boot USING btree (network_id, boot_id);
CREATE INDEX charge_point_template ON device_manager.charge_point USING btree (template_id);
CREATE INDEX command_finished_at ON device_manager.command USING btree (finished_at);
CREATE UNIQUE INDEX command_idempotency ON device_manager.command USING btree (requested_by, idempotency_key) WHERE (idempotency_key IS NOT NULL);
CREATE INDEX command_network_id ON device_manager.command USING btree (network_id, command_id);
CREATE INDEX command_open ON device_manager.command USING btree (network_id, command_id) WHERE (finished_at IS NULL);
CREATE INDEX command_waiting ON device_manager.command USING btree (not_after) WHERE (finished_at IS NULL);
CREATE INDEX data_transfer_network_id ON device_manager.data_transfer USING btree (network_id, data_transfer_id);
CREATE INDEX outcome_decided_at ON device_manager.outcome USING btree (decided_at);
CREATE INDEX refused_connection_last_at ON device_manager.refused_connection USING btree (last_at, network_id);
CREATE INDEX security_event_network_id ON device_manager.security_event USING btree (network_id, security_event_id);
CREATE INDEX status_job_network_id ON device_manager.status_job USING btree (network_id, kind, job_id);
CREATE INDEX answers_by_call ON ONLY message_manager.answers USING btree (call_id);
CREATE INDEX answers_20783_call_id_idx ON message_manager.answers_20783 USING btree (call_id);
CREATE INDEX answers_20784_call_id_idx ON message_manager.answers_20784 USING btree (call_id);
CREATE INDEX answers_20785_call_id_idx ON message_manager.answers_20785 USING btree (call_id);
CREATE INDEX answers_20786_call_id_idx ON message_manager.answers_20786 USING btree (call_id);
CREATE INDEX block_index_by_first_time ON message_manager.block_index USING btree (first_time, seq, last_time, count, size, kinds, actions);
CREATE INDEX block_index_by_id ON message_manager.block_index USING btree (last_id, first_id);
CREATE INDEX block_index_by_last_time ON message_manager.block_index USING btree (last_time, seq, first_time, count, size, kinds, actions);
CREATE INDEX msg_id_blocks_by_block ON message_manager.msg_id_blocks USING btree (last_block);
CREATE INDEX term_blocks_by_slice ON message_manager.term_blocks USING btree (slice);
CREATE INDEX meter_value_transaction ON session.meter_value USING btree (client, transaction_ref, measured_at) WHERE (transaction_ref <> ''::text);
CREATE UNIQUE INDEX orphan_identity ON session.orphan_message USING btree (client, orphan_key);
CREATE INDEX outcome_age ON session.outcome USING btree (decided_at);
CREATE INDEX remote_start_age ON session.remote_start USING btree (requested_at);
CREATE INDEX remote_start_client ON session.remote_start USING btree (client, requested_at);
CREATE INDEX reservation_age ON session.reservation USING btree (created_at, client, reservation_id);
CREATE INDEX reservation_expiry ON session.reservation USING btree (status, expires_at);
CREATE INDEX reservation_number ON session.reservation USING btree (reservation_id);
CREATE INDEX transaction_active ON session.charging_transaction USING btree (active, id);
CREATE INDEX transaction_begun ON session.charging_transaction USING btree (started_at);
CREATE INDEX transaction_client ON session.charging_transaction USING btree (client, id);
CREATE INDEX transaction_flagged ON session.charging_transaction USING btree (id) WHERE (flags <> '[]'::text);
CREATE UNIQUE INDEX transaction_identity ON session.charging_transaction USING btree (client, dialect, transaction_id);
CREATE INDEX transaction_number ON session.charging_transaction USING btree (transaction_id, dialect);
CREATE INDEX transaction_open ON session.charging_transaction USING btree (client, active, id);
CREATE UNIQUE INDEX transaction_start ON session.charging_transaction USING btree (client, start_key, start_generation);
CREATE INDEX transaction_token ON session.charging_transaction USING btree (token_key, active);
CREATE INDEX transaction_unstopped ON session.charging_transaction USING btree (client, dialect, id) WHERE (stopped_at IS NULL);
CREATE INDEX unknown_token_age ON session.unknown_token USING btree (last_seen_at);
ALTER INDEX message_manager.answers_by_call ATTACH PARTITION message_manager.answers_20783_call_id_idx;
ALTER INDEX message_manager.answers_pkey ATTACH PARTITION message_manager.answers_20783_pkey;
ALTER INDEX message_manager.answers_by_call ATTACH PARTITION message_manager.answers_20784_call_id_idx;
ALTER INDEX message_manager.answers_pkey ATTACH PARTITION message_manager.answers_20784_pkey;
ALTER INDEX message_manager.answers_by_call ATTACH PARTITION message_manager.answers_20785_call_id_idx;
ALTER INDEX message_manager.answers_pkey ATTACH PARTITION message_manager.answers_20785_pkey;
ALTER INDEX message_manager.answers_by_call ATTACH PARTITION message_manager.answers_20786_call_id_idx;
ALTER INDEX message_manager.answers_pkey ATTACH PARTITION message_manager.answers_20786_pkey;
ALTER INDEX message_manager.blocks_pkey ATTACH PARTITION message_manager.blocks_20783_pkey;
ALTER INDEX message_manager.blocks_pkey ATTACH PARTITION message_manager.blocks_20784_pkey;
ALTER INDEX message_manager.blocks_pkey ATTACH PARTITION message_manager.blocks_20785_pkey;
ALTER INDEX message_manager.blocks_pkey ATTACH PARTITION message_manager.blocks_20786_pkey;