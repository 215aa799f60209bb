import type { ChargePoint, Message, RefusedConnection } from '@ocpp-csms/api-client';
import { expect, test } from 'vitest';
import { type Seen, stepsOf } from './doctor.ts';

const states = (seen: Partial<Seen>) =>
  stepsOf({ refused: undefined, chargePoint: undefined, messages: [], ...seen }).map(({ state }) => state);

const connected = {
  registration: 'Accepted',
  bootedAt: null,
  connection: { connected: true, protocol: 'ocpp1.6', remoteAddress: '192.0.2.1' },
} as ChargePoint;
const said = (messageType: string, messageBody: object = {}) =>
  ({ origin: 'client', body: { messageType, messageBody } }) as Message;

test('nothing has come', () => expect(states({})).toEqual(['waiting', 'waiting', 'waiting', 'waiting']));

test('it was refused: it reaches us, and what to do is told', () => {
  const refused = { words: 'Nobody knows it.', whatToDo: 'Adopt it.', remoteAddress: '192.0.2.1' } as RefusedConnection;
  expect(states({ refused })).toEqual(['done', 'failed', 'waiting', 'waiting']);
  expect(stepsOf({ refused, chargePoint: undefined, messages: [] })[1]).toMatchObject({
    seen: 'Nobody knows it.',
    whatToDo: 'Adopt it.',
  });
});

test('it is connected and silent, boots, and talks', () => {
  expect(states({ chargePoint: connected })).toEqual(['done', 'done', 'waiting', 'waiting']);
  const boot = said('BootNotification', { chargePointVendor: 'Acme', chargePointModel: 'X' });
  expect(stepsOf({ refused: undefined, chargePoint: connected, messages: [boot] })[2]).toMatchObject({
    state: 'done',
    seen: 'Acme X',
  });
  expect(states({ chargePoint: connected, messages: [said('Heartbeat'), boot] })).toEqual([
    'done',
    'done',
    'done',
    'done',
  ]);
});

test('an old refusal does not count once it is connected', () => {
  expect(states({ chargePoint: connected, refused: { words: 'x' } as RefusedConnection })[1]).toBe('done');
});

test('it is kept waiting by its registration', () => {
  expect(states({ chargePoint: { ...connected, registration: 'Pending' } })[2]).toBe('failed');
});
