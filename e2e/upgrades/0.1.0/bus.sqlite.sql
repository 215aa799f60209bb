BEGIN;
CREATE TABLE migration (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL);
CREATE TABLE parked (group_name text not null, id text not null, topic text not null, client text not null,
        parked_at text not null, attempts bigint not null, reason text not null, content text not null,
        primary key (id, group_name));
INSERT INTO "migration" VALUES ('0001-parking','2026-11-26T12:24:43.231Z');
INSERT INTO "parked" VALUES ('session','01a217d0-b1f4-7134-826e-bb25a5ac6d9f','MessagesIn','UPGRADE-201','2026-01-02T03:04:05.000Z',3,'bad','{"serverNode":"vm","client":"UPGRADE-201","messageTime":"2026-11-26T12:24:42.740Z","body":{"direction":2,"msgId":"9c864950-312c-4e96-8a69-b4995ea3ad17","messageType":"TransactionEvent","messageBody":{"timestamp":"2026-01-02T03:04:05.000Z","evse":{"id":1,"connectorId":1},"idToken":{"idToken":"UPGRADE-CARD","type":"ISO14443"},"eventType":"Ended","triggerReason":"StopAuthorized","seqNo":1,"transactionInfo":{"transactionId":"upgrade-transaction","stoppedReason":"Local"},"meterValue":[{"timestamp":"2026-01-02T03:04:05.000Z","sampledValue":[{"value":5000,"measurand":"Energy.Active.Import.Register"}]}]}},"id":"01a217d0-b1f4-7134-826e-bb25a5ac6d9f","origin":"client","seq":5,"connection":1795695882661000,"protocol":"ocpp2.0.1","tenant":"default","answer":{"direction":3,"messageTime":"2026-11-26T12:24:42.761Z","messageBody":{"idTokenInfo":{"status":"Accepted"}},"id":"01a217d0-b208-701a-8a8f-16dad58df720"},"latencyMs":21}');
COMMIT;
