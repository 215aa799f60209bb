import { expect, test } from 'vitest';
import { stateOf, statusesOf } from './connector-state.ts';

test.each([
  ['Available', { connected: true }, 'available'],
  ['SuspendedEVSE', { connected: true }, 'suspended'],
  ['Charging', { connected: false }, 'offline'],
  ['Occupied', { connected: true }, 'occupied'],
  ['Occupied', { connected: true, chargingState: 'Charging' }, 'charging'],
  ['Occupied', { connected: true, chargingState: 'EVConnected' }, 'preparing'],
  ['Sleeping', { connected: true }, 'unknown'],
  ['constructor', { connected: true }, 'unknown'],
])('%s, %j is %s', (status, facts, state) => {
  expect(stateOf({ status }, facts)).toBe(state);
});

test('a state is filtered by all of its statuses', () => {
  expect(statusesOf('suspended')).toEqual(['SuspendedEV', 'SuspendedEVSE']);
});
