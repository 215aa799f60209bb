import { type CallChargePoint, type CommandResult, callChargePointOver } from '@ocpp-csms/calls';
import { Problem } from '@ocpp-csms/http';
import type { ApiContext } from '../api-context.ts';
import { callOrProblem, statusIn } from '../call-or-problem.ts';
import { resolveChargePoint } from '../resolve-charge-point.ts';
import type { ReservationTable } from '../schema.ts';
import { spokenVersion } from '../spoken-version.ts';
import { nextInSequence } from '../storage/sequence.ts';
import { findReservation, type ReservationStatus, saveReservation, setReservationStatus } from './reservation-store.ts';

export interface ReservationWish {
  chargePoint: string;
  /** 1.6 connectorId (0: any), 2.x evseId. */
  outlet?: number;
  connectorType?: string;
  idToken: string;
  idTokenType?: string;
  parentIdToken?: string;
  /** ISO 8601 UTC. */
  expiresAt: string;
}

/** Sends ReserveNow and keeps what the charge point said. Throws a `Problem` when it could not be asked. */
export async function makeReservation(
  wish: ReservationWish,
  requestedBy: string,
  context: ApiContext,
): Promise<ReservationTable> {
  const { database, bus, clock } = context;
  const chargePoint = await resolveChargePoint(bus, wish.chargePoint);
  const version = await spokenVersion(database.read, chargePoint);
  const client = chargePoint.networkId;
  const reservationId = await database.write(async (transaction) => {
    const id = await nextInSequence(transaction, 'reservation-id');
    await saveReservation(transaction, rowOf(client, id, wish, clock.now().toISOString()));
    return id;
  });
  const payload = version === 'ocpp1.6' ? payload16(reservationId, wish) : payload2x(reservationId, wish);
  const call = { chargePoint: client, action: 'ReserveNow', payload, requestedBy };
  try {
    const { response } = await callOrProblem(callChargePointOver(bus), call);
    const said = statusIn(response);
    await settle({ client, reservationId }, said === 'Accepted' ? 'accepted' : 'refused', said, context);
  } catch (error) {
    // Without an answer it may be reserved: it stays requested until it expires.
    if (error instanceof Problem && error.status !== 504)
      await settle({ client, reservationId }, 'refused', error.detail, context);
    throw error;
  }
  return (await findReservation(database.read, client, reservationId)) ?? rowOf(client, reservationId, wish, '');
}

/** Sends CancelReservation. Throws a 409 `Problem` when the charge point does not cancel. */
export async function cancelReservation(
  row: ReservationTable,
  requestedBy: string,
  context: ApiContext,
): Promise<CommandResult> {
  const { client } = row;
  const reservationId = Number(row.reservation_id);
  const callChargePoint: CallChargePoint = callChargePointOver(context.bus);
  const call = { chargePoint: client, action: 'CancelReservation', payload: { reservationId }, requestedBy };
  const result = await callOrProblem(callChargePoint, call);
  if (statusIn(result.response) !== 'Accepted') {
    throw new Problem(409, 'cancellation-rejected', 'The charge point does not cancel this reservation.', {
      commandId: result.commandId,
    });
  }
  await settle({ client, reservationId }, 'cancelled', undefined, context);
  return result;
}

async function settle(
  which: { client: string; reservationId: number },
  status: ReservationStatus,
  detail: string | undefined,
  { database, bus, clock, newId, node }: ApiContext,
): Promise<void> {
  const at = clock.now().toISOString();
  const change = { status, detail: status === 'refused' ? detail : undefined, at };
  if (!(await database.write((transaction) => setReservationStatus(transaction, which, change)))) return;
  const { client, reservationId } = which;
  const event = { id: newId(), serverNode: node, client, messageTime: at, event: 'ReservationChanged' };
  await bus.publish('Events', { ...event, data: { reservationId, status } });
}

function payload16(reservationId: number, { outlet = 0, idToken, parentIdToken, expiresAt }: ReservationWish) {
  return {
    connectorId: outlet,
    expiryDate: expiresAt,
    idTag: idToken,
    ...(parentIdToken === undefined ? {} : { parentIdTag: parentIdToken }),
    reservationId,
  };
}

function payload2x(
  id: number,
  { outlet, connectorType, idToken, idTokenType = 'ISO14443', parentIdToken, expiresAt }: ReservationWish,
) {
  return {
    id,
    expiryDateTime: expiresAt,
    ...(outlet === undefined ? {} : { evseId: outlet }),
    ...(connectorType === undefined ? {} : { connectorType }),
    idToken: { idToken, type: idTokenType },
    ...(parentIdToken === undefined ? {} : { groupIdToken: { idToken: parentIdToken, type: 'Central' } }),
  };
}

function rowOf(client: string, reservationId: number, wish: ReservationWish, at: string): ReservationTable {
  return {
    client,
    reservation_id: reservationId,
    status: 'requested',
    detail: null,
    id_token: wish.idToken,
    id_token_type: wish.idTokenType ?? null,
    parent_id_token: wish.parentIdToken ?? null,
    outlet: wish.outlet ?? null,
    expires_at: wish.expiresAt,
    created_at: at,
    updated_at: at,
    used_by: null,
    call_id: null,
  };
}
