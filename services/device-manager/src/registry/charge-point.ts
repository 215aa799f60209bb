import type { AuthRecord, OcppProtocol, RegistrationStatus } from '@ocpp-csms/cache';
import type { ChargePointTable } from '../schema.ts';
import { countingDigests, type StoredDigest } from './credentials.ts';

/** The members of a charge point that an operator sets. */
export interface ChargePointFields {
  name: string;
  serialNumber?: string | null;
  templateId?: string | null;
  plugAndCharge: boolean;
  vendor?: string | null;
  model?: string | null;
  firmwareVersion?: string | null;
  securityProfile: 0 | 1 | 2 | 3;
  enabled: boolean;
  tags: readonly string[];
  registration: RegistrationStatus;
  heartbeatIntervalSeconds?: number | null;
  assumedProtocol?: OcppProtocol | null;
  strict: boolean;
  noPing: boolean;
  maxFrameBytes?: number | null;
}

export const newChargePoint: Omit<ChargePointFields, 'name'> = {
  plugAndCharge: false,
  securityProfile: 1,
  enabled: true,
  tags: [],
  registration: 'Accepted',
  strict: false,
  noPing: false,
};

type FieldColumns = Omit<
  ChargePointTable,
  | 'charge_point_id'
  | 'network_id'
  | 'password_digests'
  | 'revision'
  | 'created_at'
  | 'updated_at'
  | 'last_seen_at'
  | 'last_protocol'
  | 'booted_at'
  | 'reset_at'
>;

/** The columns of the members that are given. */
export function columnsOf(fields: Partial<ChargePointFields>): Partial<FieldColumns> {
  const columns: Record<string, string | number | null> = {};
  for (const [member, value] of Object.entries(fields)) {
    if (value !== undefined) columns[columnNames[member as keyof ChargePointFields]] = columnValue(value);
  }
  return columns;
}

const columnNames: Record<keyof ChargePointFields, keyof FieldColumns> = {
  name: 'name',
  serialNumber: 'serial_number',
  templateId: 'template_id',
  plugAndCharge: 'plug_and_charge',
  vendor: 'vendor',
  model: 'model',
  firmwareVersion: 'firmware_version',
  securityProfile: 'security_profile',
  enabled: 'enabled',
  tags: 'tags',
  registration: 'registration',
  heartbeatIntervalSeconds: 'heartbeat_interval_seconds',
  assumedProtocol: 'assumed_protocol',
  strict: 'strict',
  noPing: 'no_ping',
  maxFrameBytes: 'max_frame_bytes',
};

function columnValue(value: NonNullable<unknown> | null): string | number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' || typeof value === 'number' || value === null) return value;
  return JSON.stringify(value);
}

export function storedDigests(row: Pick<ChargePointTable, 'password_digests'>): StoredDigest[] {
  return JSON.parse(row.password_digests);
}

/** What csms-server is told of a charge point. */
export function authRecordOf(row: ChargePointTable, heartbeatIntervalSeconds: number, now: Date): AuthRecord {
  return {
    networkId: row.network_id,
    chargePointId: row.charge_point_id,
    tenant: 'default',
    enabled: row.enabled === 1,
    securityProfile: row.security_profile as AuthRecord['securityProfile'],
    passwordDigests: countingDigests(storedDigests(row), now),
    registration: row.registration as RegistrationStatus,
    heartbeatIntervalSeconds: row.heartbeat_interval_seconds ?? heartbeatIntervalSeconds,
    ...(row.assumed_protocol === null ? {} : { assumedProtocol: row.assumed_protocol as OcppProtocol }),
    strict: row.strict === 1,
    noPing: row.no_ping === 1,
    ...(row.max_frame_bytes === null ? {} : { maxFrameBytes: row.max_frame_bytes }),
    revision: row.revision,
  };
}
