import type { ConnectionEntry } from '@ocpp-csms/cache';
import { type Static, Type } from '@ocpp-csms/http';
import type { ChargePointTable, ConnectorTable } from '../schema.ts';

const nullableText = Type.Union([Type.String(), Type.Null()]);
const nullableInteger = Type.Union([Type.Integer(), Type.Null()]);
export const registrationStatus = Type.Enum(['Accepted', 'Pending', 'Rejected'], {
  description: 'What a BootNotification is answered with.',
});
export const ocppVersion = Type.Enum(['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1']);

export const connectionView = Type.Object({
  connected: Type.Boolean(),
  protocol: Type.Optional(ocppVersion),
  since: Type.Optional(Type.String()),
  remoteAddress: Type.Optional(Type.String()),
  lastSeenAt: Type.Union([Type.String(), Type.Null()], {
    description: 'The last sign of life that is known. While it is connected, pings prove it alive each minute.',
  }),
  lastProtocol: nullableText,
});

export const chargePointView = Type.Object(
  {
    chargePointId: Type.String({ description: 'Ours, and never reused.' }),
    networkId: Type.String({ description: 'Its OCPP identity: the last step of its URL.' }),
    name: Type.String(),
    serialNumber: nullableText,
    templateId: nullableText,
    plugAndCharge: Type.Boolean(),
    vendor: nullableText,
    model: nullableText,
    firmwareVersion: nullableText,
    securityProfile: Type.Integer(),
    hasPassword: Type.Boolean(),
    enabled: Type.Boolean(),
    tags: Type.Array(Type.String()),
    registration: registrationStatus,
    heartbeatIntervalSeconds: nullableInteger,
    assumedProtocol: Type.Union([ocppVersion, Type.Null()]),
    strict: Type.Boolean(),
    noPing: Type.Boolean(),
    maxFrameBytes: nullableInteger,
    createdAt: Type.String(),
    updatedAt: Type.String(),
    bootedAt: nullableText,
    connection: connectionView,
    connectors: Type.Array(
      Type.Object({ evseId: Type.Optional(Type.Integer()), connectorId: Type.Integer(), status: Type.String() }),
      {
        description: 'In short; more at …/connectors.',
      },
    ),
  },
  { title: 'ChargePoint' },
);
export type ChargePointView = Static<typeof chargePointView>;

export interface ViewFacts {
  connection: ConnectionEntry | undefined;
  lastSeenAt: string | null;
  connectors: readonly ConnectorTable[];
}

export function viewOf(row: ChargePointTable, { connection, lastSeenAt, connectors }: ViewFacts): ChargePointView {
  return {
    chargePointId: row.charge_point_id,
    networkId: row.network_id,
    name: row.name,
    serialNumber: row.serial_number,
    templateId: row.template_id,
    plugAndCharge: row.plug_and_charge === 1,
    vendor: row.vendor,
    model: row.model,
    firmwareVersion: row.firmware_version,
    securityProfile: row.security_profile,
    hasPassword: row.password_digests !== '[]',
    enabled: row.enabled === 1,
    tags: JSON.parse(row.tags),
    registration: row.registration as ChargePointView['registration'],
    heartbeatIntervalSeconds: row.heartbeat_interval_seconds,
    assumedProtocol: row.assumed_protocol as ChargePointView['assumedProtocol'],
    strict: row.strict === 1,
    noPing: row.no_ping === 1,
    maxFrameBytes: row.max_frame_bytes,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    bootedAt: row.booted_at,
    connection: {
      connected: connection !== undefined,
      ...(connection === undefined ? {} : shownConnection(connection)),
      lastSeenAt,
      lastProtocol: row.last_protocol,
    },
    connectors: connectors
      .filter(({ evse_id, connector_id }) => evse_id > 0 || connector_id > 0)
      .map(({ evse_id, connector_id, status }) => ({
        ...(evse_id > 0 ? { evseId: evse_id } : {}),
        connectorId: connector_id,
        status,
      })),
  };
}

function shownConnection({ protocol, since, remoteAddress }: ConnectionEntry) {
  return { protocol, since, ...(remoteAddress === undefined ? {} : { remoteAddress }) };
}
