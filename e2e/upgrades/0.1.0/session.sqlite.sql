BEGIN;
CREATE TABLE migration (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL);
CREATE TABLE installation (name text primary key, value text not null);
CREATE TABLE sequence (name text primary key, value bigint not null);
CREATE TABLE outcome (envelope_id text primary key, answer text not null, events text not null, decided_at text not null);
CREATE TABLE charge_point (client text primary key, protocol text not null, booted_at text not null);
CREATE TABLE id_token (
    token_key text primary key, id_token text not null, type text, status text not null, expires_at text,
    parent_id_token text, charge_points text not null, allow_concurrent bigint not null, note text, language text,
    created_at text not null, updated_at text not null);
CREATE TABLE unknown_token (
    token_key text primary key, id_token text not null, type text, first_seen_at text not null,
    last_seen_at text not null, count bigint not null, last_client text not null, last_action text not null);
CREATE TABLE authorization_log (
    id text primary key, at text not null, client text not null, action text not null, id_token text not null,
    type text, status text not null, reason text not null);
CREATE TABLE charging_transaction (
    id text primary key, client text not null, dialect text not null, protocol text not null, transaction_id text not null,
    start_key text, start_generation bigint, connector_id numeric, evse_id numeric,
    id_token text, token_key text, id_token_type text, parent_id_token text, authorization_status text,
    active bigint not null, started_at text not null, started_at_raw text, start_received_at text not null,
    stopped_at text, stopped_at_raw text, stop_received_at text,
    meter_start_wh double precision, meter_stop_wh double precision, energy_wh double precision, disputed bigint not null,
    reason text, stop_id_token text, charging_state text, offline bigint not null, reservation_id numeric,
    remote_start text, stop_requested_at text, flags text not null, merged text, updated_at text not null);
CREATE TABLE transaction_event (
    client text not null, transaction_id text not null, seq_no numeric not null, event_type text not null,
    timestamp_raw text not null, happened_at text not null, received_at text not null, envelope_id text not null,
    trigger_reason text, charging_state text, offline bigint not null,
    primary key (client, transaction_id, seq_no, event_type, timestamp_raw));
CREATE TABLE evidence (
    subject_id text not null, envelope_id text not null, message_type text not null, received_at text not null,
    repeated bigint not null, primary key (subject_id, envelope_id));
CREATE TABLE orphan_message (
    id text primary key, client text not null, orphan_key text not null, message_type text not null, transaction_id text,
    id_token text, stopped_at text not null, meter_stop_wh double precision, request text not null, flags text not null,
    received_at text not null, envelope_id text not null, adopted_by text);
CREATE TABLE meter_value (
    id text primary key, client text not null, transaction_ref text not null, measured_at text not null,
    register_wh double precision, body text not null) without rowid;
CREATE TABLE remote_start (
    call_id text primary key, client text not null, message_id text not null, token_key text not null, outlet numeric,
    remote_start_id numeric, requested_at text not null, led_to text);
CREATE TABLE reservation (
    client text not null, reservation_id numeric not null, status text not null, detail text, id_token text not null,
    id_token_type text, parent_id_token text, outlet numeric, expires_at text not null, created_at text not null,
    updated_at text not null, used_by text, call_id text, primary key (client, reservation_id));
CREATE TABLE local_list (
    client text primary key, version numeric not null, entries text not null, sent_at text, reported_version numeric,
    reported_at text);
