import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { testSessions } from './test-support/test-session.ts';

const startTestSession = testSessions();

/** Longer than an index of PostgreSQL takes, and not to be compressed. */
const absurd = randomBytes(4000).toString('hex');
const time = '2026-01-02T02:59:00Z';

// The database must take whatever a charge point sends (field-faults §0.8): a start that can't be stored is never answered.
test('a start and its stop with U+0000, lone surrogates, an id token of 8000 characters and numbers beyond all bounds', async () => {
  const session = await startTestSession();
  for (const idTag of [absurd, 'A\0B', '\ud800', '\ufdd0', '']) {
    const start = { connectorId: 1e25, idTag, meterStart: 1e300, timestamp: time, reservationId: -1e25 };
    const { transactionId } = await session.call('StartTransaction', start);
    expect(await session.call('StartTransaction', start)).toMatchObject({ transactionId });
    const stop = { transactionId, idTag, meterStop: 1e300, timestamp: `${time} ${absurd}`, reason: 'A\0B' };
    await session.call('StopTransaction', stop);
    const { body } = await session.rest<{ items: { idToken: string }[] }>('GET', '/transactions?limit=1');
    expect(body.items[0]?.idToken).toBe(idTag.toWellFormed());
  }
  await session.call('StopTransaction', { transactionId: 1e20, idTag: absurd, meterStop: -1e20, timestamp: absurd });
  await session.call('Authorize', { idTag: absurd });
  await session.tell('MeterValues', {
    connectorId: 1e25,
    transactionId: 1e25,
    meterValue: [{ timestamp: absurd, sampledValue: [{ value: 'A\0B' }] }],
  });
  expect(await session.bus.parked.count()).toBe(0);
});

test('a 2.x transaction with an absurd id, sequence numbers beyond all bounds and odd texts', async () => {
  const session = await startTestSession();
  for (const transactionId of [absurd, 'A\0B', '\ud800']) {
    const event = {
      timestamp: absurd,
      triggerReason: 'A\0B',
      transactionInfo: { transactionId, chargingState: '\0', remoteStartId: 1e25 },
      evse: { id: 1e25, connectorId: 1e25 },
      idToken: { idToken: absurd, type: '\0' },
      reservationId: 1e25,
    };
    for (const seqNo of [0, 1e25, 1.5]) {
      const eventType = seqNo === 0 ? 'Started' : 'Updated';
      await session.call('TransactionEvent', { ...event, eventType, seqNo }, { version: 'ocpp2.0.1' });
    }
  }
  const { body } = await session.rest<{ items: object[] }>('GET', '/transactions');
  expect(body.items.length).toBe(3);
  expect(await session.bus.parked.count()).toBe(0);
});
