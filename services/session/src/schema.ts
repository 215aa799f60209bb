import type { Kysely } from 'kysely';

/** What queries are made on: the transaction of a batch, or the database for reading. */
export type SessionDatabase = Kysely<SessionSchema>;

/** The tables of this service. Times are ISO 8601 UTC with milliseconds, energy is Wh, truth is 0 or 1, lists and objects are JSON text. */
export interface SessionSchema {
  installation: { name: string; value: string };
  sequence: { name: string; value: number };
  outcome: { envelope_id: string; answer: string; events: string; decided_at: string };
  charge_point: { client: string; protocol: string; booted_at: string };
  id_token: IdTokenTable;
  unknown_token: UnknownTokenTable;
  authorization_log: AuthorizationLogTable;
  charging_transaction: TransactionTable;
  transaction_event: TransactionEventTable;
  evidence: EvidenceTable;
  orphan_message: OrphanTable;
  meter_value: MeterValueTable;
  remote_start: RemoteStartTable;
  reservation: ReservationTable;
  local_list: LocalListTable;
}

export interface IdTokenTable {
  /** The id token in lower case: id tokens are compared without regard to case (1.6 CiString20, 2.x IdTokenType). */
  token_key: string;
  id_token: string;
  /** 2.x type; null: any. */
  type: string | null;
  status: string;
  expires_at: string | null;
  parent_id_token: string | null;
  /** JSON list of networkIds; empty: everywhere. */
  charge_points: string;
  allow_concurrent: number;
  note: string | null;
  language: string | null;
  created_at: string;
  updated_at: string;
}

export interface UnknownTokenTable {
  token_key: string;
  id_token: string;
  type: string | null;
  first_seen_at: string;
  last_seen_at: string;
  count: number;
  last_client: string;
  last_action: string;
}

export interface AuthorizationLogTable {
  id: string;
  at: string;
  client: string;
  action: string;
  id_token: string;
  type: string | null;
  status: string;
  reason: string;
}

export interface TransactionTable {
  /** Our stable id. */
  id: string;
  client: string;
  /** `1.6` or `2.x`: transaction ids of the two never meet. */
  dialect: string;
  protocol: string;
  /** As OCPP has it: a number in 1.6, text in 2.x. */
  transaction_id: string;
  /** 1.6: what makes a start the same start. Null in 2.x. */
  start_key: string | null;
  /** 1.6: tells sessions with the same `start_key` apart, which only happens when a clock is not set. */
  start_generation: number | null;
  connector_id: number | null;
  evse_id: number | null;
  id_token: string | null;
  token_key: string | null;
  id_token_type: string | null;
  parent_id_token: string | null;
  authorization_status: string | null;
  active: number;
  started_at: string;
  started_at_raw: string | null;
  start_received_at: string;
  stopped_at: string | null;
  stopped_at_raw: string | null;
  stop_received_at: string | null;
  meter_start_wh: number | null;
  meter_stop_wh: number | null;
  energy_wh: number | null;
  disputed: number;
  reason: string | null;
  stop_id_token: string | null;
  charging_state: string | null;
  offline: number;
  reservation_id: number | null;
  /** JSON `{ messageId, callId, requestedAt, remoteStartId? }`. */
  remote_start: string | null;
  stop_requested_at: string | null;
  /** JSON list of flag codes, sorted (flags.ts). */
  flags: string;
  /** 2.x: JSON of what the events amount to so far (merge-events.ts). */
  merged: string | null;
  updated_at: string;
}

export interface TransactionEventTable {
  client: string;
  transaction_id: string;
  seq_no: number;
  event_type: string;
  timestamp_raw: string;
  happened_at: string;
  received_at: string;
  envelope_id: string;
  trigger_reason: string | null;
  charging_state: string | null;
  offline: number;
}

export interface EvidenceTable {
  /** `charging_transaction.id` or `orphan_message.id`. */
  subject_id: string;
  envelope_id: string;
  message_type: string;
  received_at: string;
  /** The message said what another had said before. */
  repeated: number;
}

export interface OrphanTable {
  id: string;
  client: string;
  orphan_key: string;
  message_type: string;
  /** As the charge point sent it. */
  transaction_id: string | null;
  id_token: string | null;
  stopped_at: string;
  meter_stop_wh: number | null;
  request: string;
  flags: string;
  received_at: string;
  envelope_id: string;
  /** `charging_transaction.id` that it was found to belong to. */
  adopted_by: string | null;
}

/** Few columns: this is the hot path, and every value costs on its way to the database. */
export interface MeterValueTable {
  /** `<envelope id>:<number of the group in the message>`: a message that is delivered again brings the same rows. */
  id: string;
  client: string;
  /** The OCPP transaction id that the message names. Matched to the ledger when read. */
  transaction_ref: string;
  measured_at: string;
  /** The import register in Wh, when it is among the samples. */
  register_wh: number | null;
  /** JSON of `ReadingBody`. */
  body: string;
}

export interface RemoteStartTable {
  call_id: string;
  client: string;
  message_id: string;
  token_key: string;
  outlet: number | null;
  remote_start_id: number | null;
  requested_at: string;
  /** `charging_transaction.id`. */
  led_to: string | null;
}

export interface ReservationTable {
  client: string;
  reservation_id: number;
  status: string;
  detail: string | null;
  id_token: string;
  id_token_type: string | null;
  parent_id_token: string | null;
  outlet: number | null;
  expires_at: string;
  created_at: string;
  updated_at: string;
  /** `charging_transaction.id`. */
  used_by: string | null;
  /** The `id` of the ReserveNow whose answer was last taken note of. */
  call_id: string | null;
}

export interface LocalListTable {
  client: string;
  version: number;
  /** JSON list of `LocalListEntry`. */
  entries: string;
  sent_at: string | null;
  reported_version: number | null;
  reported_at: string | null;
}
