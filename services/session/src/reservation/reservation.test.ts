import { describe, expect, test } from 'vitest';
import { type TestSession, testSessions } from '../test-support/test-session.ts';

const startTestSession = testSessions();

interface ReservationBody {
  id: string;
  reservationId: number;
  status: string;
  detail?: string;
  usedBy?: string;
}

const wish = {
  chargePointId: 'CP001',
  connectorId: 1,
  idToken: 'TAG1',
  parentIdToken: 'FLEET',
  expiresAt: '2026-01-02T04:00:00Z',
};

async function prepare(version: 'ocpp1.6' | 'ocpp2.0.1' = 'ocpp1.6'): Promise<TestSession> {
  const session = await startTestSession({ version });
  await session.tell('BootNotification', {});
  return session;
}

const reserve = (session: TestSession, more: object = {}) =>
  session.rest<ReservationBody>('POST', '/reservations', { ...wish, ...more });
const one = async (session: TestSession, id: string | number) =>
  (await session.rest<ReservationBody>('GET', `/reservations/${id}`)).body;

describe('reservations', () => {
  test('TC_046, TC_053: reserved, then used by the transaction that names it', async () => {
    const session = await prepare();
    session.onCommand(() => ({ response: { status: 'Accepted' } }));
    const { status, body } = await reserve(session);
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'accepted', reservationId: 1 });
    expect(session.commands[0]).toMatchObject({
      chargePoint: 'CP001',
      action: 'ReserveNow',
      payload: {
        connectorId: 1,
        expiryDate: '2026-01-02T04:00:00.000Z',
        idTag: 'TAG1',
        parentIdTag: 'FLEET',
        reservationId: 1,
      },
    });
    const start = { connectorId: 1, idTag: 'TAG1', meterStart: 0, timestamp: '2026-01-02T02:00:00Z', reservationId: 1 };
    await session.call('StartTransaction', { ...start, reservationId: 1 }, { client: 'CP-OTHER' });
    expect((await one(session, 1)).status).toBe('accepted');
    await session.call('StartTransaction', start);
    expect(await one(session, 1)).toMatchObject({ status: 'used', usedBy: expect.any(String) });
    expect(session.events.filter(({ event }) => event === 'ReservationChanged').map(({ data }) => data.status)).toEqual(
      ['accepted', 'used'],
    );
  });

  test.each(['Faulted', 'Occupied', 'Unavailable', 'Rejected'])('TC_048: %s is not accepted', async (said) => {
    const session = await prepare();
    session.onCommand(() => ({ response: { status: said } }));
    expect((await reserve(session)).body).toMatchObject({ status: 'refused', detail: said });
  });

  test('a reservation that is made while somebody turns the pages shows none twice', async () => {
    const session = await prepare();
    session.onCommand(() => ({ response: { status: 'Accepted' } }));
    for (let n = 0; n < 3; n++) await reserve(session);
    type Page = { items: ReservationBody[]; nextCursor?: string };
    const { body: first } = await session.rest<Page>('GET', '/reservations?limit=2');
    session.setTime('2026-01-02T03:00:01.000Z');
    await reserve(session);
    const { body: second } = await session.rest<Page>('GET', `/reservations?limit=2&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ reservationId }) => reservationId)).toEqual([3, 2, 1]);
    expect(second.nextCursor).toBeUndefined();
  });

  test('a charge point that is offline: 409, refused; without an answer: 504, requested', async () => {
    const session = await prepare();
    session.onCommand(() => ({
      status: 'rejected',
      error: { code: 'Offline', description: 'CP001 is not connected' },
    }));
    expect((await reserve(session)).status).toBe(409);
    session.onCommand(() => ({ status: 'timed-out' }));
    expect((await reserve(session)).status).toBe(504);
    expect((await one(session, 1)).status).toBe('refused');
    expect((await one(session, 2)).status).toBe('requested');
  });

  test('TC_051, TC_052: cancelled when the charge point cancels it, else unchanged', async () => {
    const session = await prepare();
    session.onCommand(() => ({ response: { status: 'Accepted' } }));
    const { id } = (await reserve(session)).body;
    session.onCommand(() => ({ response: { status: 'Rejected' } }));
    expect((await session.rest('DELETE', `/reservations/${id}`)).status).toBe(409);
    expect((await one(session, id)).status).toBe('accepted');
    session.onCommand(() => ({ response: { status: 'Accepted' } }));
    expect((await session.rest<ReservationBody>('DELETE', `/reservations/${id}`)).body.status).toBe('cancelled');
    expect((await session.rest('DELETE', '/reservations/99')).status).toBe(404);
  });

  test('a reservation made by a command is known, and its answer delivered again does not revive it', async () => {
    const session = await prepare();
    const request = { connectorId: 0, expiryDate: '2026-01-02T04:00:00Z', idTag: 'TAG1', reservationId: 500 };
    const answer = await session.answered('ReserveNow', request, { status: 'Accepted' });
    expect(await one(session, 'CP001:500')).toMatchObject({
      status: 'accepted',
      idToken: 'TAG1',
      expiresAt: '2026-01-02T04:00:00.000Z',
    });
    await session.answered('CancelReservation', { reservationId: 500 }, { status: 'Accepted' });
    await session.publish(answer);
    expect((await one(session, 500)).status).toBe('cancelled');
  });

  test('TC_H_07, TC_H_20: 2.x says when it expired or was removed', async () => {
    const session = await prepare('ocpp2.0.1');
    session.onCommand(() => ({ response: { status: 'Accepted' } }));
    const { body } = await reserve(session, { connectorId: undefined, evseId: 1 });
    expect(session.commands[0]?.payload).toEqual({
      id: 1,
      expiryDateTime: '2026-01-02T04:00:00.000Z',
      evseId: 1,
      idToken: { idToken: 'TAG1', type: 'ISO14443' },
      groupIdToken: { idToken: 'FLEET', type: 'Central' },
    });
    await session.tell(
      'ReservationStatusUpdate',
      { reservationId: body.reservationId, reservationUpdateStatus: 'Expired' },
      { client: 'CP-B' },
    );
    expect((await one(session, 1)).status).toBe('accepted');
    await session.tell('ReservationStatusUpdate', { reservationId: 1, reservationUpdateStatus: 'Removed' });
    expect((await one(session, 1)).status).toBe('removed');
  });

  test('a charge point that never booted here: it is not known which version it speaks', async () => {
    const session = await startTestSession();
    expect((await reserve(session)).status).toBe(409);
    expect(session.commands).toEqual([]);
  });
});
