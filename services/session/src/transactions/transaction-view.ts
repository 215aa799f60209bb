import { type Static, Type } from '@ocpp-csms/http';
import { flagWords, inWords, parseFlags } from '../flags.ts';
import { summariseRegister } from '../meter-values/register-summary.ts';
import type { SessionDatabase, TransactionTable } from '../schema.ts';
import { energyOf } from './energy.ts';

export const flagSchema = Type.Object(
  {
    code: Type.String({ description: `One of ${Object.keys(flagWords).join(', ')}.` }),
    words: Type.String(),
  },
  { title: 'Flag' },
);

const remoteStartSchema = Type.Object({
  messageId: Type.String({ description: 'OCPP message id of the command.' }),
  callId: Type.String({ description: 'Its `id` in the message log.' }),
  requestedAt: Type.String(),
  remoteStartId: Type.Optional(Type.Integer()),
});

export const transactionProperties = {
  id: Type.String({ description: 'Ours, stable.' }),
  transactionId: Type.String({
    description:
      'OCPP’s: a number in 1.6, text of the charge point in 2.x, where it is unique for one charge point only.',
  }),
  networkId: Type.String(),
  protocol: Type.String(),
  active: Type.Boolean(),
  connectorId: Type.Optional(Type.Integer()),
  evseId: Type.Optional(Type.Integer()),
  idToken: Type.Optional(Type.String({ description: 'Who began it, and pays.' })),
  idTokenType: Type.Optional(Type.String()),
  parentIdToken: Type.Optional(Type.String()),
  authorizationStatus: Type.Optional(Type.String({ description: 'What the charge point was told of the token.' })),
  startedAt: Type.String(),
  startedAtRaw: Type.Optional(Type.String({ description: 'As the charge point wrote it.' })),
  startReceivedAt: Type.String(),
  stoppedAt: Type.Optional(Type.String()),
  stoppedAtRaw: Type.Optional(Type.String()),
  stopReceivedAt: Type.Optional(Type.String()),
  meterStartWh: Type.Optional(Type.Number()),
  meterStopWh: Type.Optional(Type.Number()),
  energyWh: Type.Union([Type.Number(), Type.Null()], {
    description: 'So far, while it is active. null: not known, or disputed. Never negative.',
  }),
  disputed: Type.Boolean({ description: 'The readings contradict each other: see the flags before billing it.' }),
  reason: Type.Optional(Type.String({ description: 'Why it ended, in the words of OCPP.' })),
  stopIdToken: Type.Optional(Type.String({ description: 'The token that it was ended with.' })),
  chargingState: Type.Optional(Type.String()),
  offline: Type.Boolean(),
  reservationId: Type.Optional(Type.Integer()),
  remoteStart: Type.Optional(remoteStartSchema),
  stopRequestedAt: Type.Optional(Type.String({ description: 'When the charge point accepted a remote stop.' })),
  flags: Type.Array(flagSchema),
};

export const transactionSchema = Type.Object(transactionProperties, { title: 'Transaction' });
export type TransactionView = Static<typeof transactionSchema>;

/** While the end is not known, the energy is what the samples say. */
export async function viewOf(database: SessionDatabase, row: TransactionTable): Promise<TransactionView> {
  const energyWh = row.stopped_at === null ? await energySoFar(database, row) : row.energy_wh;
  return withoutNulls({
    id: row.id,
    transactionId: row.transaction_id,
    networkId: row.client,
    protocol: row.protocol,
    active: row.active === 1,
    connectorId: row.connector_id,
    evseId: row.evse_id,
    idToken: row.id_token,
    idTokenType: row.id_token_type,
    parentIdToken: row.parent_id_token,
    authorizationStatus: row.authorization_status,
    startedAt: row.started_at,
    startedAtRaw: row.started_at_raw,
    startReceivedAt: row.start_received_at,
    stoppedAt: row.stopped_at,
    stoppedAtRaw: row.stopped_at_raw,
    stopReceivedAt: row.stop_received_at,
    meterStartWh: row.meter_start_wh,
    meterStopWh: row.meter_stop_wh,
    energyWh,
    disputed: row.disputed === 1,
    reason: row.reason,
    stopIdToken: row.stop_id_token,
    chargingState: row.charging_state,
    offline: row.offline === 1,
    reservationId: row.reservation_id,
    remoteStart: row.remote_start === null ? null : (JSON.parse(row.remote_start) as TransactionView['remoteStart']),
    stopRequestedAt: row.stop_requested_at,
    flags: inWords(parseFlags(row.flags)),
  });
}

async function energySoFar(database: SessionDatabase, row: TransactionTable): Promise<number | null> {
  const samples = await summariseRegister(database, { client: row.client, transactionRef: row.transaction_id });
  const { meter_start_wh: meterStartWh, started_at: startedAt, updated_at: stoppedAt } = row;
  const { energyWh } = energyOf({ meterStartWh, meterStopWh: null, samples, startedAt, stoppedAt });
  return energyWh;
}

type Members = { [Key in keyof Required<TransactionView>]: TransactionView[Key] | null };

/** What is not known is left out; an energy that is not known is said to be. */
function withoutNulls(members: Members): TransactionView {
  const known = Object.entries(members).filter(([name, value]) => value !== null || name === 'energyWh');
  return Object.fromEntries(known) as TransactionView;
}
