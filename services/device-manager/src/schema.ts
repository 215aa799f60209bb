/**
 * The tables of this service. Times are ISO 8601 UTC with milliseconds, truth is 0 or 1, lists and objects are JSON
 * text. What belongs to a charge point is kept by its networkId, which never changes, so that a message needs no
 * look-up before it can be stored.
 */
export interface DeviceSchema {
  counter: { name: string; value: number };
  outcome: { envelope_id: string; answer: string; events: string; decided_at: string };
  charge_point: ChargePointTable;
  auth_outbox: { network_id: string; revision: number };
  refused_connection: RefusedConnectionTable;
  boot: BootTable;
  connector: ConnectorTable;
  availability_wish: AvailabilityWishTable;
  configuration: ConfigurationTable;
  network_profile: { network_id: string; slot: number; profile: string; set_at: string };
  command: CommandTable;
  template: { template_id: string; name: string; settings: string; created_at: string; updated_at: string };
  template_job: TemplateJobTable;
  template_write: TemplateWriteTable;
  status_job: StatusJobTable;
  data_transfer: DataTransferTable;
  security_event: SecurityEventTable;
  certificate: CertificateTable;
  charging_profile: ChargingProfileTable;
  system_setting: { name: string; value: string };
}

export interface ChargePointTable {
  charge_point_id: string;
  network_id: string;
  name: string;
  serial_number: string | null;
  template_id: string | null;
  plug_and_charge: number;
  vendor: string | null;
  model: string | null;
  firmware_version: string | null;
  security_profile: number;
  /** JSON list of `StoredDigest`. */
  password_digests: string;
  enabled: number;
  /** JSON list of texts. */
  tags: string;
  registration: string;
  /** null: the setting for all. */
  heartbeat_interval_seconds: number | null;
  assumed_protocol: string | null;
  strict: number;
  no_ping: number;
  max_frame_bytes: number | null;
  /** From a counter that all charge points share: what is newer has a higher one, also after delete and create. */
  revision: number;
  created_at: string;
  updated_at: string;
  last_seen_at: string | null;
  last_protocol: string | null;
  booted_at: string | null;
  /** When a Reset was last accepted and no boot has followed yet. */
  reset_at: string | null;
}

export interface RefusedConnectionTable {
  network_id: string;
  reason: string;
  words: string;
  status: number;
  remote_address: string | null;
  path: string | null;
  /** JSON list of texts. */
  subprotocols: string;
  credentials: string;
  /** JSON list of digests of what was offered; never leaves over REST. */
  password_digests: string;
  count: number;
  first_at: string;
  last_at: string;
}

export interface BootTable {
  /** The `id` of the message. */
  boot_id: string;
  network_id: string;
  at: string;
  protocol: string;
  vendor: string | null;
  model: string | null;
  serial_number: string | null;
  firmware_version: string | null;
  /** 2.x: why it booted, as it says. */
  reason: string | null;
  iccid: string | null;
  imsi: string | null;
  answered: string | null;
  expected: number;
}

export interface ConnectorTable {
  network_id: string;
  /** 0 in 1.6, and for a 2.x charge point as a whole. */
  evse_id: number;
  connector_id: number;
  status: string;
  error_code: string | null;
  info: string | null;
  vendor_id: string | null;
  vendor_error_code: string | null;
  /** When the charge point says it became so, never later than `received_at`. */
  status_at: string;
  received_at: string;
}

export interface AvailabilityWishTable {
  network_id: string;
  evse_id: number;
  connector_id: number;
  operative: number;
  /** `Accepted` or `Scheduled`. */
  answer: string;
  at: string;
}

export interface ConfigurationTable {
  network_id: string;
  /** `variable-name.ts` makes it; the key itself in 1.6. */
  name: string;
  key_name: string | null;
  component: string | null;
  variable: string | null;
  attribute: string;
  value: string | null;
  secret: number;
  read_only: number | null;
  mutability: string | null;
  characteristics: string | null;
  /** `read` from the charge point, or `written` by us and accepted. */
  source: string;
  at: string;
}

export interface CommandTable {
  /** Also the unique id of the CALL on the wire and the `id` of its envelope. */
  command_id: string;
  network_id: string;
  charge_point_id: string;
  action: string;
  protocol: string;
  /** JSON, redacted. */
  payload: string;
  status: string;
  response: string | null;
  error_code: string | null;
  error_description: string | null;
  requested_by: string;
  requested_at: string;
  /** When it went to a node; null: waits for the charge point. */
  handed_at: string | null;
  sent_at: string | null;
  finished_at: string | null;
  not_after: string;
  /** The device-manager that has the command in hand. */
  instance: string;
  idempotency_key: string | null;
  request_hash: string | null;
}

export interface TemplateJobTable {
  network_id: string;
  template_id: string;
  /** The boot that asked for it, or the id of a request. */
  cause_id: string;
  /** `boot` or `demand`. */
  cause: string;
  /** `waiting`, `done` or `failed`. */
  status: string;
  attempts: number;
  /** JSON of `TemplateReport`. */
  report: string | null;
  requested_at: string;
  finished_at: string | null;
  /** The instance that works for this charge point, and until when the others leave it alone. */
  claimed_by: string | null;
  claimed_until: string | null;
}

export interface TemplateWriteTable {
  network_id: string;
  firmware_version: string;
  name: string;
  value: string;
  outcome: string;
  writes: number;
  at: string;
}

export interface StatusJobTable {
  job_id: string;
  network_id: string;
  /** `firmware`, `diagnostics` or `log`. */
  kind: string;
  action: string | null;
  request_id: number | null;
  status: string;
  /** JSON list of `{ status, at, messageId }`, the newest last. */
  history: string;
  /** JSON. */
  detail: string;
  requested_at: string;
  updated_at: string;
  finished_at: string | null;
}

export interface DataTransferTable {
  data_transfer_id: string;
  network_id: string;
  vendor_id: string;
  message_id: string | null;
  data: string | null;
  received_at: string;
}

export interface SecurityEventTable {
  security_event_id: string;
  network_id: string;
  type: string;
  tech_info: string | null;
  /** As the charge point wrote it. */
  occurred_at: string;
  received_at: string;
}

export interface CertificateTable {
  network_id: string;
  /** What tells it from others: its hash data as text, or the command that installed it. */
  certificate_key: string;
  type: string;
  hash_data: string | null;
  /** `reported` by the charge point, or `installed` by us and not reported yet. */
  source: string;
  at: string;
}

export interface ChargingProfileTable {
  network_id: string;
  profile_id: number;
  evse_id: number;
  purpose: string;
  stack_level: number;
  profile: string;
  /** `set` by us and accepted, or `reported` by the charge point. */
  source: string;
  at: string;
}

/** What goes with a charge point when it is deleted. */
export const tablesOfChargePoint = [
  'boot',
  'connector',
  'availability_wish',
  'configuration',
  'network_profile',
  'command',
  'template_job',
  'template_write',
  'status_job',
  'data_transfer',
  'security_event',
  'certificate',
  'charging_profile',
] as const satisfies readonly (keyof DeviceSchema)[];
