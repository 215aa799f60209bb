import type { Envelope } from '@ocpp-csms/bus';
import { expect, test } from 'vitest';
import { at, message } from '../test-support/envelopes.ts';
import { startSystem } from '../test-support/system.ts';
import type { MomentInLog } from './look-back.ts';

/** A CALL of CP001 so many seconds after the beginning, answered at once. */
function said(second: number, messageType: string, messageBody: unknown, answer: unknown = {}): Envelope {
  const messageTime = at(second * 1000);
  return message({
    messageTime,
    body: { messageType, messageBody },
    answer: { direction: 3, messageTime, messageBody: answer },
  });
}

async function momentAt(envelopes: Envelope[], second: number): Promise<MomentInLog> {
  const system = await startSystem();
  await system.say(...envelopes);
  const { status, body } = await system.get<MomentInLog>(`/charge-points/CP001/moment?at=${at(second * 1000)}`);
  expect(status).toBe(200);
  return body;
}

const status = (second: number, connectorId: number, is: string, errorCode = 'NoError') =>
  said(second, 'StatusNotification', { connectorId, status: is, errorCode });

test('1.6: the connectors, the transaction, the boot and the heartbeat as they were, and nothing that came later', async () => {
  const boot = said(
    0,
    'BootNotification',
    { chargePointVendor: 'Acme', chargePointModel: 'One' },
    { status: 'Accepted' },
  );
  const charging = status(20, 1, 'Charging');
  const start = (second: number, connectorId: number, transactionId: number) =>
    said(second, 'StartTransaction', { connectorId, idTag: 'TAG' }, { transactionId });
  const started = start(19, 1, 7);
  const moment = await momentAt(
    [
      boot,
      status(1, 1, 'Available'),
      status(2, 2, 'Faulted', 'GroundFailure'),
      start(3, 1, 5),
      start(4, 2, 6),
      said(5, 'StopTransaction', { transactionId: 6 }),
      said(10, 'Heartbeat', {}),
      started,
      charging,
      status(25, 1, 'Charging'),
      said(31, 'StopTransaction', { transactionId: 7 }),
      status(32, 1, 'Available'),
      message({ client: 'CP002', messageTime: at(29_000) }),
    ],
    30,
  );
  expect(moment).toEqual({
    lastHeardAt: at(25_000),
    lastHeartbeatAt: at(10_000),
    lastBoot: { at: at(0), messageId: boot.id, vendor: 'Acme', model: 'One', registration: 'Accepted' },
    connectors: [
      { connectorId: 1, status: 'Charging', since: at(20_000), messageId: expect.any(String) },
      { connectorId: 2, status: 'Faulted', errorCode: 'GroundFailure', since: at(2000), messageId: expect.any(String) },
    ],
    // 5 was never stopped, but its connector has had another one since.
    transactions: [
      { transactionId: '7', connectorId: 1, idToken: 'TAG', startedAt: at(19_000), messageId: started.id },
    ],
  });
});

test('2.x: TransactionEvent and AvailabilityState count as well, and what is not readable is left out', async () => {
  const event = (second: number, eventType: string, transactionId: string, chargingState?: string) =>
    said(second, 'TransactionEvent', {
      eventType,
      transactionInfo: { transactionId, chargingState },
      evse: { id: 1, connectorId: 1 },
    });
  const connector = { name: 'Connector', evse: { id: 2, connectorId: 1 } };
  const moment = await momentAt(
    [
      said(1, 'StatusNotification', { evseId: 1, connectorId: 1, connectorStatus: 'Occupied' }),
      said(2, 'NotifyEvent', {
        eventData: [{ component: connector, variable: { name: 'AvailabilityState' }, actualValue: 'Available' }, null],
      }),
      said(3, 'StatusNotification', ['nonsense']),
      event(4, 'Started', 'a'),
      event(5, 'Ended', 'a'),
      event(6, 'Started', 'b', 'EVConnected'),
      event(7, 'Updated', 'b', 'Charging'),
      event(9, 'Ended', 'b'),
    ],
    8,
  );
  expect(moment.connectors).toMatchObject([
    { evseId: 1, connectorId: 1, status: 'Occupied' },
    { evseId: 2, connectorId: 1, status: 'Available' },
  ]);
  expect(moment.transactions).toMatchObject([
    { transactionId: 'b', evseId: 1, chargingState: 'Charging', startedAt: at(6000) },
  ]);
});

test('it says how far it looked where there was too much', async () => {
  const many = Array.from({ length: 510 }, (_, n) => status(n, 1, n % 2 === 0 ? 'Preparing' : 'Available'));
  const moment = await momentAt(many, 1000);
  expect(moment).toMatchObject({ connectors: [{ status: 'Available', since: at(509_000) }], lookedBackTo: at(10_000) });
});

test('of a charge point that had not spoken yet, nothing is known', async () => {
  const system = await startSystem();
  await system.say(status(10, 1, 'Available'));
  const { status: code, body } = await system.get(`/charge-points/CP001/moment?at=${at(9000)}`);
  expect({ code, body }).toMatchObject({ code: 404, body: { detail: expect.stringContaining('CP001') } });
});
