import type { MessageFacts } from '@ocpp-csms/calls';
import type { SessionContext } from '../context.ts';
import { onAnswer } from '../handlers.ts';
import { readTime } from '../times.ts';
import { findReservation, saveReservation, setReservationStatus } from './reservation-store.ts';

/** 1.6 §5.13. What is reserved by a command is known here as well as what is reserved through this service. */
export const reserveNow16 = onAnswer(['ocpp1.6'], 'ReserveNow', async ({ request, outcome, ...facts }, context) => {
  const { reservationId, connectorId, idTag, parentIdTag, expiryDate }: Partial<typeof request> = request;
  if (reservationId === undefined) return;
  const asked = {
    reservationId,
    outlet: connectorId,
    idToken: idTag,
    parentIdToken: parentIdTag,
    expiresAt: expiryDate,
  };
  await note(asked, outcome.ok ? outcome.response.status : outcome.errorCode, facts, context);
});

/** H01. */
export const reserveNow = onAnswer(
  ['ocpp2.0.1', 'ocpp2.1'],
  'ReserveNow',
  async ({ request, outcome, ...facts }, context) => {
    const { id, evseId, idToken, groupIdToken, expiryDateTime }: Partial<typeof request> = request;
    if (id === undefined) return;
    const asked = {
      reservationId: id,
      outlet: evseId,
      idToken: idToken?.idToken,
      type: idToken?.type,
      parentIdToken: groupIdToken?.idToken,
      expiresAt: expiryDateTime,
    };
    await note(asked, outcome.ok ? outcome.response.status : outcome.errorCode, facts, context);
  },
);

interface Asked {
  reservationId: number;
  outlet: number | undefined;
  idToken: string | undefined;
  type?: string | undefined;
  parentIdToken: string | undefined;
  expiresAt: string | undefined;
}

/** `said`: Accepted, Faulted, Occupied, Rejected, Unavailable, or the code of an error. */
async function note(asked: Asked, said: string, facts: MessageFacts, context: SessionContext): Promise<void> {
  const database = await context.begin();
  const { networkId: client, envelope, receivedAt } = facts;
  const { reservationId } = asked;
  const known = await findReservation(database, client, reservationId);
  const callId = envelope.answerTo ?? envelope.id;
  if (known?.call_id === callId) return;
  const at = context.clock.now().toISOString();
  if (said !== 'Accepted' && known !== undefined && known.status !== 'requested') return;
  const status = said === 'Accepted' ? 'accepted' : 'refused';
  const wasSo = known?.status === status;
  // An expiry lies ahead, however far: only what is no time at all is replaced.
  const anyTime = { from: new Date(0), futureMinutes: 60 * 24 * 36_500 };
  await saveReservation(database, {
    client,
    reservation_id: reservationId,
    status,
    detail: status === 'refused' ? said : null,
    id_token: asked.idToken ?? '',
    id_token_type: asked.type ?? null,
    parent_id_token: asked.parentIdToken ?? null,
    outlet: asked.outlet ?? null,
    expires_at: readTime(asked.expiresAt, receivedAt, anyTime).at,
    created_at: known?.created_at ?? at,
    updated_at: at,
    used_by: null,
    call_id: callId,
  });
  if (!wasSo) facts.emit('ReservationChanged', { reservationId, status });
}

/** 1.6 §5.1, H02. TC_052: a rejected one changes nothing. */
export const cancelReservation = onAnswer(
  ['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'],
  'CancelReservation',
  async ({ request, outcome, networkId, emit }, context) => {
    const { reservationId }: Partial<typeof request> = request;
    if (!outcome.ok || outcome.response.status !== 'Accepted' || reservationId === undefined) return;
    const at = context.clock.now().toISOString();
    const change = { status: 'cancelled', at } as const;
    if (await setReservationStatus(await context.begin(), { client: networkId, reservationId }, change)) {
      emit('ReservationChanged', { reservationId, status: 'cancelled' });
    }
  },
);