CREATE INDEX outcome_age on outcome (decided_at);
CREATE INDEX unknown_token_age on unknown_token (last_seen_at);
CREATE UNIQUE INDEX transaction_identity on charging_transaction (client, dialect, transaction_id);
CREATE UNIQUE INDEX transaction_start on charging_transaction (client, start_key, start_generation);
CREATE INDEX transaction_open on charging_transaction (client, active, id);
CREATE INDEX transaction_client on charging_transaction (client, id);
CREATE INDEX transaction_token on charging_transaction (token_key, active);
CREATE INDEX transaction_number on charging_transaction (transaction_id, dialect);
CREATE INDEX transaction_unstopped on charging_transaction (client, dialect, id) where stopped_at is null;
CREATE INDEX transaction_flagged on charging_transaction (id) where flags <> '[]';
CREATE INDEX transaction_active on charging_transaction (active, id);
CREATE INDEX transaction_begun on charging_transaction (started_at);
CREATE UNIQUE INDEX orphan_identity on orphan_message (client, orphan_key);
CREATE INDEX meter_value_transaction on meter_value (client, transaction_ref, measured_at) where transaction_ref <> '';
CREATE INDEX remote_start_client on remote_start (client, requested_at);
CREATE INDEX remote_start_age on remote_start (requested_at);
CREATE INDEX reservation_number on reservation (reservation_id);
CREATE INDEX reservation_age on reservation (created_at, client, reservation_id);
CREATE INDEX reservation_expiry on reservation (status, expires_at);
INSERT INTO "migration" VALUES ('0001-ledger','2026-11-26T12:24:40.797Z');
INSERT INTO "installation" VALUES ('transaction-id-key','uLHTbwwGNSII/MkBv65S8Ycp79HZ3z47qQQ374s2FUk=');
INSERT INTO "sequence" VALUES ('transaction-id',2);
INSERT INTO "sequence" VALUES ('reservation-id',1);
INSERT INTO "outcome" VALUES ('01a217d0-af43-73a5-8229-5d2e4988c757','{"ok":true,"payload":{"idTagInfo":{"status":"Accepted"}}}','[]','2026-11-26T12:24:42.061Z');
INSERT INTO "outcome" VALUES ('01a217d0-af58-7059-8b7f-bb0144b48132','{"ok":true,"payload":{"idTagInfo":{"status":"Invalid"}}}','[{"id":"01a217d0-af5c-72ed-819a-3afcd95adb11","serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.076Z","tenant":"default","event":"IdTokenRefused","data":{"idToken":"UPGRADE-UNKNOWN","status":"Unknown"}}]','2026-11-26T12:24:42.076Z');
INSERT INTO "outcome" VALUES ('01a217d0-af64-731c-982c-850efffb1db5','{"ok":true,"payload":{"transactionId":697825833,"idTagInfo":{"status":"Accepted"}}}','[{"id":"01a217d0-af6b-73e2-ad1a-b5e1d0098b83","serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.091Z","tenant":"default","event":"TransactionStarted","data":{"id":"01a217d0-af68-736a-84bf-2ecaa520642c","transactionId":"697825833","connectorId":1,"idToken":"UPGRADE-CARD","flags":[]}}]','2026-11-26T12:24:42.092Z');
INSERT INTO "outcome" VALUES ('01a217d0-af7c-71a8-9b77-d57aee755788','{"ok":true,"payload":{}}','[{"id":"01a217d0-af81-72b8-811f-6b556dc7c6a8","serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.113Z","tenant":"default","event":"TransactionEnded","data":{"id":"01a217d0-af68-736a-84bf-2ecaa520642c","transactionId":"697825833","connectorId":1,"idToken":"UPGRADE-CARD","energyWh":2000,"flags":[]}}]','2026-11-26T12:24:42.113Z');
INSERT INTO "outcome" VALUES ('01a217d0-b0b1-72cd-b287-9aacf2745574','{"ok":true,"payload":{"transactionId":2026882442,"idTagInfo":{"status":"Accepted"}}}','[{"id":"01a217d0-b0b6-739d-a8cd-dbbc35cbe703","serverNode":"vm","client":"UPGRADE-16","messageTime":"2026-11-26T12:24:42.422Z","tenant":"default","event":"TransactionStarted","data":{"id":"01a217d0-b0b4-713b-8d78-a0c413061733","transactionId":"2026882442","connectorId":1,"idToken":"UPGRADE-CARD","flags":[]}}]','2026-11-26T12:24:42.422Z');
INSERT INTO "outcome" VALUES ('01a217d0-b1c0-714b-8a14-3e682bb2a471','{"ok":true,"payload":{"idTokenInfo":{"status":"Accepted"}}}','[{"id":"01a217d0-b1cf-7336-8fce-da476233ef91","serverNode":"vm","client":"UPGRADE-201","messageTime":"2026-11-26T12:24:42.703Z","tenant":"default","event":"TransactionStarted","data":{"id":"01a217d0-b1c9-716e-9440-bf7c4ca0a7a7","transactionId":"upgrade-transaction","evseId":1,"connectorId":1,"idToken":"UPGRADE-CARD","flags":[]}}]','2026-11-26T12:24:42.707Z');
INSERT INTO "outcome" VALUES ('01a217d0-b1f4-7134-826e-bb25a5ac6d9f','{"ok":true,"payload":{"idTokenInfo":{"status":"Accepted"}}}','[{"id":"01a217d0-b205-72df-9c79-f92f4030614a","serverNode":"vm","client":"UPGRADE-201","messageTime":"2026-11-26T12:24:42.757Z","tenant":"default","event":"TransactionEnded","data":{"id":"01a217d0-b1c9-716e-9440-bf7c4ca0a7a7","transactionId":"upgrade-transaction","evseId":1,"connectorId":1,"idToken":"UPGRADE-CARD","energyWh":4000,"flags":[]}}]','2026-11-26T12:24:42.758Z');
INSERT INTO "charge_point" VALUES ('UPGRADE-16','ocpp1.6','2026-11-26T12:24:41.846Z');
INSERT INTO "charge_point" VALUES ('UPGRADE-201','ocpp2.0.1','2026-11-26T12:24:42.664Z');
INSERT INTO "id_token" VALUES ('upgrade-card','UPGRADE-CARD',NULL,'Accepted',NULL,NULL,'[]',1,NULL,NULL,'2026-11-26T12:24:41.542Z','2026-11-26T12:24:41.542Z');
INSERT INTO "id_token" VALUES ('upgrade-blocked','UPGRADE-BLOCKED',NULL,'Blocked',NULL,NULL,'[]',1,NULL,NULL,'2026-11-26T12:24:41.554Z','2026-11-26T12:24:41.554Z');
INSERT INTO "unknown_token" VALUES ('upgrade-unknown','UPGRADE-UNKNOWN',NULL,'2026-11-26T12:24:42.075Z','2026-11-26T12:24:42.075Z',1,'UPGRADE-16','Authorize');
INSERT INTO "authorization_log" VALUES ('01a217d0-af4c-7269-895e-4ca4ee862dce','2026-11-26T12:24:42.059Z','UPGRADE-16','Authorize','UPGRADE-CARD',NULL,'Accepted','known and accepted');
INSERT INTO "authorization_log" VALUES ('01a217d0-af5c-72ec-9308-29231cbbe96f','2026-11-26T12:24:42.075Z','UPGRADE-16','Authorize','UPGRADE-UNKNOWN',NULL,'Unknown','not known');
INSERT INTO "authorization_log" VALUES ('01a217d0-af67-7190-98d2-0b5e73d8f0f8','2026-11-26T12:24:42.086Z','UPGRADE-16','StartTransaction','UPGRADE-CARD',NULL,'Accepted','known and accepted');
INSERT INTO "authorization_log" VALUES ('01a217d0-b0b3-70c1-9ad3-95a272811414','2026-11-26T12:24:42.419Z','UPGRADE-16','StartTransaction','UPGRADE-CARD',NULL,'Accepted','known and accepted');
INSERT INTO "authorization_log" VALUES ('01a217d0-b1d2-7358-b912-ad4e3a45d711','2026-11-26T12:24:42.705Z','UPGRADE-201','TransactionEvent','UPGRADE-CARD','ISO14443','Accepted','known and accepted');
INSERT INTO "authorization_log" VALUES ('01a217d0-b206-721a-af3a-ed0169e04138','2026-11-26T12:24:42.757Z','UPGRADE-201','TransactionEvent','UPGRADE-CARD','ISO14443','Accepted','known and accepted');
INSERT INTO "charging_transaction" VALUES ('01a217d0-af68-736a-84bf-2ecaa520642c','UPGRADE-16','1.6','ocpp1.6','697825833','[1,"upgrade-card","2026-01-02T03:04:05.000Z",1000]',0,1,NULL,'UPGRADE-CARD','upgrade-card',NULL,NULL,'Accepted',0,'2026-01-02T03:04:05.000Z','2026-01-02T03:04:05.000Z','2026-11-26T12:24:42.084Z','2026-01-02T03:04:05.000Z','2026-01-02T03:04:05.000Z','2026-11-26T12:24:42.108Z',1000.0,3000.0,2000.0,0,'Local',NULL,NULL,0,NULL,NULL,NULL,'[]',NULL,'2026-11-26T12:24:42.112Z');
INSERT INTO "charging_transaction" VALUES ('01a217d0-b0b4-713b-8d78-a0c413061733','UPGRADE-16','1.6','ocpp1.6','2026882442','[1,"upgrade-card","2026-01-02T03:04:05.000Z",3000]',0,1,NULL,'UPGRADE-CARD','upgrade-card',NULL,NULL,'Accepted',1,'2026-01-02T03:04:05.000Z','2026-01-02T03:04:05.000Z','2026-11-26T12:24:42.417Z',NULL,NULL,NULL,3000.0,NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL,NULL,'[]',NULL,'2026-11-26T12:24:42.420Z');
INSERT INTO "charging_transaction" VALUES ('01a217d0-b1c9-716e-9440-bf7c4ca0a7a7','UPGRADE-201','2.x','ocpp2.0.1','upgrade-transaction',NULL,NULL,1,1,'UPGRADE-CARD','upgrade-card','ISO14443',NULL,'Accepted',0,'2026-01-02T03:04:05.000Z','2026-01-02T03:04:05.000Z','2026-11-26T12:24:42.688Z','2026-01-02T03:04:05.000Z','2026-01-02T03:04:05.000Z','2026-11-26T12:24:42.740Z',1000.0,5000.0,4000.0,0,'Local','UPGRADE-CARD',NULL,0,NULL,NULL,NULL,'[]','{"seqNos":2,"highestSeqNo":1,"earliest":{"place":"0000000000000001 2026-01-02T03:04:05.000Z Started 2026-01-02T03:04:05.000Z","value":{"at":"2026-01-02T03:04:05.000Z","raw":"2026-01-02T03:04:05.000Z","receivedAt":"2026-11-26T12:24:42.688Z"}},"started":{"place":"0000000000000001 2026-01-02T03:04:05.000Z Started 2026-01-02T03:04:05.000Z","value":{"at":"2026-01-02T03:04:05.000Z","raw":"2026-01-02T03:04:05.000Z","receivedAt":"2026-11-26T12:24:42.688Z"}},"ended":{"place":"0000000000000002 2026-01-02T03:04:05.000Z Ended 2026-01-02T03:04:05.000Z","value":{"at":"2026-01-02T03:04:05.000Z","raw":"2026-01-02T03:04:05.000Z","receivedAt":"2026-11-26T12:24:42.740Z","reason":"Local"}},"evseId":{"place":"0000000000000001 2026-01-02T03:04:05.000Z Started 2026-01-02T03:04:05.000Z","value":1},"connectorId":{"place":"0000000000000001 2026-01-02T03:04:05.000Z Started 2026-01-02T03:04:05.000Z","value":1},"idToken":{"place":"0000000000000001 2026-01-02T03:04:05.000Z Started 2026-01-02T03:04:05.000Z","value":{"idToken":"UPGRADE-CARD","type":"ISO14443"}},"stopToken":{"place":"0000000000000002 2026-01-02T03:04:05.000Z Ended 2026-01-02T03:04:05.000Z","value":{"idToken":"UPGRADE-CARD","type":"ISO14443"}},"flags":[]}','2026-11-26T12:24:42.750Z');
INSERT INTO "transaction_event" VALUES ('UPGRADE-201','upgrade-transaction',0,'Started','2026-01-02T03:04:05.000Z','2026-01-02T03:04:05.000Z','2026-11-26T12:24:42.688Z','01a217d0-b1c0-714b-8a14-3e682bb2a471','Authorized',NULL,0);
INSERT INTO "transaction_event" VALUES ('UPGRADE-201','upgrade-transaction',1,'Ended','2026-01-02T03:04:05.000Z','2026-01-02T03:04:05.000Z','2026-11-26T12:24:42.740Z','01a217d0-b1f4-7134-826e-bb25a5ac6d9f','StopAuthorized',NULL,0);
INSERT INTO "evidence" VALUES ('01a217d0-af68-736a-84bf-2ecaa520642c','01a217d0-af64-731c-982c-850efffb1db5','StartTransaction','2026-11-26T12:24:42.084Z',0);
INSERT INTO "evidence" VALUES ('01a217d0-af68-736a-84bf-2ecaa520642c','01a217d0-af7c-71a8-9b77-d57aee755788','StopTransaction','2026-11-26T12:24:42.108Z',0);
INSERT INTO "evidence" VALUES ('01a217d0-b0b4-713b-8d78-a0c413061733','01a217d0-b0b1-72cd-b287-9aacf2745574','StartTransaction','2026-11-26T12:24:42.417Z',0);
INSERT INTO "evidence" VALUES ('01a217d0-b1c9-716e-9440-bf7c4ca0a7a7','01a217d0-b1c0-714b-8a14-3e682bb2a471','TransactionEvent','2026-11-26T12:24:42.688Z',0);
INSERT INTO "evidence" VALUES ('01a217d0-b1c9-716e-9440-bf7c4ca0a7a7','01a217d0-b1f4-7134-826e-bb25a5ac6d9f','TransactionEvent','2026-11-26T12:24:42.740Z',0);
INSERT INTO "meter_value" VALUES ('01a217d0-af75-701c-8381-c17ba22fd975:00000','UPGRADE-16','697825833','2026-01-02T03:04:05.000Z',2000.0,'{"messageType":"MeterValues","receivedAt":"2026-11-26T12:24:42.101Z","outlet":1,"raw":"2026-01-02T03:04:05.000Z","samples":[{"measurand":"Energy.Active.Import.Register","value":2000,"unit":"Wh"}]}');
INSERT INTO "meter_value" VALUES ('01a217d0-b1c0-714b-8a14-3e682bb2a471:00000','UPGRADE-201','upgrade-transaction','2026-01-02T03:04:05.000Z',1000.0,'{"messageType":"TransactionEvent","receivedAt":"2026-11-26T12:24:42.688Z","outlet":1,"raw":"2026-01-02T03:04:05.000Z","samples":[{"measurand":"Energy.Active.Import.Register","value":1000,"unit":"Wh"}]}');
INSERT INTO "meter_value" VALUES ('01a217d0-b1f4-7134-826e-bb25a5ac6d9f:00000','UPGRADE-201','upgrade-transaction','2026-01-02T03:04:05.000Z',5000.0,'{"messageType":"TransactionEvent","receivedAt":"2026-11-26T12:24:42.740Z","outlet":1,"raw":"2026-01-02T03:04:05.000Z","samples":[{"measurand":"Energy.Active.Import.Register","value":5000,"unit":"Wh"}]}');
INSERT INTO "reservation" VALUES ('UPGRADE-16',1,'accepted',NULL,'UPGRADE-CARD',NULL,NULL,1,'2099-01-02T03:04:05.000Z','2026-11-26T12:24:42.199Z','2026-11-26T12:24:42.216Z',NULL,'01a217d0-afd9-7355-930f-576781badd52');
COMMIT;
