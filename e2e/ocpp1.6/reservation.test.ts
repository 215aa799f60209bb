import { expect, test } from 'vitest';
import { authorize, boot, report, startTransaction } from '../src/charge-1.6.ts';
import { commandIsAnswered, inMinutes, newChargePoint, newToken, onlyTransaction } from '../src/scenes.ts';
import { shareCsms } from '../src/share-csms.ts';

const csms = shareCsms();

async function booted() {
  const chargePoint = await newChargePoint(csms);
  await boot(chargePoint);
  return chargePoint;
}

let lastReservationId = 1000;

async function reservationFor(
  idTag: string,
  more: { expiryDate?: string; connectorId?: number; parentIdTag?: string } = {},
) {
  return { connectorId: 1, expiryDate: inMinutes(30), idTag, reservationId: ++lastReservationId, ...more };
}

interface Reservation {
  reservationId: number;
  status: string;
}

async function reservationStatus(
  { networkId }: { networkId: string },
  reservationId: number,
): Promise<string | undefined> {
  const { items } = await csms.api.get<{ items: Reservation[] }>(
    `/session/reservations?chargePointId=${networkId}&limit=100`,
  );
  return items.find((reservation) => reservation.reservationId === reservationId)?.status;
}

test('TC_046_CSMS: ReserveNow, and the session that follows', async () => {
  const chargePoint = await booted();
  const idTag = await newToken(csms);
  const reservation = await reservationFor(idTag);
  await commandIsAnswered(csms, chargePoint, 'ReserveNow', reservation, { status: 'Accepted' });
  await report(chargePoint, 'Reserved');
  expect(await authorize(chargePoint, idTag)).toBe('Accepted');
  const { reservationId } = reservation;
  expect((await startTransaction(chargePoint, idTag, { reservationId })).status).toBe('Accepted');
  expect(await onlyTransaction(csms, chargePoint)).toMatchObject({ active: true, reservationId });
  await expect.poll(() => reservationStatus(chargePoint, reservationId)).toBe('used');
});

test('TC_047_CSMS: a reservation that expires is shown as expired', async () => {
  const chargePoint = await booted();
  const reservation = await reservationFor(await newToken(csms), {
    expiryDate: new Date(Date.now() + 1500).toISOString(),
  });
  await commandIsAnswered(csms, chargePoint, 'ReserveNow', reservation, { status: 'Accepted' });
  await report(chargePoint, 'Reserved');
  await expect.poll(() => reservationStatus(chargePoint, reservation.reservationId), { timeout: 5000 }).toBe('expired');
  await report(chargePoint, 'Available');
});

test.each([
  ['TC_048_1_CSMS', 'Faulted'],
  ['TC_048_2_CSMS', 'Occupied'],
  ['TC_048_4_CSMS', 'Rejected'],
] as const)('%s: ReserveNow answered %s is not a reservation', async (_case, status) => {
  const chargePoint = await booted();
  const reservation = await reservationFor(await newToken(csms));
  await commandIsAnswered(csms, chargePoint, 'ReserveNow', reservation, { status });
  expect(['active', 'accepted', 'used']).not.toContain(await reservationStatus(chargePoint, reservation.reservationId));
});

test('TC_048_3_CSMS: ReserveNow of an inoperative connector, answered Unavailable', async () => {
  const chargePoint = await booted();
  await commandIsAnswered(
    csms,
    chargePoint,
    'ChangeAvailability',
    { connectorId: 1, type: 'Inoperative' },
    { status: 'Accepted' },
  );
  await report(chargePoint, 'Unavailable');
  await commandIsAnswered(csms, chargePoint, 'ReserveNow', await reservationFor(await newToken(csms)), {
    status: 'Unavailable',
  });
});

test('TC_049_CSMS: ReserveNow with connector 0 is sent', async () => {
  const reservation = await reservationFor(await newToken(csms), { connectorId: 0 });
  await commandIsAnswered(csms, await booted(), 'ReserveNow', reservation, { status: 'Accepted' });
});

test('TC_051_CSMS: CancelReservation: the reservation is shown as cancelled', async () => {
  const chargePoint = await booted();
  const reservation = await reservationFor(await newToken(csms));
  const { reservationId } = reservation;
  await commandIsAnswered(csms, chargePoint, 'ReserveNow', reservation, { status: 'Accepted' });
  await report(chargePoint, 'Reserved');
  await commandIsAnswered(csms, chargePoint, 'CancelReservation', { reservationId }, { status: 'Accepted' });
  await report(chargePoint, 'Available');
  await expect.poll(() => reservationStatus(chargePoint, reservationId)).toBe('cancelled');
});

test('TC_052_CSMS: CancelReservation of an unknown one is sent, Rejected is shown', async () => {
  await commandIsAnswered(csms, await booted(), 'CancelReservation', { reservationId: 424242 }, { status: 'Rejected' });
});

test('TC_053_CSMS: a sibling of the reserved tag is Accepted with the same parentIdTag', async () => {
  const chargePoint = await booted();
  const parentIdTag = await newToken(csms);
  const [reserved, sibling] = [
    await newToken(csms, { parentIdToken: parentIdTag }),
    await newToken(csms, { parentIdToken: parentIdTag }),
  ];
  await commandIsAnswered(csms, chargePoint, 'ReserveNow', await reservationFor(reserved, { parentIdTag }), {
    status: 'Accepted',
  });
  await report(chargePoint, 'Reserved');
  const { idTagInfo } = await chargePoint.call('Authorize', { idTag: sibling });
  expect(idTagInfo).toMatchObject({ status: 'Accepted', parentIdTag });
});
